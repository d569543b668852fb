#include "voice/gpt_sovits_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "core/temporary_folder.h"
#include "core/utf8.h"
#include "voice/reference_excerpt.h"

namespace anima::voice {
namespace {

namespace fs = std::filesystem;

// The server refuses what is not within 3 to 10 s, counted at 16 kHz after its own resampling.
constexpr double kReferenceMinimum_s = 3.1;
constexpr double kReferenceMaximum_s = 9.8;
constexpr int kReferenceRate_hz = 32000;

std::string server_language(const std::string& language) {
  static constexpr std::array<const char*, 5> kKnown = {"zh", "en", "ja", "ko", "yue"};
  return std::find(kKnown.begin(), kKnown.end(), language) == kKnown.end() ? "auto" : language;
}

class GptSovitsEngine final : public VoiceEngine {
 public:
  GptSovitsEngine(const EngineConfiguration& configuration, const Environment& environment,
                  std::shared_ptr<const HttpClient> client)
      : server_(configuration,
                {.service = "the GPT-SoVITS server",
                 .address = "http://127.0.0.1:9880",
                 .key = {},
                 .timeout_s = 180},
                environment, std::move(client)) {}

  ~GptSovitsEngine() override {
    std::error_code ignored;  // a copy of somebody's voice is not left behind where that can be helped
    for (const fs::path& file : written_) fs::remove(file, ignored);
  }
  GptSovitsEngine(const GptSovitsEngine&) = delete;
  GptSovitsEngine& operator=(const GptSovitsEngine&) = delete;

  std::string name() const override { return server_.configuration().name; }

  EngineCapabilities capabilities() const override {
    return {.languages = {"zh", "en", "ja", "ko", "yue"},
            .clones = true,
            .streams = true,
            .reference_minimum_s = kReferenceMinimum_s,
            .reference_maximum_s = kReferenceMaximum_s};
  }

  EngineReadiness readiness() const override {
    EngineReadiness readiness = server_.readiness();
    const std::string problem = folder_problem();
    if (readiness.ready && !problem.empty()) {
      readiness.ready = false;
      readiness.what_to_do = problem;
    }
    readiness.needs.push_back(
        "a voice with a recording of 3 s or more, in a folder that the server can read");
    return readiness;
  }

  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override {
    const std::string text = text_for_server(request, 0, server_.service());
    if (text.empty()) return;
    const std::string problem = folder_problem();
    if (!problem.empty())
      throw Error(ErrorCode::kNotReady, "GPT-SoVITS cannot be given a recording", problem);
    const Reference reference = reference_for(request.voice);
    nlohmann::json body = {{"text", text},
                           {"text_lang", server_language(language_of(request))},
                           {"ref_audio_path", reference.server_path},
                           {"prompt_lang", server_language(reference.language)},
                           {"prompt_text", reference.transcript},
                           {"text_split_method", "cut5"},
                           {"media_type", "wav"},
                           {"streaming_mode", true}};
    if (request.speed != 1) body["speed_factor"] = std::clamp(request.speed, 0.5, 2.0);
    server_.speak(with_json(server_.request("POST", "tts"), body.dump()), {}, sink, context);
  }

 private:
  struct Reference {
    std::string server_path;
    std::string transcript;
    std::string language;
  };

  bool on_this_machine() const {
    const std::string& address = server_.configuration().address;
    for (const char* host : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
      if (address.starts_with(host)) return true;
    }
    return false;
  }

  // Empty where the excerpt can be put before the server's eyes.
  std::string folder_problem() const {
    const std::string shared = server_.option("shared_folder");
    if (shared.empty() != server_.option("server_folder").empty()) {
      return "set both shared_folder and server_folder in the engine's options";
    }
    if (shared.empty() && !on_this_machine()) {
      return "set shared_folder (where we write the recording) and server_folder (the same folder as the "
             "server sees "
             "it) in the engine's options";
    }
    if (!shared.empty() && !fs::is_directory(shared))
      return fmt::format("make the shared_folder '{}'", shared);
    return {};
  }

  Reference reference_for(const Voice& voice) {
    const std::lock_guard lock(mutex_);
    Reference& reference = references_[recording_key(voice)];
    if (!reference.server_path.empty()) return reference;
    const ReferenceExcerpt excerpt = reference_excerpt(voice, {.minimum_s = kReferenceMinimum_s,
                                                               .maximum_s = kReferenceMaximum_s,
                                                               .sample_rate_hz = kReferenceRate_hz});
    const std::string shared = server_.option("shared_folder");
    const std::string file = fmt::format("anima-{:016x}.wav", std::hash<std::string>{}(recording_key(voice)));
    const fs::path path = (shared.empty() ? own_folder_.path() : fs::path(shared)) / file;
    write_file_atomically(path, media::encode_wav(excerpt.sound));
    written_.push_back(path);
    const fs::path seen = shared.empty() ? own_folder_.path() : fs::path(server_.option("server_folder"));
    reference.server_path = (seen / file).string();
    // The words of the whole recording would be wrong for a part of it.
    if (excerpt.whole && is_utf8(voice.transcript)) reference.transcript = voice.transcript;
    reference.language = voice.language.empty() ? "auto" : voice.language;
    return reference;
  }

  SpeechServer server_;
  TemporaryFolder own_folder_;
  std::mutex mutex_;
  std::map<std::string, Reference> references_;  // by recording
  std::vector<fs::path> written_;
};

}  // namespace

std::unique_ptr<VoiceEngine> make_gpt_sovits_engine(const EngineConfiguration& configuration,
                                                    const Environment& environment,
                                                    std::shared_ptr<const HttpClient> client) {
  return std::make_unique<GptSovitsEngine>(configuration, environment, std::move(client));
}

}  // namespace anima::voice
