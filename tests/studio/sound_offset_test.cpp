#include "studio/sound_offset.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace anima::studio {
namespace {

motion::SoundLag certain_lag(double lag_ms) {
  motion::SoundLag lag;
  lag.doubt = motion::LagDoubt::kNone;
  lag.lag_ms = lag_ms;
  lag.low_ms = lag_ms - 22;
  lag.high_ms = lag_ms + 22;
  return lag;
}

TEST(SoundOffset, IsMillisecondsOrMeasured) {
  EXPECT_TRUE(read_sound_offset("auto").measure);
  EXPECT_EQ(read_sound_offset("80").ms, 80);
  EXPECT_EQ(read_sound_offset("+80").ms, 80);
  EXPECT_EQ(read_sound_offset("-200.5").ms, -200.5);
  EXPECT_FALSE(read_sound_offset("-80").measure);
  for (const char* wrong : {"", "+", "late", "80ms", "1e9", "-2001", "nan", "inf", "Auto"}) {
    try {
      read_sound_offset(wrong);
      FAIL() << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument) << wrong;
    }
  }
}

TEST(SoundOffset, NamesTheWordThatWasMeant) {
  try {
    read_sound_offset("atuo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fix(), "did you mean 'auto'?");
  }
}

TEST(SoundOffset, AutoFollowsACertainLagOnly) {
  const SoundOffset measured{.measure = true};
  EXPECT_EQ(choose_offset(measured, certain_lag(86.2)).ms, 86);
  EXPECT_EQ(choose_offset(measured, certain_lag(-200)).ms, -200);
  EXPECT_TRUE(choose_offset(measured, certain_lag(86)).warning.empty());
  EXPECT_EQ(choose_offset(measured, certain_lag(12)).ms, 0) << "within the measurement's own error";
  motion::SoundLag doubtful = certain_lag(300);
  doubtful.doubt = motion::LagDoubt::kNoMatch;
  EXPECT_EQ(choose_offset(measured, doubtful).ms, 0);
  EXPECT_NE(choose_offset(measured, doubtful).warning.find("not certain"), std::string::npos);
}

TEST(SoundOffset, AStatedOneStandsAndIsWarnedOfWhereTheFilmSaysOtherwise) {
  EXPECT_EQ(choose_offset({}, certain_lag(10)).warning, "");
  EXPECT_EQ(choose_offset({}, certain_lag(86)).ms, 0);
  EXPECT_NE(choose_offset({}, certain_lag(86)).warning.find("86 ms after the lips"), std::string::npos);
  EXPECT_NE(choose_offset({}, certain_lag(-86)).warning.find("86 ms before the lips"), std::string::npos);
  EXPECT_EQ(choose_offset({.ms = 80}, certain_lag(86)).warning, "");
  EXPECT_EQ(choose_offset({.ms = 80}, certain_lag(86)).ms, 80);
  EXPECT_NE(choose_offset({.ms = -80}, certain_lag(86)).warning.find("you gave -80"), std::string::npos);
  EXPECT_EQ(choose_offset({}, motion::SoundLag{}).warning, "") << "nothing is known: nothing is said";
}

TEST(SoundOffset, ASoundIsMovedAgainstTheFilm) {
  const Sound sound{1000, {1, 2, 3, 4}};
  EXPECT_EQ(moved_earlier(sound, 0).samples, sound.samples);
  EXPECT_EQ(moved_earlier(sound, 1).samples, (std::vector<float>{2, 3, 4}));
  EXPECT_EQ(moved_earlier(sound, -2).samples, (std::vector<float>{0, 0, 1, 2, 3, 4}));
  EXPECT_TRUE(moved_earlier(sound, 500).samples.empty());
  EXPECT_EQ(moved_earlier(sound, 1).sample_rate_hz, 1000);
}

TEST(SoundOffset, IsTold) {
  EXPECT_EQ(describe(certain_lag(86)), "the sound comes 86 ms after the lips (64 to 108)");
  const auto json = to_json(certain_lag(-86));
  EXPECT_EQ(json.at("certain"), true);
  EXPECT_EQ(json.at("lag_ms"), -86);
  const auto unknown = to_json(motion::SoundLag{});
  EXPECT_EQ(unknown.at("certain"), false);
  EXPECT_TRUE(unknown.at("lag_ms").is_null()) << unknown;
  EXPECT_NE(unknown.at("certainty").get<std::string>().find("too little speech"), std::string::npos);
}

}  // namespace
}  // namespace anima::studio
