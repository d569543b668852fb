#include "evaluate/jitter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/error.h"
#include "core/random.h"

namespace anima::evaluate {
namespace {

std::vector<face::FaceObservation> moving_face(int frames, float speed_px, float noise_px) {
  Random random(5);
  std::vector<face::FaceObservation> film(frames);
  for (int t = 0; t < frames; ++t) {
    film[t].found = true;
    for (int i = 0; i < face::kLandmarks; ++i) {
      film[t].points(i, 0) =
          speed_px * static_cast<float>(t) + noise_px * static_cast<float>(random.normal());
      film[t].points(i, 1) = noise_px * static_cast<float>(random.normal());
    }
  }
  return film;
}

TEST(Jitter, SteadyMotionHasNone) {
  EXPECT_NEAR(jitter_px(moving_face(20, 3, 0)), 0, 1e-5);
}

TEST(Jitter, WhiteNoiseHasSquareRootOfSixTimesItsDeviation) {
  // Var(x1 - 2 x2 + x3) = (1 + 4 + 1) sigma^2.
  EXPECT_NEAR(jitter_px(moving_face(400, 1, 0.5F)), 0.5 * std::sqrt(6.0), 0.03);
  EXPECT_NEAR(jitter_px(moving_face(400, 1, 0.5F), 2), std::sqrt(6.0), 0.06);
}

TEST(Jitter, FramesWithoutAFaceAreLeftOut) {
  auto film = moving_face(20, 0, 0);
  film[10].found = false;
  film[10].points.setConstant(1000);
  EXPECT_EQ(jitter_px(film), 0);
}

TEST(Jitter, NeedsThreeFramesInARow) {
  auto film = moving_face(4, 0, 0);
  film[1].found = false;
  EXPECT_THROW(jitter_px(film), Error);
  EXPECT_THROW(jitter_px({}), Error);
}

}  // namespace
}  // namespace anima::evaluate
