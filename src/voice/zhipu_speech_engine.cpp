#include "voice/zhipu_speech_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api_error.h"
#include "core/base64.h"
#include "core/error.h"
#include "core/event_stream.h"
#include "voice/reference_excerpt.h"

namespace anima::voice {
namespace {

using Json = nlohmann::json;

constexpr int kTextLimit = 1024;
constexpr int kSampleRate_hz = 24000;  // where an event does not say it
constexpr double kReferenceMinimum_s = 3;
constexpr double kReferenceMaximum_s = 30;
constexpr char kPreviewText[] = "你好，很高兴认识你。";

Json parse_object(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json::object();
}

std::string string_field(const Json& object, const char* name) {
  return object.contains(name) && object[name].is_string() ? object[name].get<std::string>() : std::string();
}

// One event of a speech stream as samples; none where it carries no sound.
class SpeechEvents {
 public:
  SpeechEvents(const SpeechServer& server, const HttpRequest& request, const SpeechSink& sink)
      : server_(server), request_(request), sink_(sink) {}

  void take(const std::string& data) {
    if (data == "[DONE]") {
      done_ = true;
      return;
    }
    ApiError error;
    if (find_api_error(data, error)) throw_api_error(server_.service(), request_, error);
    const Json json = parse_object(data);
    if (!json.contains("choices") || !json["choices"].is_array()) return;
    for (const Json& choice : json["choices"]) {
      if (!choice.is_object()) continue;
      done_ = done_ || (choice.contains("finish_reason") && !choice["finish_reason"].is_null());
      if (!choice.contains("delta") || !choice["delta"].is_object()) continue;
      const Json& delta = choice["delta"];
      if (delta.contains("return_sample_rate") && delta["return_sample_rate"].is_number_integer()) {
        use_rate(delta["return_sample_rate"].get<long long>());
      }
      push(decode_base64(string_field(delta, "content")));
    }
  }

  void finish() const {
    if (!any_sound_) {
      throw Error(ErrorCode::kExternal, fmt::format("{} answered without any sound", server_.service()),
                  "check the text and the voice");
    }
    if (!done_ || (samples_ && samples_->pending_bytes() > 0)) {
      throw Error(ErrorCode::kExternal,
                  fmt::format("the sound from {} ended in the middle", server_.service()),
                  "try again, or choose another engine");
    }
  }

 private:
  void use_rate(long long rate_hz) {
    if (samples_ && samples_->format().sample_rate_hz == rate_hz) return;
    if (samples_ || rate_hz < 8000 || rate_hz > 192000) {
      throw Error(ErrorCode::kExternal,
                  fmt::format("{} sends sound at {} Hz, or changes its rate", server_.service(), rate_hz),
                  "try again, or choose another engine");
    }
    samples_.emplace(media::PcmFormat{.sample_rate_hz = static_cast<int>(rate_hz)});
  }

  void push(const std::vector<std::byte>& bytes) {
    if (bytes.empty()) return;
    if (!samples_) use_rate(kSampleRate_hz);
    std::vector<float> samples;
    samples_->push(bytes, samples);
    if (samples.empty()) return;
    any_sound_ = true;
    sink_(SpeechPiece{
        .sound = {samples_->format().sample_rate_hz, std::move(samples)}, .words = {}, .phonemes = {}});
  }

  const SpeechServer& server_;
  const HttpRequest& request_;
  const SpeechSink& sink_;
  std::optional<media::PcmDecoder> samples_;
  bool any_sound_ = false;
  bool done_ = false;
};

}  // namespace

ZhipuSpeechEngine::ZhipuSpeechEngine(const EngineConfiguration& configuration, const Environment& environment,
                                     std::shared_ptr<const HttpClient> client)
    : server_(configuration,
              {.service = "Zhipu",
               .address = "https://open.bigmodel.cn/api/paas/v4",
               .key = "ZHIPU_API_KEY",
               .cloud = true},
              environment, std::move(client)) {}

std::string ZhipuSpeechEngine::name() const {
  return server_.configuration().name;
}

EngineCapabilities ZhipuSpeechEngine::capabilities() const {
  return {.languages = {"zh", "en"},
          .clones = true,
          .streams = true,
          .text_limit_characters = kTextLimit,
          .reference_minimum_s = kReferenceMinimum_s,
          .reference_maximum_s = kReferenceMaximum_s,
          .voice_is_chosen = !server_.configuration().voice.empty()};
}

EngineReadiness ZhipuSpeechEngine::readiness() const {
  EngineReadiness readiness = server_.readiness();
  readiness.needs.push_back(
      "the audible watermark switched off in Zhipu's console, else a beep is heard at the start");
  return readiness;
}

void ZhipuSpeechEngine::synthesize(const SpeechRequest& request, const SpeechSink& sink,
                                   const WorkContext& context) {
  const std::string text = text_for_server(request, kTextLimit, server_.service());
  if (text.empty()) return;
  const EngineConfiguration& configuration = server_.configuration();
  std::string voice = server_voice(request, configuration, "tongtong");
  if (!request.voice.recording.empty() && !request.voice.server_voices.contains(name())) {
    const std::lock_guard lock(mutex_);
    std::string& cloned = cloned_[recording_key(request.voice)];
    if (cloned.empty()) {
      const ServerVoice made = clone_voice(request.voice, context);
      cloned = made.id;
      if (request.keep_server_voice) request.keep_server_voice(made);
    }
    voice = cloned;
  }
  Json body = {{"model", configuration.model.empty() ? "glm-tts" : configuration.model},
               {"input", text},
               {"voice", voice},
               {"response_format", "pcm"},
               {"encode_format", "base64"},
               {"stream", true}};
  if (request.speed != 1) body["speed"] = std::clamp(request.speed, 0.5, 2.0);
  if (!server_.option("volume").empty()) body["volume"] = server_.number_option("volume", 1, 0.01, 10);
  const std::string watermark = server_.option("watermark");
  if (!watermark.empty()) body["watermark_enabled"] = watermark != "false";

  const HttpRequest question = with_json(server_.request("POST", "audio/speech"), body.dump());
  SpeechEvents events(server_, question, sink);
  EventStreamParser parser([&](const ServerEvent& event) { events.take(event.data); });
  // A server that answers with the sound itself instead of a stream of events is understood too.
  std::optional<SpeechReply> plain;
  server_.ask(question, context, [&](const HttpResponse& head, std::span<const std::byte> bytes) {
    if (!plain && head.content_type() != "text/event-stream") {
      plain.emplace(server_.service(), question, ExpectedSound{.headerless_rate_hz = kSampleRate_hz}, sink);
    }
    if (plain) {
      plain->push(head, bytes);
    } else {
      parser.push(bytes);
    }
  });
  if (plain) {
    plain->finish();
  } else {
    parser.finish();
    events.finish();
  }
}

ServerVoice ZhipuSpeechEngine::clone_voice(const Voice& voice, const WorkContext& context) {
  const ReferenceExcerpt excerpt =
      reference_excerpt(voice, {.minimum_s = kReferenceMinimum_s, .maximum_s = kReferenceMaximum_s});
  HttpRequest upload = server_.request("POST", "files");
  upload.parts = {{"purpose", "voice-clone-input"},
                  {"file", media::encode_wav(excerpt.sound), "reference.wav", "audio/wav"}};
  const std::string file = string_field(parse_object(server_.ask(upload, context).body), "id");
  if (file.empty()) {
    throw Error(ErrorCode::kExternal, "Zhipu took the recording but named no file", "try again later");
  }
  try {
    Json body = {{"model", server_.option("clone_model", "glm-tts-clone")},
                 {"voice_name", voice.name.empty() ? "anima" : voice.name},
                 {"input", kPreviewText},
                 {"file_id", file}};
    if (excerpt.whole && !voice.transcript.empty()) body["text"] = voice.transcript;
    const HttpRequest clone = with_json(server_.request("POST", "voice/clone"),
                                        body.dump(-1, ' ', false, Json::error_handler_t::replace));
    const HttpResponse answer = server_.ask(clone, context);
    ApiError error;
    if (find_api_error(answer.body, error)) throw_api_error(server_.service(), clone, error);
    const Json made = parse_object(answer.body);
    ServerVoice result{.engine = name(), .id = string_field(made, "voice"), .files = {file}};
    if (result.id.empty())
      throw Error(ErrorCode::kExternal, "Zhipu cloned the voice but gave it no name", "try again later");
    const std::string preview = string_field(made, "file_id");
    if (!preview.empty() && preview != file) result.files.push_back(preview);
    return result;
  } catch (const Error&) {
    try {
      delete_file(file, WorkContext{});  // not stopped by the stop that may have brought us here
    } catch (const Error&) {
      // Why the voice could not be made is the better thing to say.
    }
    throw;
  }
}

bool ZhipuSpeechEngine::has_voice(const std::string& id, const WorkContext& context) const {
  const HttpResponse answer = server_.ask(server_.request("GET", "voice/list?voice_type=PRIVATE"), context);
  const Json json = parse_object(answer.body);
  if (!json.contains("voice_list") || !json["voice_list"].is_array()) return true;
  for (const Json& listed : json["voice_list"]) {
    if (listed.is_object() && string_field(listed, "voice") == id) return true;
  }
  return false;
}

void ZhipuSpeechEngine::delete_file(const std::string& id, const WorkContext& context) const {
  const HttpRequest question = server_.request("DELETE", "files/" + url_encode(id));
  const HttpResponse answer = server_.ask(question, context);
  ApiError error;
  if (find_api_error(answer.body, error)) throw_api_error(server_.service(), question, error);
}

void ZhipuSpeechEngine::delete_voice(const ServerVoice& voice, const WorkContext& context) {
  const Json body = {{"voice", voice.id}};
  const HttpRequest question = with_json(server_.request("POST", "voice/delete"),
                                         body.dump(-1, ' ', false, Json::error_handler_t::replace));
  try {
    const HttpResponse answer = server_.ask(question, context);
    ApiError error;
    if (find_api_error(answer.body, error)) throw_api_error(server_.service(), question, error);
  } catch (const Error& error) {
    // Zhipu has no code of its own for a voice that is not there.
    if (error.code() == ErrorCode::kCancelled || has_voice(voice.id, context)) throw;
  }
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(cloned_, [&](const auto& entry) { return entry.second == voice.id; });
  }
  for (const std::string& file : voice.files) delete_file(file, context);
}

std::unique_ptr<VoiceEngine> make_zhipu_speech_engine(const EngineConfiguration& configuration,
                                                      const Environment& environment,
                                                      std::shared_ptr<const HttpClient> client) {
  return std::make_unique<ZhipuSpeechEngine>(configuration, environment, std::move(client));
}

}  // namespace anima::voice
