#include "hearing/openai_transcription_engine.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "audio/resampler.h"
#include "core/api_error.h"
#include "core/api_server.h"
#include "core/error.h"
#include "core/utf8.h"
#include "hearing/long_sound_splitter.h"
#include "media/wav_stream.h"

namespace anima::hearing {
namespace {

using Json = nlohmann::json;

constexpr double kLongestPiece_s = 600;  // 19 MB of 16 kHz WAV

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string text_field(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_string()
             ? object[name].get<std::string>()
             : "";
}

double number_field(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) && object[name].is_number() ? object[name].get<double>()
                                                                                 : -1;
}

void add_words(const Json& list, Transcript& transcript) {
  if (!list.is_array()) return;
  for (const Json& item : list) {
    const std::string word =
        trimmed(text_field(item, "word").empty() ? text_field(item, "text") : text_field(item, "word"));
    const double start_s = number_field(item, "start");
    const double end_s = number_field(item, "end");
    if (word.empty() || start_s < 0 || end_s < start_s) continue;
    transcript.words.push_back({word, start_s, end_s, number_field(item, "probability")});
  }
}

// Words of a segment share its time by their length.
void spread_segment(const Json& segment, Transcript& transcript) {
  const double start_s = number_field(segment, "start");
  const double end_s = number_field(segment, "end");
  const std::vector<std::string> words = words_to_show(text_field(segment, "text"));
  if (words.empty() || start_s < 0 || end_s <= start_s) return;
  double total = 0;
  for (const std::string& word : words) total += static_cast<double>(count_code_points(word));
  double at_s = start_s;
  for (const std::string& word : words) {
    const double next_s = at_s + (end_s - start_s) * static_cast<double>(count_code_points(word)) / total;
    transcript.words.push_back({word, at_s, next_s});
    at_s = next_s;
  }
}

// "english" as whisper writes it, or a tag.
std::string language_tag(const std::string& language) {
  if (language == "english") return "en";
  if (language == "chinese" || language == "mandarin") return "zh";
  if (language.size() > 3) return {};
  return language.substr(0, language.find('-'));
}

Transcript parse_answer(const HttpResponse& response, const std::string& service) {
  Transcript transcript;
  const Json json = Json::parse(response.body, nullptr, false);
  if (json.is_discarded() && response.content_type() == "text/plain") {
    transcript.text = trimmed(response.body);
  } else if (!json.is_object() || !json.contains("text") || !json["text"].is_string()) {
    throw Error(ErrorCode::kExternal,
                fmt::format("{} answered with something else than a transcript", service),
                "check that the address is that of a speech recognition server");
  } else {
    transcript.text = trimmed(text_field(json, "text"));
    transcript.language = language_tag(text_field(json, "language"));
    if (json.contains("words")) add_words(json["words"], transcript);
    if (transcript.words.empty() && json.contains("segments") && json["segments"].is_array()) {
      for (const Json& segment : json["segments"]) {
        if (segment.is_object() && segment.contains("words")) add_words(segment["words"], transcript);
      }
      transcript.times = transcript.words.empty() ? TimeSource::kEstimated : TimeSource::kRecogniser;
      if (transcript.words.empty()) {
        for (const Json& segment : json["segments"]) spread_segment(segment, transcript);
      }
    } else {
      transcript.times = TimeSource::kRecogniser;
    }
  }
  if (!is_utf8(transcript.text)) {
    throw Error(ErrorCode::kExternal, fmt::format("{} answered with text that is not UTF-8", service),
                "look at the server's log");
  }
  add_marks(transcript.text, transcript.words);  // whisper's words have none
  if (transcript.words.empty()) transcript.times = TimeSource::kNone;
  return transcript;
}

class OpenAiTranscriptionEngine final : public HearingEngine {
 public:
  OpenAiTranscriptionEngine(const EngineConfiguration& configuration, const Environment& environment,
                            std::shared_ptr<const HttpClient> client)
      : server_(configuration,
                {.service = "OpenAI's transcription service",
                 .address = "https://api.openai.com/v1",
                 .key = "OPENAI_API_KEY",
                 .cloud = true,
                 .timeout_s = 600,
                 .answer_limit_bytes = kAnswerLimit_bytes},
                environment, std::move(client)) {}

  std::string name() const override { return server_.configuration().name; }
  HearingCapabilities capabilities() const override { return {.languages = {}, .word_times = true}; }
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
    const EngineConfiguration& configuration = server_.configuration();
    const std::string model = configuration.model.empty() ? "whisper-1" : configuration.model;
    const bool plain_only = model.starts_with("gpt-4o");  // these know no times
    const std::string format = server_.option("response_format", plain_only ? "json" : "verbose_json");
    HttpRequest question = server_.request("POST", server_.option("path", "audio/transcriptions"));
    question.parts = {{"model", model}, {"response_format", format}};
    if (format == "verbose_json") question.parts.push_back({"timestamp_granularities[]", "word"});
    const std::string language = request.language.empty() ? configuration.language : request.language;
    if (!language.empty()) question.parts.push_back({"language", language});
    if (!request.prompt.empty()) question.parts.push_back({"prompt", request.prompt});
    question.parts.push_back({"file", media::encode_wav(piece), "sound.wav", "audio/wav"});
    const HttpResponse response = server_.ask(question, context);
    ApiError error;
    if (find_api_error(response.body, error)) throw_api_error(server_.service(), question, error);
    Transcript transcript = parse_answer(response, server_.service());
    if (transcript.language.empty()) transcript.language = language;
    return transcript;
  }

  ApiServer server_;
};

}  // namespace

std::unique_ptr<HearingEngine> make_openai_transcription_engine(const EngineConfiguration& configuration,
                                                                const Environment& environment,
                                                                std::shared_ptr<const HttpClient> client) {
  return std::make_unique<OpenAiTranscriptionEngine>(configuration, environment, std::move(client));
}

}  // namespace anima::hearing
