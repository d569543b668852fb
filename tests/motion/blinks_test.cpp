#include "motion/blinks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "motion/film_motion.h"

namespace anima::motion {
namespace {

// Blinks whose deepest frames are `peaks`.
std::vector<face::Weights> lids(int frames, const std::vector<int>& peaks) {
  std::vector<face::Weights> weights(static_cast<std::size_t>(frames));
  constexpr std::array<float, 7> kShape = {0.2F, 0.7F, 1, 0.9F, 0.6F, 0.3F, 0.1F};
  for (const int peak : peaks) {
    for (int i = 0; i < 7; ++i) {
      const int t = peak - 2 + i;
      if (t < 0 || t >= frames) continue;
      weights[t][face::kFirstBlink] = weights[t][face::kFirstBlink + 1] = kShape[i];
    }
  }
  return weights;
}

std::vector<int> generated_peaks(BlinkGenerator& generator, int frames) {
  std::vector<face::Weights> weights(static_cast<std::size_t>(frames));
  for (auto& w : weights) {
    const auto eyes = generator.next();
    EXPECT_GE(eyes[0], 0);
    EXPECT_LE(eyes[0], 1);
    w[face::kFirstBlink] = eyes[0];
    w[face::kFirstBlink + 1] = eyes[1];
  }
  return find_blinks(weights);
}

TEST(Blinks, AreFoundWithTheirRateAndShape) {
  std::vector<int> peaks;
  for (int i = 0; i < 20; ++i) peaks.push_back(30 + i * 75 + (i % 2) * 20);
  const auto weights = lids(1600, peaks);
  EXPECT_EQ(find_blinks(weights), peaks);
  const BlinkStatistics statistics = learn_blinks(weights);
  EXPECT_EQ(statistics.seen, 20);
  EXPECT_NEAR(std::exp(statistics.log_interval_mean), 3, 0.4);
  EXPECT_FLOAT_EQ(statistics.shape[kBlinkPeak], 1);
  EXPECT_NEAR(statistics.shape[kBlinkPeak - 1], 0.7, 0.01);
  EXPECT_NEAR(statistics.shape[kBlinkPeak + 2], 0.6, 0.01);
  EXPECT_LT(statistics.shape.front(), 0.05F);
  EXPECT_LT(statistics.shape.back(), 0.05F);
}

TEST(Blinks, AFilmWithoutThemUsesTheCommonOnes) {
  const BlinkStatistics statistics = learn_blinks(lids(400, {}));
  EXPECT_EQ(statistics.seen, 0);
  EXPECT_EQ(statistics.log_interval_mean, BlinkStatistics().log_interval_mean);
  EXPECT_EQ(statistics.shape, BlinkStatistics().shape);
  // A minute with two blinks is a person who blinks rarely.
  EXPECT_NEAR(std::exp(learn_blinks(lids(1500, {400, 1200})).log_interval_mean), 6, 0.01);
}

TEST(Blinks, ALookDownIsNoBlink) {
  auto weights = lids(200, {20});
  for (int t = 60; t < 140; ++t) weights[t][face::kFirstBlink] = weights[t][face::kFirstBlink + 1] = 0.7F;
  EXPECT_EQ(find_blinks(weights), std::vector<int>{20});
}

TEST(Blinks, BrowsAndGazeAreCarriedAcross) {
  auto weights = lids(100, {50});
  for (int t = 0; t < 100; ++t)
    weights[t][face::kFirstGaze] = weights[t][face::kFirstBlink] > 0.3F ? 9.0F : 0.01F * t;
  carry_across_blinks(weights);
  for (int t = 0; t < 100; ++t) EXPECT_NEAR(weights[t][face::kFirstGaze], 0.01F * t, 1e-3) << t;
}

TEST(BlinkGenerator, KeepsThePersonsRate) {
  BlinkStatistics statistics;
  statistics.log_interval_mean = static_cast<float>(std::log(2.5));
  statistics.log_interval_deviation = 0.4F;
  BlinkGenerator generator(statistics, BlinkMode::kNatural, 0, 3);
  const auto peaks = generated_peaks(generator, 25 * 600);
  double logs = 0;
  for (std::size_t i = 1; i < peaks.size(); ++i) logs += std::log((peaks[i] - peaks[i - 1]) / 25.0);
  EXPECT_NEAR(std::exp(logs / (peaks.size() - 1.0)), 2.5, 0.25);
}

TEST(BlinkGenerator, PeriodAndOff) {
  BlinkGenerator periodic({}, BlinkMode::kPeriodic, 2, 1);
  const auto peaks = generated_peaks(periodic, 990);
  ASSERT_GE(peaks.size(), 18U);
  for (std::size_t i = 1; i < peaks.size(); ++i) EXPECT_EQ(peaks[i] - peaks[i - 1], 50);
  BlinkGenerator off({}, BlinkMode::kOff, 2, 1);
  EXPECT_TRUE(generated_peaks(off, 1000).empty());
  EXPECT_THROW(BlinkGenerator({}, BlinkMode::kPeriodic, 0.1, 1), Error);
}

TEST(BlinkGenerator, TheSeedDecides) {
  BlinkGenerator a({}, BlinkMode::kNatural, 0, 5), b({}, BlinkMode::kNatural, 0, 5),
      c({}, BlinkMode::kNatural, 0, 6);
  const auto first = generated_peaks(a, 2000);
  EXPECT_EQ(first, generated_peaks(b, 2000));
  EXPECT_NE(first, generated_peaks(c, 2000));
}

TEST(BlinkGenerator, ASuggestionIsTakenUnlessOneJustWas) {
  BlinkStatistics rare;
  rare.log_interval_mean = 2.4F;
  rare.log_interval_deviation = 0;
  BlinkGenerator generator(rare, BlinkMode::kNatural, 0, 1);
  for (int i = 0; i < 5; ++i) generator.next();
  generator.suggest();
  EXPECT_EQ(generated_peaks(generator, 20).size(), 1U);
  generator.suggest();
  EXPECT_TRUE(generated_peaks(generator, 20).empty());
}

}  // namespace
}  // namespace anima::motion
