#include "audio/voice_activity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/random.h"

namespace anima::audio {
namespace {

// Noise all the way, and a buzzing "voice" with moving formant-like harmonics from 1.5 to 3 s.
std::vector<float> scene(double noise, double voice, double seconds = 5) {
  Random random(9);
  std::vector<float> samples;
  for (int i = 0; i < static_cast<int>(kSpeechRateHz * seconds); ++i) {
    const double t = static_cast<double>(i) / kSpeechRateHz;
    double x = noise * random.normal();
    if (t > 1.5 && t < 3) {
      for (int h = 1; h < 25; ++h) {
        x += voice / h * std::sin(2 * std::numbers::pi * 130 * h * t) *
             (1 + 0.5 * std::sin(2 * std::numbers::pi * 4 * t));
      }
    }
    samples.push_back(static_cast<float>(x));
  }
  return samples;
}

std::vector<VoiceActivityEvent> listen(const std::vector<float>& samples, std::size_t piece) {
  VoiceActivity activity;
  std::vector<VoiceActivityEvent> events;
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    activity.push(std::span<const float>(samples).subspan(at, std::min(piece, samples.size() - at)), events);
  }
  activity.finish(events);
  return events;
}

TEST(VoiceActivity, FindsOneTurnInQuietAndInNoise) {
  for (const double noise : {1e-4, 3e-3, 0.02}) {
    const auto events = listen(scene(noise, 0.1), 320);
    ASSERT_EQ(events.size(), 2U) << noise;
    EXPECT_TRUE(events[0].speech_began);
    EXPECT_NEAR(events[0].time_s, 1.3, 0.15) << noise;
    EXPECT_FALSE(events[1].speech_began);
    EXPECT_NEAR(events[1].time_s, 3.0, 0.2) << noise;
  }
}

TEST(VoiceActivity, HearsNobodyInSilenceNoiseOrAClick) {
  EXPECT_TRUE(listen(std::vector<float>(48000, 0.0F), 160).empty());
  EXPECT_TRUE(listen(scene(0.01, 0), 160).empty());
  std::vector<float> click = scene(0.001, 0);
  for (int i = 0; i < 200; ++i) click[30000 + static_cast<std::size_t>(i)] = 0.8F;
  EXPECT_TRUE(listen(click, 160).empty());
}

TEST(VoiceActivity, DoesNotDependOnHowTheStreamIsCut) {
  const std::vector<float> samples = scene(3e-3, 0.1);
  const auto a = listen(samples, 160);
  const auto b = listen(samples, 4097);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_DOUBLE_EQ(a[i].time_s, b[i].time_s);
}

TEST(VoiceActivity, EndsSpeechWithTheStream) {
  std::vector<float> samples = scene(1e-4, 0.1);
  samples.resize(2 * kSpeechRateHz);
  const auto events = listen(samples, 160);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_NEAR(events[1].time_s, 2.0, 0.1);
}

}  // namespace
}  // namespace anima::audio
