// The engine that is always there: flite and eSpeak NG, converted to the enrolled voice. Offline,
// without a key, on one core some 15 times faster than real time.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "voice/conversion.h"
#include "voice/voice_engine.h"

namespace anima::voice {

// Who speaks which language for a voice: "English: flite slt; Chinese and other languages: eSpeak NG
// in this voice's timbre".
std::string speakers_of(const VoiceProfile& profile);

struct EmbeddedEngineOptions {
  // Where statistics of the source speakers are kept (made once per machine); empty: in memory.
  std::filesystem::path cache_folder;
  ConversionOptions conversion;
};

// Voices are read from `Voice::profile`; without one, the source speaker speaks unconverted.
// Pieces are of 0.2 s at 24 kHz; the first one carries the word and phoneme times of the whole
// request. Each request is one breath group: begins and ends without silence. Thread-safe.
class EmbeddedEngine : public VoiceEngine {
 public:
  explicit EmbeddedEngine(EmbeddedEngineOptions options = {});

  std::string name() const override { return "embedded"; }
  EngineCapabilities capabilities() const override;
  EngineReadiness readiness() const override;
  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override;

  // Loads models, voice and source statistics, so that the first sentence does not wait for them.
  void prepare(const Voice& voice, const std::string& language, const WorkContext& context);

 private:
  struct Prepared {
    std::shared_ptr<const SourceSpeaker> speaker;
    std::shared_ptr<const VoiceConversion> conversion;  // null: unconverted
    float native_gain = 1;                              // of an unconverted speaker
  };
  Prepared prepared(const Voice& voice, const std::string& language, const WorkContext& context);
  SourceStatistics statistics(const SourceSpeaker& speaker, const std::string& language,
                              const WorkContext& context);

  EmbeddedEngineOptions options_;
  std::mutex mutex_;
  std::shared_ptr<const audio::SenoneScorer> scorer_;
  std::map<std::string, std::shared_ptr<const SourceSpeaker>> speakers_;
  std::map<std::string, SourceStatistics> statistics_;
  std::set<std::string> known_languages_;  // that eSpeak NG has a voice for
  struct LoadedProfile {
    std::filesystem::file_time_type written;
    std::shared_ptr<const VoiceProfile> profile;
  };
  std::map<std::filesystem::path, LoadedProfile> profiles_;
  std::map<std::pair<const VoiceProfile*, std::string>, std::shared_ptr<const VoiceConversion>> conversions_;
};

}  // namespace anima::voice
