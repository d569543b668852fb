#include "voice/openai_speech_engine.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace anima::voice {
namespace {

constexpr int kTextLimit = 4096;
constexpr int kSampleRate_hz = 24000;  // of OpenAI's "pcm"

class OpenAiSpeechEngine final : public VoiceEngine {
 public:
  OpenAiSpeechEngine(const EngineConfiguration& configuration, const Environment& environment,
                     std::shared_ptr<const HttpClient> client)
      : server_(configuration,
                {.service = "OpenAI's speech service",
                 .address = "https://api.openai.com/v1",
                 .key = "OPENAI_API_KEY",
                 .cloud = true},
                environment, std::move(client)) {}

  std::string name() const override { return server_.configuration().name; }

  EngineCapabilities capabilities() const override {
    return {.languages = {},
            .streams = true,
            .text_limit_characters = kTextLimit,
            .voice_is_chosen = !server_.configuration().voice.empty()};
  }

  EngineReadiness readiness() const override { return server_.readiness(); }

  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override {
    const std::string text = text_for_server(request, kTextLimit, server_.service());
    if (text.empty()) return;
    const EngineConfiguration& configuration = server_.configuration();
    nlohmann::json body = {
        {"model", configuration.model.empty() ? "gpt-4o-mini-tts" : configuration.model},
        {"input", text},
        {"voice", server_voice(request, configuration, "alloy")},
        // WAV states its rate; servers of one's own have many.
        {"response_format", server_.option("format", "wav")},
    };
    if (request.speed != 1) body["speed"] = std::clamp(request.speed, 0.25, 4.0);
    const std::string& instruction =
        request.instruction.empty() ? configuration.instruction : request.instruction;
    if (!instruction.empty()) body["instructions"] = instruction;
    const int rate_hz = configuration.sample_rate_hz > 0 ? configuration.sample_rate_hz : kSampleRate_hz;
    server_.speak(with_json(server_.request("POST", "audio/speech"), body.dump()),
                  {.headerless_rate_hz = rate_hz}, sink, context);
  }

 private:
  SpeechServer server_;
};

}  // namespace

std::unique_ptr<VoiceEngine> make_openai_speech_engine(const EngineConfiguration& configuration,
                                                       const Environment& environment,
                                                       std::shared_ptr<const HttpClient> client) {
  return std::make_unique<OpenAiSpeechEngine>(configuration, environment, std::move(client));
}

}  // namespace anima::voice
