// The engines that hear over HTTP, each against a server of our own that behaves as the provider does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base64.h"
#include "core/error.h"
#include "hearing/gemini_engine.h"
#include "hearing/hearing_registry.h"
#include "hearing/openai_transcription_engine.h"
#include "hearing/zhipu_transcription_engine.h"
#include "support/loopback_server.h"

namespace anima::hearing {
namespace {

using test::event;
using test::LoopbackConnection;
using test::LoopbackRequest;
using test::LoopbackServer;
using testing::HasSubstr;
using testing::Not;

// Bursts of a tone of `burst_s`, half a second apart.
Sound bursts(int count, double burst_s) {
  Sound sound{16000, {}};
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < static_cast<int>(burst_s * 16000); ++j)
      sound.samples.push_back(static_cast<float>(0.3 * std::sin(j * 0.3)));
    sound.samples.resize(sound.samples.size() + 8000, 0.0F);
  }
  return sound;
}

EngineConfiguration engine_at(const std::string& kind, const std::string& address,
                              const std::string& key = {}) {
  EngineConfiguration configuration;
  configuration.name = kind;
  configuration.kind = kind;
  configuration.address = address;
  configuration.key = key;
  configuration.timeout_s = 10;
  return configuration;
}

Environment with_key(const std::string& name) {
  return Environment(std::map<std::string, std::string>{{name, "sk-hidden-word"}});
}

std::shared_ptr<const HttpClient> client() {
  return std::make_shared<const HttpClient>();
}

Error error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return Error(ErrorCode::kInternal, "none");
}

std::size_t wav_bytes(const LoopbackRequest& request) {
  return request.part_contents().at("file").size();
}

TEST(OpenAiTranscription, AsksForTimesAndReadsThem) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(
        200, "application/json",
        R"({"text":" Hello world. ","language":"english","words":[{"word":"Hello","start":0.1,"end":0.5},
                        {"word":" world.","start":0.5,"end":1.0},{"word":"bad","start":3,"end":1},{"start":1}]})");
  });
  EngineConfiguration configuration = engine_at("openai", server.url("/v1"), "MY_KEY");
  configuration.model = "whisper-large-v3";
  const auto engine = make_openai_transcription_engine(configuration, with_key("MY_KEY"), client());
  const Transcript transcript = engine->transcribe(bursts(1, 2), {.language = "en", .prompt = "Anima"}, {});
  EXPECT_EQ(transcript.text, "Hello world.");
  EXPECT_EQ(transcript.language, "en");
  EXPECT_EQ(transcript.times, TimeSource::kRecogniser);
  ASSERT_EQ(transcript.words.size(), 2U);
  EXPECT_EQ(transcript.words[1].word, "world.");
  EXPECT_NEAR(transcript.words[1].start_s, 0.5, 0.25);

  const LoopbackRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/v1/audio/transcriptions");
  EXPECT_EQ(seen.header("authorization"), "Bearer sk-hidden-word");
  const auto parts = seen.part_contents();
  EXPECT_EQ(parts.at("model"), "whisper-large-v3");
  EXPECT_EQ(parts.at("response_format"), "verbose_json");
  EXPECT_EQ(parts.at("timestamp_granularities[]"), "word");
  EXPECT_EQ(parts.at("language"), "en");
  EXPECT_EQ(parts.at("prompt"), "Anima");
  EXPECT_THAT(parts.at("file"), testing::StartsWith("RIFF"));
}

TEST(OpenAiTranscription, ShowsWordsWithTheMarksOfTheText) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "application/json",
                     R"({"text":"Well, hello! You?","words":[{"word":"Well","start":0.1,"end":0.3},
                         {"word":"hello","start":0.3,"end":0.6},{"word":"You","start":0.7,"end":1}]})");
  });
  const auto engine =
      make_openai_transcription_engine(engine_at("openai", server.url()), Environment(), client());
  const Transcript transcript = engine->transcribe(bursts(1, 2), {}, {});
  ASSERT_EQ(transcript.words.size(), 3U);
  EXPECT_EQ(transcript.words[0].word, "Well,");
  EXPECT_EQ(transcript.words[1].word, "hello!");
  EXPECT_EQ(transcript.words[2].word, "You?");
}

TEST(OpenAiTranscription, SpreadsTheTimeOfASegment) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(
        200, "application/json",
        R"({"text":"你好吗","language":"chinese","segments":[{"start":0,"end":1.5,"text":"你好吗"}]})");
  });
  const auto engine =
      make_openai_transcription_engine(engine_at("openai", server.url()), Environment(), client());
  const Transcript transcript = engine->transcribe(bursts(1, 2), {}, {});
  EXPECT_EQ(transcript.language, "zh");
  EXPECT_EQ(transcript.times, TimeSource::kEstimated);
  ASSERT_EQ(transcript.words.size(), 3U);
  EXPECT_NEAR(transcript.words[1].end_s - transcript.words[1].start_s, 0.5, 1e-6);
}

TEST(OpenAiTranscription, TakesPlainTextAndModelsWithoutTimes) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "text/plain; charset=utf-8", "Plain words\n");
  });
  EngineConfiguration configuration = engine_at("openai", server.url());
  configuration.model = "gpt-4o-transcribe";
  const Transcript transcript = make_openai_transcription_engine(configuration, Environment(), client())
                                    ->transcribe(bursts(1, 1), {}, {});
  EXPECT_EQ(transcript.text, "Plain words");
  EXPECT_EQ(transcript.times, TimeSource::kNone);
  EXPECT_EQ(server.requests().at(0).part_contents().at("response_format"), "json");
}

TEST(OpenAiTranscription, NamesFaults) {
  struct Fault {
    int status;
    const char* type;
    const char* body;
    ErrorCode code;
  };
  const Fault faults[] = {
      {200, "text/html", "<html>", ErrorCode::kExternal},
      {200, "application/json", "{\"text\":5}", ErrorCode::kExternal},
      {200, "application/json", "{\"text\":", ErrorCode::kExternal},
      {200, "text/plain", "\xFF\xFE", ErrorCode::kExternal},
      {200, "application/json", R"({"error":{"message":"no model","code":"x"}})", ErrorCode::kExternal},
      {413, "application/json", R"({"error":{"message":"too large"}})", ErrorCode::kExternal},
      {401, "application/json", "{}", ErrorCode::kNotReady},
      {500, "text/plain", "boom", ErrorCode::kExternal},
  };
  for (const Fault& fault : faults) {
    LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
      connection.reply(fault.status, fault.type, fault.body);
    });
    const auto engine =
        make_openai_transcription_engine(engine_at("openai", server.url()), Environment(), client());
    const Error error = error_of([&] { engine->transcribe(bursts(1, 1), {}, {}); });
    EXPECT_EQ(name_of(error.code()), name_of(fault.code)) << fault.body;
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST(OpenAiTranscription, AsksNobodyAboutSilence) {
  LoopbackServer server(
      [](const LoopbackRequest&, LoopbackConnection& connection) { connection.reply(500, "", ""); });
  const auto engine =
      make_openai_transcription_engine(engine_at("openai", server.url()), Environment(), client());
  EXPECT_EQ(engine->transcribe(Sound{16000, std::vector<float>(160000, 0.0F)}, {}, {}).text, "");
  EXPECT_TRUE(server.requests().empty());
}

TEST(ZhipuTranscription, CutsToThirtySecondsAndJoins) {
  std::atomic<int> count{0};
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "application/json",
                     "{\"id\":\"1\",\"text\":\"第" + std::to_string(++count) + "段。\"}");
  });
  const auto engine = make_zhipu_transcription_engine(engine_at("zhipu", server.url(), "ZHIPU_API_KEY"),
                                                      with_key("ZHIPU_API_KEY"), client());
  const Transcript transcript = engine->transcribe(bursts(16, 4.5), {.language = "zh"}, {});  // 80 s
  EXPECT_EQ(transcript.text, "第1段。第2段。第3段。第4段。");
  EXPECT_EQ(transcript.times, TimeSource::kNone);
  for (const LoopbackRequest& request : server.requests()) {
    EXPECT_EQ(request.path, "/audio/transcriptions");
    EXPECT_EQ(request.part_contents().at("model"), "glm-asr-2512");
    EXPECT_LE(wav_bytes(request), 44U + 30U * 32000U);
  }
}

TEST(ZhipuTranscription, UnderstandsEventsAndErrorsInThem) {
  std::string stream = event(R"({"type":"transcript.text.delta","delta":"你"})") +
                       event(R"({"type":"transcript.text.delta","delta":"好"})") + event("[DONE]");
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "text/event-stream", stream);
  });
  const auto engine =
      make_zhipu_transcription_engine(engine_at("zhipu", server.url(), "K"), with_key("K"), client());
  EXPECT_EQ(engine->transcribe(bursts(1, 2), {}, {}).text, "你好");
  stream = event(R"({"error":{"code":"1301","message":"敏感"}})");
  EXPECT_THAT(error_of([&] { engine->transcribe(bursts(1, 2), {}, {}); }).what(), HasSubstr("敏感"));
}

TEST(ZhipuTranscription, StopsWhereTheQuotaIsOut) {
  LoopbackServer server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(429, "application/json", R"({"error":{"code":"1308","message":"用量已达上限"}})");
  });
  const auto engine =
      make_zhipu_transcription_engine(engine_at("zhipu", server.url(), "K"), with_key("K"), client());
  const Error error = error_of([&] { engine->transcribe(bursts(1, 2), {}, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kResourceExhausted);
  EXPECT_THAT(error.what(), Not(HasSubstr("hidden-word")));
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(GeminiEngine, SendsTheSoundAndKeepsTheKeyOutOfTheUrl) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(
        200, "application/json",
        R"({"candidates":[{"content":{"parts":[{"text":"thinking","thought":true},{"text":"Hello "},
                        {"text":"there.\n"}],"role":"model"},"finishReason":"STOP"}]})");
  });
  const auto engine = make_gemini_engine(engine_at("gemini", server.url("/v1beta"), "GEMINI_API_KEY"),
                                         with_key("GEMINI_API_KEY"), client());
  EXPECT_EQ(engine->transcribe(bursts(1, 2), {}, {}).text, "Hello there.");
  const LoopbackRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/v1beta/models/gemini-2.5-flash:generateContent");
  EXPECT_EQ(seen.query, "");
  EXPECT_EQ(seen.header("x-goog-api-key"), "sk-hidden-word");
  const auto body = nlohmann::json::parse(seen.body);
  EXPECT_EQ(body["generationConfig"]["thinkingConfig"]["thinkingBudget"], 0);
  const auto& parts = body["contents"][0]["parts"];
  EXPECT_EQ(body["contents"][0]["role"], "user");
  EXPECT_EQ(parts[0]["inline_data"]["mime_type"], "audio/wav");
  EXPECT_EQ(decode_base64(parts[0]["inline_data"]["data"].get<std::string>()).at(0), std::byte{'R'});
  EXPECT_TRUE(parts[1]["text"].is_string());
}

TEST(GeminiEngine, NamesFaults) {
  const std::pair<std::string, std::string> faults[] = {
      {R"({"candidates":[{"finishReason":"SAFETY"}]})", "SAFETY"},
      {R"({"candidates":[{"content":{"parts":[{"text":"half"}]},"finishReason":"MAX_TOKENS"}]})",
       "MAX_TOKENS"},
      {R"({"promptFeedback":{"blockReason":"OTHER"}})", "gave no answer"},
      {"nonsense", "gave no answer"},
  };
  for (const auto& [body, says] : faults) {
    LoopbackServer server([&, &text = body](const LoopbackRequest&, LoopbackConnection& connection) {
      connection.reply(200, "application/json", text);
    });
    const auto engine = make_gemini_engine(engine_at("gemini", server.url(), "K"), with_key("K"), client());
    EXPECT_THAT(error_of([&] { engine->transcribe(bursts(1, 1), {}, {}); }).what(), HasSubstr(says));
  }
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(
        400, "application/json",
        R"({"error":{"code":400,"message":"API key not valid: sk-hidden-word","status":"INVALID_ARGUMENT",
                        "details":[{"reason":"API_KEY_INVALID"}]}})");
  });
  const auto engine = make_gemini_engine(engine_at("gemini", server.url(), "K"), with_key("K"), client());
  const Error error = error_of([&] { engine->transcribe(bursts(1, 1), {}, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kNotReady);
  EXPECT_THAT(error.what(), Not(HasSubstr("hidden-word")));
}

TEST(HearingStream, CollectsForEnginesThatDoNotStream) {
  LoopbackServer server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.reply(200, "application/json", R"({"text":"all of it"})");
  });
  const auto engine =
      make_openai_transcription_engine(engine_at("openai", server.url()), Environment(), client());
  const auto stream = engine->open_stream({});
  const Sound sound = bursts(1, 2);
  for (std::size_t i = 0; i < sound.samples.size(); i += 777) {
    stream->push(std::span(sound.samples).subspan(i, std::min<std::size_t>(777, sound.samples.size() - i)),
                 {});
    EXPECT_EQ(stream->partial(), "");
  }
  EXPECT_EQ(stream->finish({}).text, "all of it");
  WorkContext stopped;
  stopped.cancellation.request();
  EXPECT_EQ(error_of([&] { stream->push(sound.samples, stopped); }).code(), ErrorCode::kCancelled);
}

// Hears one word, or fails.
class PlayedEngine final : public HearingEngine {
 public:
  PlayedEngine(std::string name, std::optional<ErrorCode> failure)
      : name_(std::move(name)), failure_(failure) {}
  std::string name() const override { return name_; }
  HearingCapabilities capabilities() const override { return {}; }
  EngineReadiness readiness() const override { return {.ready = !failure_}; }
  Transcript transcribe(const Sound&, const HearingRequest&, const WorkContext&) override {
    if (failure_) throw Error(*failure_, name_ + " failed");
    return {name_, "en", {}, TimeSource::kNone};
  }

 private:
  std::string name_;
  std::optional<ErrorCode> failure_;
};

TEST(HearingRegistry, FallsBackAloud) {
  const auto heard_with = [](ErrorCode first, std::vector<std::string>& warnings) {
    HearingRegistry registry{Environment()};
    registry.add_kind("first", [first](const EngineConfiguration& c) {
      return std::make_unique<PlayedEngine>(c.name, first);
    });
    registry.add_kind("second", [](const EngineConfiguration& c) {
      return std::make_unique<PlayedEngine>(c.name, std::nullopt);
    });
    const AbilityConfiguration ability{.order = {"first", "second"}, .engines = {}};
    const auto engine =
        registry.make_ordered(ability, [&](const std::string& text) { warnings.push_back(text); });
    EXPECT_TRUE(engine->readiness().ready);
    return engine->transcribe({}, {}, {}).text;
  };
  std::vector<std::string> warnings;
  EXPECT_EQ(heard_with(ErrorCode::kExternal, warnings), "second");
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("first failed; 'second' listens instead"));
  EXPECT_EQ(error_of([&] { heard_with(ErrorCode::kCancelled, warnings); }).code(), ErrorCode::kCancelled);
}

// Understands each pushed sample as a letter; fails at the push or at the end, as told.
class SpellingEngine final : public HearingEngine {
 public:
  SpellingEngine(std::string name, int failing_push, bool failing_end)
      : name_(std::move(name)), failing_push_(failing_push), failing_end_(failing_end) {}
  std::string name() const override { return name_; }
  HearingCapabilities capabilities() const override { return {}; }
  EngineReadiness readiness() const override { return {.ready = true}; }
  Transcript transcribe(const Sound&, const HearingRequest&, const WorkContext&) override { return {}; }
  std::unique_ptr<HearingStream> open_stream(const HearingRequest&) override {
    class Stream final : public HearingStream {
     public:
      explicit Stream(const SpellingEngine& engine) : engine_(engine) {}
      void push(std::span<const float> samples, const WorkContext&) override {
        if (++pushes_ == engine_.failing_push_) throw Error(ErrorCode::kExternal, "line lost");
        for (const float sample : samples) text_ += static_cast<char>(std::lround(sample));
      }
      std::string partial() const override { return text_; }
      Transcript finish(const WorkContext&) override {
        if (engine_.failing_end_) throw Error(ErrorCode::kTimeout, "no answer");
        return {text_, "en", {}, TimeSource::kNone};
      }

     private:
      const SpellingEngine& engine_;
      int pushes_ = 0;
      std::string text_;
    };
    return std::make_unique<Stream>(*this);
  }

 private:
  std::string name_;
  int failing_push_;
  bool failing_end_;
};

TEST(HearingRegistry, TheNextEngineHearsTheWholeUtterance) {
  struct Case {
    int failing_push;
    bool failing_end;
  };
  for (const Case& failing : {Case{1, false}, Case{2, false}, Case{0, true}}) {
    HearingRegistry registry{Environment()};
    registry.add_kind("first", [&](const EngineConfiguration& c) {
      return std::make_unique<SpellingEngine>(c.name, failing.failing_push, failing.failing_end);
    });
    registry.add_kind("second", [](const EngineConfiguration& c) {
      return std::make_unique<SpellingEngine>(c.name, 0, false);
    });
    std::vector<std::string> warnings;
    const auto engine = registry.make_ordered({.order = {"first", "second"}, .engines = {}},
                                              [&](const std::string& text) { warnings.push_back(text); });
    const auto stream = engine->open_stream({});
    const std::vector<float> sound = {'a', 'b', 'c'};
    stream->push(std::span(sound).first(1), {});
    stream->push(std::span(sound).subspan(1), {});
    EXPECT_EQ(stream->partial(), "abc");
    const Transcript said = stream->finish({});
    EXPECT_EQ(said.text, "abc");
    EXPECT_EQ(said.engine, "second");
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_THAT(warnings[0], HasSubstr("'second' listens instead"));
  }
}

TEST(HearingRegistry, AStreamThatNobodyCanHearThrowsTheFirstError) {
  HearingRegistry registry{Environment()};
  for (const char* kind : {"first", "second"}) {
    registry.add_kind(kind, [](const EngineConfiguration& c) {
      return std::make_unique<SpellingEngine>(c.name, c.name == "first" ? 1 : 0, true);
    });
  }
  const auto engine = registry.make_ordered({.order = {"first", "second"}, .engines = {}}, {});
  const auto stream = engine->open_stream({});
  const std::vector<float> sound = {'a'};
  stream->push(sound, {});
  EXPECT_THAT(error_of([&] { stream->finish({}); }).what(), HasSubstr("line lost"));
}

TEST(HearingRegistry, ListsEnginesAndWhatTheyNeed) {
  HearingRegistry registry{Environment()};
  const auto list = registry.list({.order = {"zhipu"}, .engines = {}});
  EXPECT_EQ(list.at(0).name, "zhipu");
  EXPECT_TRUE(list[0].in_order);
  EXPECT_FALSE(list[0].readiness.ready);
  EXPECT_THAT(list[0].readiness.what_to_do, HasSubstr("ZHIPU_API_KEY"));
  EXPECT_EQ(list.size(), registry.kinds().size());
  EXPECT_EQ(error_of([&] { registry.make(engine_at("ears", "")); }).code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace anima::hearing
