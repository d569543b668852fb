#include "audio/cepstral_mean.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"

namespace anima::audio {
namespace {

std::vector<Cepstra> voice(int frames, float level, float colour, int pause_from = -1, int pause_to = -1) {
  Random random(1);
  std::vector<Cepstra> result(frames);
  for (int t = 0; t < frames; ++t) {
    const bool pause = t >= pause_from && t < pause_to;
    for (int c = 0; c < kCepstra; ++c) result[t][c] = static_cast<float>(colour + 3 * random.normal());
    result[t][0] = static_cast<float>((pause ? level - 60 : level) + 5 * random.normal());
  }
  return result;
}

TEST(CepstralMean, PausesDoNotCount) {
  const auto with = whole_cepstral_mean(voice(1000, 50, 2, 300, 800));
  EXPECT_NEAR(with[0], 50, 0.6);
  EXPECT_NEAR(with[3], 2, 0.5);
}

TEST(CepstralMean, RunningMeanSettlesOnTheVoice) {
  RunningCepstralMean running;
  const auto frames = voice(2000, 55, -4);
  Cepstra mean{};
  for (const Cepstra& frame : frames) mean = running.update(frame);
  EXPECT_NEAR(mean[0], 55, 1);
  for (int c = 1; c < kCepstra; ++c) EXPECT_NEAR(mean[c], -4, 0.7) << c;
}

TEST(CepstralMean, RunningMeanKeepsStillInSilence) {
  RunningCepstralMean running;
  Cepstra before{}, after{};
  for (const Cepstra& frame : voice(500, 50, 1)) before = running.update(frame);
  for (const Cepstra& frame : voice(400, -10, 9)) after = running.update(frame);
  EXPECT_EQ(before, after);
}

TEST(CepstralMean, EmptySoundHasTheInitialMean) {
  EXPECT_EQ(whole_cepstral_mean({}), kInitialCepstralMean);
}

}  // namespace
}  // namespace anima::audio
