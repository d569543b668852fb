#include "hearing/gemini_engine.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audio/resampler.h"
#include "core/api_error.h"
#include "core/api_server.h"
#include "core/base64.h"
#include "core/error.h"
#include "core/utf8.h"
#include "hearing/long_sound_splitter.h"
#include "media/wav_stream.h"

namespace anima::hearing {
namespace {

using Json = nlohmann::json;

constexpr double kLongestPiece_s = 240;
constexpr char kTask[] =
    "Write down exactly what is said in this recording, in the language in which it is said, with "
    "punctuation. "
    "Answer with these words only. Where nobody speaks, answer with nothing.";

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

class GeminiEngine final : public HearingEngine {
 public:
  GeminiEngine(const EngineConfiguration& configuration, const Environment& environment,
               std::shared_ptr<const HttpClient> client)
      : server_(configuration,
                {.service = "Gemini",
                 .address = "https://generativelanguage.googleapis.com/v1beta",
                 .key = "GEMINI_API_KEY",
                 .cloud = true,
                 .timeout_s = 180,
                 .key_header = "x-goog-api-key",
                 .key_prefix = "",
                 .answer_limit_bytes = kAnswerLimit_bytes},
                environment, std::move(client)) {}

  std::string name() const override { return server_.configuration().name; }
  HearingCapabilities capabilities() const override { return {}; }
  EngineReadiness readiness() const override { return server_.readiness(); }

  Transcript transcribe(const Sound& sound, const HearingRequest& request,
                        const WorkContext& context) override {
    const Sound heard =
        sound.sample_rate_hz == kHearingRate_hz ? sound : audio::resample(sound, kHearingRate_hz);
    return transcribe_pieces(
        heard, {.longest_s = kLongestPiece_s},
        [&](const Sound& piece) { return hear(piece, request, context); }, context);
  }

 private:
  Transcript hear(const Sound& piece, const HearingRequest& request, const WorkContext& context) const {
    const std::string model =
        server_.configuration().model.empty() ? "gemini-2.5-flash" : server_.configuration().model;
    std::string task = kTask;
    if (!request.language.empty()) task += fmt::format(" The language is '{}'.", request.language);
    if (!request.prompt.empty() && is_utf8(request.prompt))
      task += " These names may occur: " + request.prompt;
    const std::string wav = media::encode_wav(piece);
    Json generation = {{"temperature", 0}};
    // Thinking costs seconds and finds no words; only the 2.5 Flash models can be told so this way.
    if (model.starts_with("gemini-2.5-flash")) generation["thinkingConfig"] = {{"thinkingBudget", 0}};
    const Json recording = {{"inline_data", Json{{"mime_type", "audio/wav"},
                                                 {"data", encode_base64(std::as_bytes(std::span(wav)))}}}};
    const Json turn = {{"role", "user"}, {"parts", Json::array({recording, Json{{"text", task}}})}};
    const Json body = {{"contents", Json::array({turn})}, {"generationConfig", generation}};
    const HttpRequest question =
        with_json(server_.request("POST", "models/" + url_encode(model) + ":generateContent"), body.dump());
    const HttpResponse response = server_.ask(question, context);
    ApiError error;
    if (find_api_error(response.body, error)) throw_api_error(server_.service(), question, error);
    Transcript transcript;
    transcript.text = read_answer(response.body);
    transcript.language = request.language;
    return transcript;
  }

  std::string read_answer(const std::string& body) const {
    const Json json = Json::parse(body, nullptr, false);
    const bool listed = json.is_object() && json.contains("candidates") && json["candidates"].is_array() &&
                        !json["candidates"].empty() && json["candidates"][0].is_object();
    if (!listed) {
      throw Error(ErrorCode::kExternal, fmt::format("{} gave no answer", server_.service()),
                  "try again later, or choose another engine");
    }
    const Json& candidate = json["candidates"][0];
    const std::string reason = candidate.contains("finishReason") && candidate["finishReason"].is_string()
                                   ? candidate["finishReason"].get<std::string>()
                                   : "STOP";
    if (reason != "STOP") {
      throw Error(ErrorCode::kExternal,
                  fmt::format("{} did not finish the transcript (reason: {})", server_.service(),
                              reason.substr(0, 40)),
                  "choose another engine");
    }
    std::string text;
    if (!candidate.contains("content") || !candidate["content"].is_object()) return text;
    const Json& content = candidate["content"];
    if (!content.contains("parts") || !content["parts"].is_array()) return text;
    for (const Json& part : content["parts"]) {
      const bool thought = part.is_object() && part.contains("thought") && part["thought"] == true;
      if (!thought && part.is_object() && part.contains("text") && part["text"].is_string()) {
        text += part["text"].get<std::string>();
      }
    }
    return trimmed(text);
  }

  ApiServer server_;
};

}  // namespace

std::unique_ptr<HearingEngine> make_gemini_engine(const EngineConfiguration& configuration,
                                                  const Environment& environment,
                                                  std::shared_ptr<const HttpClient> client) {
  return std::make_unique<GeminiEngine>(configuration, environment, std::move(client));
}

}  // namespace anima::hearing
