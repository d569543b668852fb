#include "evaluate/lip_sync.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/error.h"
#include "core/random.h"

namespace anima::evaluate {
namespace {

std::vector<double> speech_like(int frames, int delay) {
  std::vector<double> curve(frames);
  for (int t = 0; t < frames; ++t) {
    const double s = t - delay;
    curve[t] = std::sin(0.9 * s) + 0.7 * std::sin(0.37 * s + 1) + 0.3 * std::sin(1.9 * s);
  }
  return curve;
}

TEST(LipSync, EqualCurvesCorrelateFullyWithoutLag) {
  const auto curve = speech_like(100, 0);
  const LipSync sync = lip_sync(curve, curve);
  EXPECT_NEAR(sync.correlation, 1, 1e-12);
  EXPECT_EQ(sync.lag_frames, 0);
}

TEST(LipSync, ScaleAndOffsetDoNotMatterButSignDoes) {
  const auto truth = speech_like(100, 0);
  std::vector<double> scaled(truth), negative(truth);
  for (double& v : scaled) v = 3 * v + 7;
  for (double& v : negative) v = -v;
  EXPECT_NEAR(lip_sync(scaled, truth).correlation, 1, 1e-12);
  EXPECT_NEAR(lip_sync(negative, truth, 0).correlation, -1, 1e-12);
}

TEST(LipSync, ALatePredictionHasAPositiveLag) {
  const LipSync late = lip_sync(speech_like(100, 3), speech_like(100, 0));
  EXPECT_EQ(late.lag_frames, 3);
  EXPECT_NEAR(late.best_correlation, 1, 1e-9);
  EXPECT_LT(late.correlation, 0.9);
  EXPECT_EQ(lip_sync(speech_like(100, 0), speech_like(100, 5)).lag_frames, -5);
}

TEST(LipSync, HasTheTextbookValue) {
  const std::vector<double> a = {1, 2, 3, 5};
  const std::vector<double> b = {2, 1, 4, 3};
  // means 2.75, 2.5: sum ab = 3.5, sum aa = 8.75, sum bb = 5
  EXPECT_NEAR(pearson_correlation(a, b), 3.5 / std::sqrt(8.75 * 5), 1e-12);
}

TEST(LipSync, AStillMouthHasNoCorrelation) {
  const std::vector<double> still(50, 0.1);
  const LipSync sync = lip_sync(still, speech_like(50, 0));
  EXPECT_EQ(sync.correlation, 0);
  EXPECT_EQ(sync.lag_frames, 0);
}

TEST(LipSync, RefusesCurvesThatDoNotFit) {
  EXPECT_THROW(lip_sync(speech_like(10, 0), speech_like(11, 0)), Error);
  EXPECT_THROW(lip_sync(speech_like(2, 0), speech_like(2, 0)), Error);
}

}  // namespace
}  // namespace anima::evaluate
