#include "studio/say_workflow.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "media/film_info.h"
#include "studio/house_presenter.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

void ignore(const std::string&) {}

class SayWorkflow : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(has_house_avatar() && has_house_voice()) << "assets/ is not whole";
    options_.film.person = kHousePresenter;
    options_.film.size_px = 96;
    options_.film.output = folder_.path() / "film.mp4";
  }
  fs::path root() const { return folder_.path() / "library"; }

  TemporaryFolder folder_;
  SayOptions options_;
};

TEST_F(SayWorkflow, MakesAFilmWithSoundAndCaptionsInBothLanguages) {
  options_.speech.text = "Hello. 你好。";
  const SayResult result = say(root(), options_, ignore, {});
  const media::FilmInfo info = media::probe_film(result.film.film);
  EXPECT_TRUE(info.has_sound);
  EXPECT_TRUE(info.ai_generated);
  EXPECT_NEAR(info.duration_s, result.speech_s, 0.15);
  EXPECT_NEAR(result.film.frames, result.speech_s * 25, 2);
  EXPECT_EQ(result.voice, "mira");
  EXPECT_EQ(result.subtitles, folder_.path() / "film.srt");
  const std::string captions = read_text_file(result.subtitles, 10000);
  EXPECT_NE(captions.find("Hello."), std::string::npos) << captions;
  EXPECT_NE(captions.find("你好。"), std::string::npos) << captions;
}

TEST_F(SayWorkflow, LeavesCaptionsOutOrElsewhere) {
  options_.speech.text = "Hi.";
  options_.with_subtitles = false;
  EXPECT_TRUE(say(root(), options_, ignore, {}).subtitles.empty());
  EXPECT_FALSE(fs::exists(folder_.path() / "film.srt"));
  options_.with_subtitles = true;
  options_.subtitles = folder_.path() / "other.vtt";
  EXPECT_EQ(read_text_file(say(root(), options_, ignore, {}).subtitles, 10000).find("WEBVTT"), 0U);
  EXPECT_FALSE(fs::exists(root())) << "English needs no cache";
}

TEST_F(SayWorkflow, AStopLeavesNothing) {
  options_.speech.text = "This takes a while, so there is time to stop it before it is done.";
  WorkContext context;
  context.progress = [&](const Progress& progress) {
    if (progress.stage == "rendering") context.cancellation.request();
  };
  EXPECT_THROW(say(root(), options_, ignore, context), Error);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(SayWorkflow, WhatIsWrongIsSaidBeforeAnythingIsSpoken) {
  options_.speech.text = "Hello.";
  WorkContext context;
  context.progress = [&](const Progress& progress) { ADD_FAILURE() << progress.stage; };
  for (const std::function<void(SayOptions&)>& spoil :
       {std::function<void(SayOptions&)>([](SayOptions& o) { o.film.person = "nobody"; }),
        std::function<void(SayOptions&)>([](SayOptions& o) { o.voice = "nobody"; }),
        std::function<void(SayOptions&)>([](SayOptions& o) { o.speech.speed = 9; }),
        std::function<void(SayOptions&)>([](SayOptions& o) { o.film.size_px = 1; }),
        std::function<void(SayOptions&)>([](SayOptions& o) { o.speech.text.clear(); })}) {
    SayOptions spoiled = options_;
    spoil(spoiled);
    EXPECT_THROW(say(root(), spoiled, ignore, context), Error);
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

}  // namespace
}  // namespace anima::studio
