// The speakers whose speech is converted to the enrolled voice: flite and eSpeak NG.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/sound.h"
#include "text/spoken_text.h"
#include "voice/voice_engine.h"

namespace anima::voice {

// A speaker's word, by its place among the words that were asked for.
struct SourceWord {
  int index = 0;
  double start_s = 0;
  double end_s = 0;
};

struct SourceSpeech {
  Sound sound;
  std::vector<PhonemeTiming> phonemes;  // empty where the speaker gives no times
  std::vector<SourceWord> words;        // likewise
};

// How a word is pronounced: CMU phonemes (see PhonemeTiming), possibly none.
struct Pronunciation {
  int index = 0;
  std::vector<std::string> phonemes;
};

// Safe for concurrent use.
class SourceSpeaker {
 public:
  virtual ~SourceSpeaker() = default;
  // Names the voice and everything that changes its sound: the key of cached statistics.
  virtual std::string name() const = 0;
  virtual EngineReadiness readiness() const = 0;
  // Throws Error: kNotReady, kExternal, kCancelled. Words without a letter are passed over.
  virtual SourceSpeech speak(std::span<const text::SpokenWord> words, double speed,
                             const WorkContext& context) const = 0;
  virtual std::vector<Pronunciation> pronounce(std::span<const text::SpokenWord> words,
                                               const WorkContext& context) const = 0;
};

// flite 2.2 (CMU; BSD-like licence), linked: American English at 16 kHz, with phoneme times.
// "rms" is male (median 101 Hz), "slt" female (171 Hz). Measured word error rates of a recogniser:
// rms 0 %, slt 9 %. Throws Error(kInvalidArgument) for another name.
std::unique_ptr<SourceSpeaker> make_flite_speaker(const std::string& voice);

// eSpeak NG (GPL-3, so only ever run as a program): `voice` as in its -v, e.g. "cmn" or "fr". It
// gives no times. Its voice is far from natural, but it speaks a hundred languages.
std::unique_ptr<SourceSpeaker> make_espeak_speaker(const std::string& voice);

// The speaker of VoiceProfile::native, by `SourceSpeaker::name`: flite's, which give times. Throws
// Error(kUnsupported) for any other name: it comes from a file.
std::unique_ptr<SourceSpeaker> make_native_speaker(const std::string& name);

// Whether eSpeak NG has such a voice; true where the program is missing, for then nobody knows.
bool espeak_has_voice(const std::string& voice, const WorkContext& context);

// Whether the source speakers can read the text in that language. eSpeak NG 1.51 knows Han characters
// in Mandarin and Cantonese alone: its Japanese says "Chinese letter" for each.
bool can_be_read(std::string_view text, const std::string& language);

// The speaker for a language (primary tag of BCP 47) that is nearest to a voice of this median
// pitch; 0 where that is not known. Male and female speakers meet at 155 Hz.
std::unique_ptr<SourceSpeaker> make_source_speaker(const std::string& language, double target_pitch_hz);

}  // namespace anima::voice
