#include "studio/render_options.h"

#include <gtest/gtest.h>

#include <functional>

#include "core/error.h"
#include "motion/blinks.h"

namespace anima::studio {
namespace {

RenderOptions valid() {
  RenderOptions options;
  options.person = "lieu";
  options.sound = "a.wav";
  options.output = "out.mp4";
  return options;
}

bool refused(const std::function<void(RenderOptions&)>& change) {
  RenderOptions options = valid();
  try {
    change(options);
    options.validate();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_FALSE(error.fix().empty());
    return true;
  }
  return false;
}

TEST(RenderOptions, DefaultsAreValid) {
  EXPECT_NO_THROW(valid().validate());
}

TEST(RenderOptions, BlinkIsReadFromWords) {
  RenderOptions options = valid();
  set_blink(options, "off");
  EXPECT_EQ(options.blink, BlinkMode::kOff);
  set_blink(options, "3.5");
  EXPECT_EQ(options.blink, BlinkMode::kPeriod);
  EXPECT_DOUBLE_EQ(options.blink_period_s, 3.5);
  set_blink(options, "natural");
  EXPECT_EQ(options.blink, BlinkMode::kNatural);
  for (const char* text : {"", "never", "-1", "1e9", "nan", "3.5.1", ".", "0.1", "0.59"}) {
    EXPECT_TRUE(refused([&](RenderOptions& o) { set_blink(o, text); })) << text;
  }
}

TEST(RenderOptions, EveryPeriodOfBlinksThatPassesCanBeMade) {
  for (const char* text : {"0.6", "3600"}) {
    RenderOptions options = valid();
    set_blink(options, text);
    EXPECT_NO_THROW(options.validate()) << text;
    EXPECT_NO_THROW(motion::BlinkGenerator({}, motion::BlinkMode::kPeriodic, options.blink_period_s, 1))
        << text;
  }
}

TEST(RenderOptions, PoseIsReadFromWords) {
  RenderOptions options = valid();
  set_pose(options, "static");
  EXPECT_EQ(options.pose, PoseMode::kStatic);
  set_pose(options, "10-25.5");
  EXPECT_EQ(options.pose, PoseMode::kRange);
  EXPECT_DOUBLE_EQ(options.pose_from_s, 10);
  EXPECT_DOUBLE_EQ(options.pose_to_s, 25.5);
  set_pose(options, "film");
  EXPECT_EQ(options.pose, PoseMode::kFilm);
  for (const char* text : {"", "10", "10-", "-5", "25-10", "1-1.5", "a-b", "1-2-3"}) {
    EXPECT_TRUE(refused([&](RenderOptions& o) { set_pose(o, text); })) << text;
  }
}

TEST(RenderOptions, BackgroundIsReadFromWords) {
  RenderOptions options = valid();
  set_background(options, "#0aFF7f");
  EXPECT_EQ(options.background, BackgroundMode::kColour);
  EXPECT_EQ(options.background_colour, (std::array<std::uint8_t, 3>{10, 255, 127}));
  set_background(options, "beach.jpg");
  EXPECT_EQ(options.background, BackgroundMode::kImage);
  EXPECT_EQ(options.background_image, "beach.jpg");
  set_background(options, "film");
  EXPECT_EQ(options.background, BackgroundMode::kFilm);
  for (const char* text : {"", "#12345", "#gg0000", "#1234567"}) {
    EXPECT_TRUE(refused([&](RenderOptions& o) { set_background(o, text); })) << text;
  }
}

TEST(RenderOptions, NamesTheWordThatWasMeant) {
  const auto fix_of = [](auto set, const char* text) {
    RenderOptions options = valid();
    try {
      set(options, text);
    } catch (const Error& error) {
      return error.fix();
    }
    return std::string("taken");
  };
  EXPECT_EQ(fix_of(set_blink, "of"), "did you mean 'off'?");
  EXPECT_EQ(fix_of(set_pose, "sattic"), "did you mean 'static'?");
  EXPECT_EQ(fix_of(set_background, "transparant"), "did you mean 'transparent'?");
  EXPECT_EQ(fix_of(set_background, "holiday.png"), "taken");
}

TEST(RenderOptions, TransparencyNeedsWebm) {
  EXPECT_TRUE(refused([](RenderOptions& o) { set_background(o, "transparent"); }));
  EXPECT_FALSE(refused([](RenderOptions& o) {
    set_background(o, "transparent");
    o.output = "out.webm";
  }));
}

TEST(RenderOptions, EveryKnobHasARange) {
  EXPECT_TRUE(refused([](RenderOptions& o) { o.mouth_amplitude = -0.1; }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.mouth_amplitude = 4; }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.lle_fraction = 1.1; }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.temperature = 5; }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.temperature = std::stod("nan"); }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.size_px = 63; }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.size_px = 513; }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.threads = -1; }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.output = "out.avi"; }));
  EXPECT_TRUE(refused([](RenderOptions& o) { o.output = "out"; }));
}

}  // namespace
}  // namespace anima::studio
