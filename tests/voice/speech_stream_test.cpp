#include "voice/speech_stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <filesystem>

#include "audio/join.h"
#include "audio/senone_scorer.h"
#include "core/error.h"
#include "voice/fallback_engine.h"

namespace anima::voice {
namespace {

// 0.1 s of a tone for each character, in pieces of 0.05 s; knows its word times.
class ToneEngine : public VoiceEngine {
 public:
  std::string name() const override { return "tone"; }
  EngineCapabilities capabilities() const override {
    EngineCapabilities capabilities;
    capabilities.word_timings = true;
    capabilities.text_limit_characters = limit;
    return capabilities;
  }
  EngineReadiness readiness() const override { return {true, {}, {}}; }
  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override {
    texts.push_back(request.text);
    surroundings.push_back(request.surrounding_language);
    if (request.text.find("fail") != std::string::npos) throw Error(ErrorCode::kExternal, "no");
    const int rate_hz = 16000;
    const int pieces = static_cast<int>(request.text.size()) * 2;
    for (int p = 0; p < pieces; ++p) {
      context.cancellation.throw_if_requested("speaking");
      SpeechPiece piece;
      piece.sound.sample_rate_hz = rate_hz;
      for (int i = 0; i < rate_hz / 20; ++i) {
        piece.sound.samples.push_back(0.5F *
                                      std::sin(0.1F * static_cast<float>(p * rate_hz / 20 + i) + 1.5F));
      }
      if (p == 0) piece.words.push_back({request.text, 0, pieces * 0.05});
      sink(piece);
      ++made;
    }
  }
  int limit = 0;
  std::vector<std::string> texts;
  std::vector<std::string> surroundings;
  std::atomic<int> made = 0;
};

TEST(SpeechStream, SpeaksClauseByClauseInOneTimeLine) {
  ToneEngine engine;
  std::vector<float> samples;
  std::vector<WordTiming> words;
  std::string text;
  SpeechStream stream(engine, {}, [&](const StreamedSpeech& piece) {
    EXPECT_EQ(piece.sound.sample_rate_hz, 24000);
    EXPECT_NEAR(piece.start_s * 24000, static_cast<double>(samples.size()), 0.5);
    EXPECT_LE(piece.sound.duration_s(), 0.05);
    samples.insert(samples.end(), piece.sound.samples.begin(), piece.sound.samples.end());
    words.insert(words.end(), piece.words.begin(), piece.words.end());
    text += piece.text;
  });
  for (const char c : std::string("One is here. Two is there! Three?")) stream.push(std::string(1, c));
  stream.finish();
  EXPECT_EQ(engine.texts.size(), 3U);
  EXPECT_EQ(text, "One is here. Two is there! Three?");
  ASSERT_EQ(words.size(), 3U);
  // 13 characters of 0.1 s, then the pause of a sentence.
  EXPECT_NEAR(words[1].start_s, 1.3 + text::natural_pause_s("here. "), 0.01);
  EXPECT_LT(audio::greatest_step(samples), 0.1F);
}

TEST(SpeechStream, HandsOutWhatWentWrong) {
  ToneEngine engine;
  SpeechStream stream(engine, {}, [](const StreamedSpeech&) {});
  stream.push("This will fail. And more.");
  EXPECT_THROW(stream.finish(), Error);
  SpeechStream thrown(engine, {}, [](const StreamedSpeech&) { throw Error(ErrorCode::kInternal, "sink"); });
  thrown.push("Hello there. ");
  EXPECT_THROW(thrown.finish(), Error);
}

TEST(SpeechStream, CancelStopsTheSinkAtOnce) {
  ToneEngine engine;
  std::atomic<int> heard = 0;
  std::mutex mutex;
  std::condition_variable first;
  auto stream = std::make_unique<SpeechStream>(engine, SpeechRequest{}, [&](const StreamedSpeech&) {
    ++heard;
    first.notify_all();
  });
  stream->push(
      "A long story begins here and it goes on. And on it goes, for ever and ever. And then some more of "
      "it. ");
  {
    std::unique_lock lock(mutex);
    first.wait(lock, [&] { return heard > 0; });
  }
  stream->cancel();
  const int at_stop = heard;
  const int made = engine.made;
  stream->push("Not this. ");
  EXPECT_NO_THROW(stream->finish());
  EXPECT_EQ(heard, at_stop);
  EXPECT_EQ(engine.made, made);
}

TEST(SpeechStream, TellsTheLanguageOfWhatWasSaidBefore) {
  ToneEngine engine;
  SpeechStream stream(engine, {}, [](const StreamedSpeech&) {});
  stream.push("圆周率大约等于：3.14159，他说ありがとう。ありがとう。2010。Then English. 13800138000.");
  stream.finish();
  const std::vector<std::string> texts = {"圆周率大约等于：", "3.14159，", "他说ありがとう。",
                                          "ありがとう。",     "2010。",    "Then English. ",
                                          "13800138000."};
  const std::vector<std::string> surroundings = {"", "zh", "zh", "zh", "zh", "zh", "en"};
  EXPECT_EQ(engine.texts, texts);
  EXPECT_EQ(engine.surroundings, surroundings);
  // Of a whole text its end is known from the beginning.
  ToneEngine second;
  SpeechRequest request;
  request.text = "2010。圆周率是。";
  speak_text(second, request, {});
  EXPECT_EQ(second.surroundings.front(), "zh");
}

TEST(SpeechStream, SpeaksNoMarkupHoweverItArrives) {
  const std::string text = "# Menu\n* **Fish** &amp; [chips](https://example.com/a)\n* `tea`\n";
  for (const std::size_t step : {std::size_t{1}, std::size_t{4}, text.size()}) {
    ToneEngine engine;
    std::string said;
    SpeechStream stream(engine, {}, [&](const StreamedSpeech& piece) { said += piece.text; });
    for (std::size_t at = 0; at < text.size(); at += step) stream.push(text.substr(at, step));
    stream.finish();
    EXPECT_EQ(said, text::without_markup(text));
    EXPECT_EQ(said.find_first_of("*#[`&]"), said.find('&')) << said;
    EXPECT_NE(said.find("Fish & chips."), std::string::npos) << said;
  }
}

TEST(SpeechStream, GivesAnEngineNoMoreThanItTakes) {
  ToneEngine engine;
  engine.limit = 20;
  SpeechRequest request;
  request.text = "Hello" + std::string(5000, ' ') + "world and all that is in it. " + std::string(300, '.');
  speak_text(engine, request, {});
  std::string all;
  for (const std::string& text : engine.texts) {
    EXPECT_LE(text.size(), 20U);
    all += text;
  }
  EXPECT_EQ(text::without_blank_runs(all).substr(0, 34), "Hello world and all that is in it.");
}

// Half a second of noise-free tone at its own rate, then dies. `words`: it gives their times.
class DyingEngine final : public VoiceEngine {
 public:
  explicit DyingEngine(bool words) : words_(words) {}
  std::string name() const override { return "dying"; }
  EngineCapabilities capabilities() const override { return {}; }
  EngineReadiness readiness() const override { return {true, {}, {}}; }
  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext&) override {
    SpeechPiece piece{.sound = {22050, std::vector<float>(11025, 0.9F)}, .words = {}, .phonemes = {}};
    if (words_) piece.words = {{request.text, 0, 0.5}};
    sink(piece);
    throw Error(ErrorCode::kExternal, "it died");
  }

 private:
  bool words_;
};

std::unique_ptr<VoiceEngine> dying_then_tone(bool words, std::vector<std::string>& warnings) {
  std::vector<std::unique_ptr<VoiceEngine>> engines;
  engines.push_back(std::make_unique<DyingEngine>(words));
  engines.push_back(std::make_unique<ToneEngine>());
  return make_fallback_engine(std::move(engines), [&](const std::string& text) { warnings.push_back(text); });
}

TEST(SpeechStream, AnotherEngineSaysAClauseOfWhichNothingWasLetOut) {
  std::vector<std::string> warnings;
  const auto engine = dying_then_tone(false, warnings);
  SpeechRequest request;
  request.text = "Hello there.";
  const SpokenText spoken = speak_text(*engine, request, {});
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NEAR(spoken.sound.duration_s(), 1.2 + text::natural_pause_s("there."), 0.05)
      << "none of the dead one's";
  for (const float sample : spoken.sound.samples) ASSERT_LT(std::abs(sample), 0.6F);
  ASSERT_EQ(spoken.words.size(), 1U) << "the words of the engine that spoke";
  EXPECT_NEAR(spoken.words[0].end_s, 1.2, 0.01);
}

TEST(SpeechStream, AClauseThatWasHeardIsNotSaidAgain) {
  std::vector<std::string> warnings;
  const auto engine = dying_then_tone(true, warnings);
  SpeechRequest request;
  request.text = "Hello there.";
  EXPECT_THROW(speak_text(*engine, request, {}), Error);
  EXPECT_TRUE(warnings.empty());
}

// Speaks as the tone engine does, and keeps the times of its words to itself.
class WordlessEngine final : public VoiceEngine {
 public:
  std::string name() const override { return "wordless"; }
  EngineCapabilities capabilities() const override { return {}; }
  EngineReadiness readiness() const override { return {true, {}, {}}; }
  void synthesize(const SpeechRequest& request, const SpeechSink& sink, const WorkContext& context) override {
    ToneEngine().synthesize(
        request,
        [&](SpeechPiece piece) {
          piece.words.clear();
          sink(piece);
        },
        context);
  }
};

TEST(SpeechStream, FindsWordsForWhicheverEngineSpeaks) {
  if (!std::filesystem::exists(audio::default_acoustic_model_folder() / "mdef"))
    GTEST_SKIP() << "the package pocketsphinx-en-us is not installed";
  class Silent final : public VoiceEngine {
   public:
    std::string name() const override { return "silent"; }
    EngineCapabilities capabilities() const override {
      EngineCapabilities capabilities;
      capabilities.word_timings = true;
      return capabilities;
    }
    EngineReadiness readiness() const override { return {true, {}, {}}; }
    void synthesize(const SpeechRequest&, const SpeechSink&, const WorkContext&) override {
      throw Error(ErrorCode::kExternal, "it is dead");
    }
  };
  std::vector<std::unique_ptr<VoiceEngine>> engines;
  engines.push_back(std::make_unique<Silent>());
  engines.push_back(std::make_unique<WordlessEngine>());
  const auto engine = make_fallback_engine(std::move(engines), {});
  SpeechRequest request;
  request.text = "Hello there.";
  request.language = "en";
  EXPECT_EQ(speak_text(*engine, request, {}).words.size(), 2U)
      << "what the preferred engine can says nothing of the one that speaks";
}

TEST(SpeechStream, NothingToSayIsNoSound) {
  ToneEngine engine;
  const SpokenText spoken = speak_text(engine, {}, {});
  EXPECT_TRUE(spoken.sound.samples.empty());
}

}  // namespace
}  // namespace anima::voice
