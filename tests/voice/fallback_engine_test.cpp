#include "voice/fallback_engine.h"

#include <gmock/gmock.h>

#include "support/speech_fixtures.h"

namespace anima::voice {
namespace {

using test::error_of;
using test::speak;
using testing::ElementsAre;
using testing::HasSubstr;

// Speaks one sample of `value`, or fails.
class PlayedEngine final : public VoiceEngine {
 public:
  PlayedEngine(std::string name, float value, std::vector<std::string> languages = {})
      : name_(std::move(name)), value_(value), languages_(std::move(languages)) {}

  std::string name() const override { return name_; }
  EngineCapabilities capabilities() const override {
    EngineCapabilities capabilities;
    capabilities.languages = languages_;
    capabilities.text_limit_characters = limit;
    capabilities.clones = clones;
    capabilities.voice_is_chosen = voice_is_chosen;
    capabilities.ignores_speed = ignores_speed;
    return capabilities;
  }
  EngineReadiness readiness() const override {
    return {.ready = !failure, .needs = {name_}, .what_to_do = {}};
  }
  void synthesize(const SpeechRequest&, const SpeechSink& sink, const WorkContext&) override {
    ++calls;
    if (failure && !late) throw Error(*failure, name_ + " failed");
    sink(SpeechPiece{.sound = {16000, {value_}}, .words = {}, .phonemes = {}});
    if (failure) throw Error(*failure, name_ + " failed late");
  }

  std::optional<ErrorCode> failure;
  bool late = false;
  int limit = 0;
  bool clones = false;
  bool voice_is_chosen = false;
  bool ignores_speed = false;
  int calls = 0;

 private:
  std::string name_;
  float value_;
  std::vector<std::string> languages_;
};

struct Played {
  std::vector<PlayedEngine*> engines;
  std::vector<std::string> warnings;
  std::unique_ptr<VoiceEngine> fallback;

  explicit Played(std::vector<std::string> first_languages = {}) {
    std::vector<std::unique_ptr<VoiceEngine>> owned;
    auto first = std::make_unique<PlayedEngine>("first", 0.1F, std::move(first_languages));
    auto second = std::make_unique<PlayedEngine>("second", 0.2F);
    engines = {first.get(), second.get()};
    owned.push_back(std::move(first));
    owned.push_back(std::move(second));
    fallback =
        make_fallback_engine(std::move(owned), [this](const std::string& text) { warnings.push_back(text); });
  }
};

TEST(FallbackEngine, PrefersTheFirst) {
  Played played;
  EXPECT_THAT(speak(*played.fallback, "a").sound.samples, ElementsAre(0.1F));
  EXPECT_TRUE(played.warnings.empty());
  EXPECT_EQ(played.engines[1]->calls, 0);
}

TEST(FallbackEngine, FallsBackAloudAndLetsTheDeadRest) {
  Played played;
  played.engines[0]->failure = ErrorCode::kExternal;
  EXPECT_THAT(speak(*played.fallback, "a").sound.samples, ElementsAre(0.2F));
  ASSERT_EQ(played.warnings.size(), 1U);
  EXPECT_THAT(played.warnings[0], HasSubstr("first failed; 'second' speaks instead"));
  speak(*played.fallback, "b");
  EXPECT_EQ(played.engines[0]->calls, 1) << "a dead engine was asked for every clause";
  EXPECT_TRUE(played.fallback->readiness().ready);
}

TEST(FallbackEngine, DoesNotHideWhatTheRequestIsToBlameFor) {
  for (const ErrorCode code : {ErrorCode::kInvalidArgument, ErrorCode::kCancelled}) {
    Played played;
    played.engines[0]->failure = code;
    EXPECT_EQ(error_of([&] { speak(*played.fallback, "a"); }).code(), code);
    EXPECT_EQ(played.engines[1]->calls, 0);
  }
}

TEST(FallbackEngine, DoesNotChangeTheVoiceInsideASentence) {
  Played played;
  played.engines[0]->failure = ErrorCode::kExternal;
  played.engines[0]->late = true;
  EXPECT_THAT(error_of([&] { speak(*played.fallback, "a"); }).what(), HasSubstr("failed late"));
  EXPECT_EQ(played.engines[1]->calls, 0);
}

TEST(FallbackEngine, ThrowsTheFirstErrorWhenAllFail) {
  Played played;
  played.engines[0]->failure = ErrorCode::kTimeout;
  played.engines[1]->failure = ErrorCode::kNotReady;
  EXPECT_EQ(error_of([&] { speak(*played.fallback, "a"); }).code(), ErrorCode::kTimeout);
  EXPECT_FALSE(played.fallback->readiness().ready);
}

TEST(FallbackEngine, PassesALanguageOnThatTheFirstDoesNotSpeak) {
  Played played({"en"});
  SpeechRequest request;
  request.text = "你好";
  request.language = "zh";
  EXPECT_THAT(speak(*played.fallback, request).sound.samples, ElementsAre(0.2F));
  EXPECT_THAT(played.warnings.at(0), HasSubstr("does not speak 'zh'"));
  EXPECT_THAT(speak(*played.fallback, "hello").sound.samples, ElementsAre(0.1F))
      << "it can still speak English";
}

TEST(FallbackEngine, TakesNoMoreTextThanAnyOfThemTakes) {
  Played played;
  EXPECT_EQ(played.fallback->capabilities().text_limit_characters, 0);
  played.engines[0]->limit = 3000;
  EXPECT_EQ(played.fallback->capabilities().text_limit_characters, 3000);
  played.engines[1]->limit = 1024;
  EXPECT_EQ(played.fallback->capabilities().text_limit_characters, 1024);
}

SpeechRequest in_a_voice() {
  SpeechRequest request;
  request.text = "a";
  request.voice.name = "ada";
  request.voice.recording = "ada.wav";
  return request;
}

TEST(FallbackEngine, PrefersAnEngineThatSpeaksInTheVoice) {
  Played played;
  played.engines[1]->clones = true;
  for (int clause = 0; clause < 3; ++clause)
    EXPECT_THAT(speak(*played.fallback, in_a_voice()).sound.samples, ElementsAre(0.2F));
  ASSERT_EQ(played.warnings.size(), 1U) << "once, not for every clause";
  EXPECT_THAT(played.warnings[0], HasSubstr("'first' cannot speak in the voice ada; 'second' speaks"));
  EXPECT_THAT(speak(*played.fallback, "a").sound.samples, ElementsAre(0.1F)) << "where no voice is asked for";
}

TEST(FallbackEngine, KeepsTheOrderWhereTheServerHasTheVoice) {
  SpeechRequest stored = in_a_voice();
  stored.voice.server_voices["first"] = "voice_1";
  Played played;
  played.engines[1]->clones = true;
  EXPECT_THAT(speak(*played.fallback, stored).sound.samples, ElementsAre(0.1F));
  Played named;
  named.engines[0]->voice_is_chosen = true;
  named.engines[1]->clones = true;
  EXPECT_THAT(speak(*named.fallback, in_a_voice()).sound.samples, ElementsAre(0.1F));
  EXPECT_TRUE(played.warnings.empty() && named.warnings.empty());
}

TEST(FallbackEngine, SaysWhereAStrangerSpeaks) {
  Played played;
  for (int clause = 0; clause < 3; ++clause)
    EXPECT_THAT(speak(*played.fallback, in_a_voice()).sound.samples, ElementsAre(0.1F));
  ASSERT_EQ(played.warnings.size(), 1U);
  EXPECT_THAT(played.warnings[0],
              HasSubstr("'first' cannot speak in the voice ada: it speaks in one of its own"));
  // Also where the one that clones has failed.
  Played failing;
  failing.engines[1]->clones = true;
  failing.engines[1]->failure = ErrorCode::kExternal;
  EXPECT_THAT(speak(*failing.fallback, in_a_voice()).sound.samples, ElementsAre(0.1F));
  ASSERT_EQ(failing.warnings.size(), 3U);
  EXPECT_THAT(failing.warnings[1], HasSubstr("second failed; 'first' speaks instead"));
  EXPECT_THAT(failing.warnings[2], HasSubstr("one of its own"));
}

TEST(FallbackEngine, SaysOnceThatTheSpeedIsIgnored) {
  Played played;
  played.engines[0]->ignores_speed = true;
  SpeechRequest request;
  request.text = "a";
  speak(*played.fallback, request);
  EXPECT_TRUE(played.warnings.empty());
  request.speed = 1.5;
  speak(*played.fallback, request);
  speak(*played.fallback, request);
  ASSERT_EQ(played.warnings.size(), 1U);
  EXPECT_THAT(played.warnings[0], HasSubstr("'first' cannot change its speed: 1.5 is ignored"));
}

TEST(FallbackEngine, ARecordingThatOneEngineCannotUseMaySuitTheNext) {
  Played played;
  played.engines[0]->failure = ErrorCode::kUnusableInput;
  speak(*played.fallback, "a");
  EXPECT_THAT(speak(*played.fallback, "a").sound.samples, ElementsAre(0.2F));
  EXPECT_EQ(played.engines[0]->calls, 2) << "another voice may suit it";
  EXPECT_EQ(played.warnings.size(), 1U);
}

TEST(FallbackEngine, StartsOverWhereNothingWasLetOut) {
  Played played;
  played.engines[0]->failure = ErrorCode::kExternal;
  played.engines[0]->late = true;
  std::vector<float> held;
  SpeechRequest request;
  request.text = "a";
  request.start_over = [&] {
    held.clear();
    return true;
  };
  played.fallback->synthesize(
      request, [&](const SpeechPiece& piece) { held.push_back(piece.sound.samples.at(0)); }, {});
  EXPECT_THAT(held, ElementsAre(0.2F));
  EXPECT_THAT(played.warnings.at(0), HasSubstr("failed late; 'second' speaks instead"));
}

TEST(FallbackEngine, NeedsAnEngine) {
  EXPECT_EQ(error_of([] { make_fallback_engine({}, {}); }).code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace anima::voice
