#include "voice/cosyvoice_engine.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/utf8.h"
#include "voice/reference_excerpt.h"

namespace anima::voice {
namespace {

constexpr int kSampleRate_hz = 24000;
// Just below the 30 s at which the server's front end gives up.
constexpr double kReferenceMaximum_s = 29.5;
constexpr double kReferenceMinimum_s = 1;
// Generation 3 wants this before the prompt.
constexpr char kGeneration3Prompt[] = "You are a helpful assistant.<|endofprompt|>";

class CosyVoiceEngine final : public VoiceEngine {
 public:
  CosyVoiceEngine(const EngineConfiguration& configuration, const Environment& environment,
                  std::shared_ptr<const HttpClient> client)
      : server_(configuration,
                {.service = "the CosyVoice server",
                 .address = "http://127.0.0.1:50000",
                 .key = {},
                 .timeout_s = 180},
                environment, std::move(client)) {
    generation_ = static_cast<int>(server_.number_option("generation", 2, 1, 3));
  }

  std::string name() const override { return server_.configuration().name; }

  EngineCapabilities capabilities() const override {
    return {.languages = {"zh", "en", "ja", "ko", "yue"},
            .clones = true,
            .streams = true,
            .reference_minimum_s = kReferenceMinimum_s,
            .reference_maximum_s = kReferenceMaximum_s,
            .voice_is_chosen = !server_.configuration().voice.empty(),
            .ignores_speed = true};
  }

  EngineReadiness readiness() const override {
    EngineReadiness readiness = server_.readiness();
    readiness.needs.push_back(fmt::format("sample_rate_hz as its model has it (now {})", rate_hz()));
    return readiness;
  }

  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override {
    const std::string text = text_for_server(request, 0, server_.service());
    if (text.empty()) return;
    const HttpRequest question =
        request.voice.recording.empty() ? fixed_speaker(request, text) : cloned(request, text);
    const bool floating = !server_.option("prefix").empty();
    server_.speak(question, {.headerless_rate_hz = rate_hz(), .headerless_floating = floating}, sink,
                  context);
  }

 private:
  int rate_hz() const {
    return server_.configuration().sample_rate_hz > 0 ? server_.configuration().sample_rate_hz
                                                      : kSampleRate_hz;
  }

  HttpRequest route(const std::string& name) const {
    const std::string prefix = server_.option("prefix");
    return server_.request("POST", prefix.empty() ? name : prefix + "/" + name);
  }

  std::string instruction_of(const SpeechRequest& request) const {
    const std::string& text =
        request.instruction.empty() ? server_.configuration().instruction : request.instruction;
    if (!is_utf8(text))
      throw Error(ErrorCode::kInvalidArgument, "the instruction is not UTF-8", "save it as UTF-8");
    return generation_ == 3 && !text.empty() ? text + "<|endofprompt|>" : text;
  }

  HttpRequest fixed_speaker(const SpeechRequest& request, const std::string& text) const {
    const std::string speaker = server_voice(request, server_.configuration(), "中文女");
    const std::string instruction = instruction_of(request);
    HttpRequest question = route(instruction.empty() ? "inference_sft" : "inference_instruct");
    std::vector<std::pair<std::string, std::string>> fields = {{"tts_text", text}, {"spk_id", speaker}};
    if (!instruction.empty()) fields.emplace_back("instruct_text", instruction);
    question.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    question.body = form_encode(fields);
    return question;
  }

  HttpRequest cloned(const SpeechRequest& request, const std::string& text) const {
    const Voice& voice = request.voice;
    const ReferenceExcerpt excerpt =
        reference_excerpt(voice, {.minimum_s = kReferenceMinimum_s, .maximum_s = kReferenceMaximum_s});
    const HttpPart recording{"prompt_wav", media::encode_wav(excerpt.sound), "reference.wav", "audio/wav"};
    const std::string instruction = instruction_of(request);
    const std::string prompt = generation_ == 3 ? kGeneration3Prompt : "";
    const bool same_language = voice.language.empty() || voice.language == language_of(request);
    HttpRequest question;
    if (!instruction.empty() && generation_ >= 2) {
      question = route("inference_instruct2");
      question.parts = {{"tts_text", text}, {"instruct_text", instruction}};
    } else if (excerpt.whole && !voice.transcript.empty() && same_language) {
      question = route("inference_zero_shot");
      question.parts = {{"tts_text", text}, {"prompt_text", prompt + voice.transcript}};
    } else {
      question = route("inference_cross_lingual");
      question.parts = {{"tts_text", prompt + text}};
    }
    question.parts.push_back(recording);
    return question;
  }

  SpeechServer server_;
  int generation_ = 2;
};

}  // namespace

std::unique_ptr<VoiceEngine> make_cosyvoice_engine(const EngineConfiguration& configuration,
                                                   const Environment& environment,
                                                   std::shared_ptr<const HttpClient> client) {
  return std::make_unique<CosyVoiceEngine>(configuration, environment, std::move(client));
}

}  // namespace anima::voice
