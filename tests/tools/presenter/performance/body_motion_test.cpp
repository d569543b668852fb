#include "presenter/performance/body_motion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace anima::presenter {
namespace {

BodyCues minute_of_speech() {
  BodyCues cues;
  cues.length_s = 60;
  for (int i = 0; i < 12; ++i) {
    cues.phrases.push_back({5.0 * i + 0.6, 5.0 * i + 4.4, i % 3 == 0});
    cues.stresses.push_back({5.0 * i + 2.0, 5.0 * i + 2.3});
  }
  cues.listening.push_back({54.5, 55.5, false});
  for (int f = 0; f < 1500; ++f) cues.loudness.push_back(f % 125 > 15 && f % 125 < 110 ? 1 : 0);
  return cues;
}

PresenterPerformance performed(std::uint64_t seed) {
  PresenterPerformance poses(1500);
  perform_body(minute_of_speech(), seed, poses);
  return poses;
}

TEST(BodyMotion, BlinksAsOftenAndAsLongAsPeople) {
  for (const std::uint64_t seed : {1U, 4U, 9U}) {
    const auto blinks = plan_blinks(minute_of_speech(), seed);
    EXPECT_GE(blinks.size(), 13U);
    EXPECT_LE(blinks.size(), 24U);
    for (std::size_t i = 0; i < blinks.size(); ++i) {
      EXPECT_GE(blinks[i].length_s, 0.25);
      EXPECT_LE(blinks[i].length_s, 0.4);
      if (i > 0) {
        EXPECT_GT(blinks[i].start_s - blinks[i - 1].start_s, 1.0);
      }
    }
  }
}

TEST(BodyMotion, ClosesTheEyesWhollyInAFrameOfEveryBlink) {
  const auto poses = performed(4);
  const auto blinks = plan_blinks(minute_of_speech(), 4);
  int closed = 0;
  for (std::size_t f = 1; f < poses.size(); ++f) {
    EXPECT_EQ(poses[f].blink_left, poses[f].blink_right);
    closed += poses[f].blink_left > 0.99F && poses[f - 1].blink_left <= 0.99F ? 1 : 0;
  }
  EXPECT_EQ(closed, static_cast<int>(blinks.size()));
}

TEST(BodyMotion, KeepsTheHeadWithinItsLimitsAndSmooth) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const auto poses = performed(seed);
    float widest_deg = 0;
    for (std::size_t f = 0; f < poses.size(); ++f) {
      EXPECT_LE(std::abs(poses[f].head_yaw_deg), 12);
      EXPECT_LE(std::abs(poses[f].head_pitch_deg), 6);
      EXPECT_LE(std::abs(poses[f].head_roll_deg), 4);
      widest_deg = std::max(widest_deg, std::abs(poses[f].head_yaw_deg));
      if (f == 0) continue;
      EXPECT_LT(std::abs(poses[f].head_yaw_deg - poses[f - 1].head_yaw_deg), 2.5);
      EXPECT_LT(std::abs(poses[f].head_pitch_deg - poses[f - 1].head_pitch_deg), 1.8);
      EXPECT_LT(std::abs(poses[f].head_roll_deg - poses[f - 1].head_roll_deg), 1.0);
    }
    EXPECT_GT(widest_deg, 5) << "training needs to see her from the sides";
  }
}

TEST(BodyMotion, LooksAtTheCameraMostOfTheTime) {
  const auto poses = performed(4);
  int at_camera = 0;
  for (const PresenterPose& pose : poses) {
    const double yaw_deg = pose.gaze_yaw_deg + pose.head_yaw_deg;
    const double pitch_deg = pose.gaze_pitch_deg + pose.head_pitch_deg;
    at_camera += std::hypot(yaw_deg, pitch_deg) < 3 ? 1 : 0;
  }
  EXPECT_GT(at_camera, 1500 * 0.75);
  EXPECT_LT(at_camera, 1500) << "nobody stares";
}

TEST(BodyMotion, NodsAndRaisesTheBrowsOnStress) {
  const auto poses = performed(4);
  auto calm = minute_of_speech();
  calm.stresses.clear();
  PresenterPerformance without(1500);
  perform_body(calm, 4, without);
  for (int i = 0; i < 12; ++i) {
    const auto f = static_cast<std::size_t>((5.0 * i + 2.1) * 25);
    EXPECT_GT(poses[f].brow_raise, 0.2F);
  }
  double lower_deg = 0;
  for (int i = 0; i < 12; ++i) {
    const auto f = static_cast<std::size_t>((5.0 * i + 2.15) * 25);
    lower_deg += (without[f].head_pitch_deg - poses[f].head_pitch_deg) / 12;
  }
  EXPECT_GT(lower_deg, 1.0);
}

TEST(BodyMotion, IsTheSameForTheSameSeed) {
  const auto first = performed(4);
  const auto second = performed(4);
  const auto other = performed(5);
  bool differs = false;
  for (std::size_t f = 0; f < first.size(); ++f) {
    EXPECT_EQ(first[f].head_yaw_deg, second[f].head_yaw_deg);
    EXPECT_EQ(first[f].blink_left, second[f].blink_left);
    EXPECT_EQ(first[f].gaze_yaw_deg, second[f].gaze_yaw_deg);
    differs = differs || first[f].head_yaw_deg != other[f].head_yaw_deg;
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace anima::presenter
