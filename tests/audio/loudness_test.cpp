#include "audio/loudness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace anima::audio {
namespace {

Sound tone(double amplitude, double frequency_hz, double seconds, int rate_hz = 48000) {
  Sound sound;
  sound.sample_rate_hz = rate_hz;
  for (int i = 0; i < static_cast<int>(rate_hz * seconds); ++i) {
    sound.samples.push_back(
        static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * frequency_hz * i / rate_hz)));
  }
  return sound;
}

// ITU-R BS.1770-4: a full-scale sine of 997 Hz in one channel reads -3.01 LUFS.
TEST(Loudness, ReadsTheStandardsReferenceToneAtAnyRate) {
  for (const int rate_hz : {16000, 24000, 44100, 48000}) {
    EXPECT_NEAR(integrated_loudness_lufs(tone(1, 997, 3, rate_hz)), -3.01, 0.1) << rate_hz;
  }
  EXPECT_NEAR(integrated_loudness_lufs(tone(0.1, 997, 3)), -23.01, 0.1);
}

// EBU Tech 3341, case 3: quiet parts do not count (relative gate).
TEST(Loudness, LeavesPausesOut) {
  Sound sound = tone(0.1, 997, 4);
  const Sound quiet = tone(0.001, 997, 4);
  sound.samples.insert(sound.samples.end(), quiet.samples.begin(), quiet.samples.end());
  EXPECT_NEAR(integrated_loudness_lufs(sound), -23.01, 0.4);
}

TEST(Loudness, NormalisesToTheTargetAndKeepsThePeakLimit) {
  Sound sound = tone(0.01, 440, 2);
  const double gain_db = normalise_loudness(sound, -18);
  EXPECT_GT(gain_db, 10);
  EXPECT_NEAR(integrated_loudness_lufs(sound), -18, 0.1);
  Sound click = tone(0.001, 440, 2);
  click.samples[1000] = 0.9F;
  normalise_loudness(click, -18, -1);
  EXPECT_LE(true_peak_db(click), -0.99);
  Sound silence{48000, std::vector<float>(48000, 0.0F)};
  EXPECT_EQ(normalise_loudness(silence), 0);
  EXPECT_EQ(integrated_loudness_lufs(silence), kSilenceLufs);
}

TEST(Loudness, SoftLimitNeverReachesOneAndHasNoCorner) {
  for (float x = -4; x <= 4; x += 0.001F) {
    EXPECT_LT(std::abs(soft_limit(x)), 1.0F);
    EXPECT_LE(soft_limit(x + 0.001F) - soft_limit(x), 0.00101F);
    EXPECT_GE(soft_limit(x + 0.001F), soft_limit(x));
  }
  EXPECT_EQ(soft_limit(0.5F), 0.5F);
}

}  // namespace
}  // namespace anima::audio
