#include "voice/chatterbox_engine.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "voice/reference_excerpt.h"

namespace anima::voice {
namespace {

constexpr int kTextLimit = 3000;
constexpr double kReferenceMaximum_s = 60;  // 2.9 MB of WAV at 24 kHz; the server takes 10 MB

struct Knob {
  const char* name;
  double low;
  double high;
};
constexpr std::array<Knob, 3> kKnobs = {
    {{"exaggeration", 0.25, 2}, {"cfg_weight", 0, 1}, {"temperature", 0.05, 5}}};

class ChatterboxEngine final : public VoiceEngine {
 public:
  ChatterboxEngine(const EngineConfiguration& configuration, const Environment& environment,
                   std::shared_ptr<const HttpClient> client)
      : server_(configuration,
                {.service = "the Chatterbox server", .address = "http://127.0.0.1:4123", .key = {}},
                environment, std::move(client)) {}

  std::string name() const override { return server_.configuration().name; }

  EngineCapabilities capabilities() const override {
    return {.languages = {},
            .clones = true,
            .streams = true,
            .text_limit_characters = kTextLimit,
            .reference_maximum_s = kReferenceMaximum_s,
            .voice_is_chosen = !server_.configuration().voice.empty(),
            .ignores_speed = true};
  }

  EngineReadiness readiness() const override { return server_.readiness(); }

  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override {
    const std::string text = text_for_server(request, kTextLimit, server_.service());
    if (text.empty()) return;
    const std::string stored_voice = server_voice(request, server_.configuration(), {});
    const bool clone = !request.voice.recording.empty() && !request.voice.server_voices.contains(name());
    HttpRequest question;
    if (clone) {
      const ReferenceExcerpt excerpt = reference_excerpt(request.voice, {.maximum_s = kReferenceMaximum_s});
      question = server_.request("POST", "v1/audio/speech/upload");
      question.parts = {{"input", text},
                        {"response_format", "wav"},
                        {"voice_file", media::encode_wav(excerpt.sound), "reference.wav", "audio/wav"}};
      for (const Knob& knob : kKnobs) {
        const std::string value = checked(knob);
        if (!value.empty()) question.parts.push_back({knob.name, value});
      }
    } else {
      nlohmann::json body = {{"input", text}, {"response_format", "wav"}};
      if (!stored_voice.empty()) body["voice"] = stored_voice;
      for (const Knob& knob : kKnobs) {
        const std::string value = checked(knob);
        if (!value.empty()) body[knob.name] = std::stod(value);
      }
      question = with_json(server_.request("POST", "v1/audio/speech/stream"), body.dump());
    }
    server_.speak(question, {}, sink, context);
  }

 private:
  // The option's text where it is set and within its range.
  std::string checked(const Knob& knob) const {
    if (server_.option(knob.name).empty()) return {};
    return fmt::format("{:g}", server_.number_option(knob.name, 0, knob.low, knob.high));
  }

  SpeechServer server_;
};

}  // namespace

std::unique_ptr<VoiceEngine> make_chatterbox_engine(const EngineConfiguration& configuration,
                                                    const Environment& environment,
                                                    std::shared_ptr<const HttpClient> client) {
  return std::make_unique<ChatterboxEngine>(configuration, environment, std::move(client));
}

}  // namespace anima::voice
