#include "hearing/zhipu_transcription_engine.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "audio/resampler.h"
#include "core/api_error.h"
#include "core/api_server.h"
#include "core/error.h"
#include "core/event_stream.h"
#include "core/utf8.h"
#include "hearing/long_sound_splitter.h"
#include "media/wav_stream.h"

namespace anima::hearing {
namespace {

using Json = nlohmann::json;

constexpr double kLongestPiece_s = 29;
constexpr std::size_t kPromptLimit_characters = 7900;

std::string text_field(const Json& json, const char* name) {
  return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>()
                                                                           : "";
}

class ZhipuTranscriptionEngine final : public HearingEngine {
 public:
  ZhipuTranscriptionEngine(const EngineConfiguration& configuration, const Environment& environment,
                           std::shared_ptr<const HttpClient> client)
      : server_(configuration,
                {.service = "Zhipu",
                 .address = "https://open.bigmodel.cn/api/paas/v4",
                 .key = "ZHIPU_API_KEY",
                 .cloud = true,
                 .timeout_s = 60,
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
    const std::string& model = server_.configuration().model;
    HttpRequest question = server_.request("POST", "audio/transcriptions");
    question.parts = {{"model", model.empty() ? "glm-asr-2512" : model}, {"stream", "false"}};
    if (!request.prompt.empty()) {
      const std::u32string prompt = decode_utf8(request.prompt, "the prompt");
      question.parts.push_back(
          {"prompt", encode_utf8(std::u32string_view(prompt).substr(0, kPromptLimit_characters))});
    }
    question.parts.push_back({"file", media::encode_wav(piece), "sound.wav", "audio/wav"});
    const HttpResponse response = server_.ask(question, context);
    Transcript transcript;
    transcript.text = response.content_type() == "text/event-stream" ? read_events(question, response.body)
                                                                     : read_answer(question, response.body);
    transcript.language = request.language;
    return transcript;
  }

  std::string read_answer(const HttpRequest& question, const std::string& body) const {
    ApiError error;
    if (find_api_error(body, error)) throw_api_error(server_.service(), question, error);
    const Json json = Json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("text") || !json["text"].is_string()) throw_no_transcript();
    return json["text"].get<std::string>();
  }

  // A server that streams although it was asked not to.
  std::string read_events(const HttpRequest& question, const std::string& body) const {
    std::string pieces;
    std::optional<std::string> whole;
    EventStreamParser parser([&](const ServerEvent& event) {
      ApiError error;
      if (find_api_error(event.data, error)) throw_api_error(server_.service(), question, error);
      const Json json = Json::parse(event.data, nullptr, false);
      const std::string type = text_field(json, "type");
      if (type == "transcript.text.delta") pieces += text_field(json, "delta");
      if (type == "transcript.text.done" && !text_field(json, "text").empty())
        whole = text_field(json, "text");
    });
    parser.push(std::as_bytes(std::span(body)));
    parser.finish();
    return whole ? *whole : pieces;
  }

  [[noreturn]] void throw_no_transcript() const {
    throw Error(ErrorCode::kExternal,
                fmt::format("{} answered with something else than a transcript", server_.service()),
                "try again later, or choose another engine");
  }

  ApiServer server_;
};

}  // namespace

std::unique_ptr<HearingEngine> make_zhipu_transcription_engine(const EngineConfiguration& configuration,
                                                               const Environment& environment,
                                                               std::shared_ptr<const HttpClient> client) {
  return std::make_unique<ZhipuTranscriptionEngine>(configuration, environment, std::move(client));
}

}  // namespace anima::hearing
