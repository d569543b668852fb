#include "motion/mouth_manifold.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"

namespace anima::motion {
namespace {

// Training shapes on a curve: weights k = sin(k + s).
std::vector<face::Weights> curve(int count) {
  std::vector<face::Weights> shapes(count);
  for (int i = 0; i < count; ++i) {
    for (int k = 0; k < face::kMouthModes; ++k)
      shapes[i][k] = static_cast<float>(std::sin(k + 6.28 * i / count));
  }
  return shapes;
}

MouthWeights ones() {
  MouthWeights m;
  m.fill(1);
  return m;
}

double distance_to_curve(const MouthWeights& w) {
  double least = 1e9;
  for (const auto& shape : curve(5000)) {
    double d = 0;
    for (int k = 0; k < face::kMouthModes; ++k) d += (shape[k] - w[k]) * (shape[k] - w[k]);
    least = std::min(least, d);
  }
  return std::sqrt(least);
}

TEST(MouthManifold, DrawsPointsTowardsTheShapesSeen) {
  const auto shapes = curve(400);
  const MouthManifold manifold(shapes, ones());
  Random random(4);
  for (int round = 0; round < 20; ++round) {
    MouthWeights w;
    for (int k = 0; k < face::kMouthModes; ++k)
      w[k] = static_cast<float>(std::sin(k + round) + 0.4 * random.normal());
    const MouthWeights whole = manifold.project(w, 1), half = manifold.project(w, 0.5F);
    EXPECT_LT(distance_to_curve(whole), 0.15) << round;
    EXPECT_LT(distance_to_curve(half), distance_to_curve(w)) << round;
    EXPECT_EQ(manifold.project(w, 0), w);
    for (int k = 0; k < face::kMouthModes; ++k) EXPECT_NEAR(half[k], 0.5 * (w[k] + whole[k]), 1e-4);
  }
}

TEST(MouthManifold, LeavesTrainingShapesAlone) {
  const auto shapes = curve(400);
  const MouthManifold manifold(shapes, ones());
  MouthWeights w;
  std::copy_n(shapes[123].begin(), face::kMouthModes, w.begin());
  const MouthWeights p = manifold.project(w, 1);
  for (int k = 0; k < face::kMouthModes; ++k) EXPECT_NEAR(p[k], w[k], 0.02);
}

TEST(MouthManifold, CopesWithEqualAndFewShapes) {
  const std::vector<face::Weights> equal(50, curve(1)[0]);
  const MouthManifold manifold(equal, ones());
  const MouthWeights p = manifold.project(MouthWeights{}, 1);
  for (int k = 0; k < face::kMouthModes; ++k) EXPECT_NEAR(p[k], equal[0][k], 1e-3);
  const MouthWeights w = ones();
  EXPECT_EQ(MouthManifold(curve(5), ones()).project(w, 1), w);
}

}  // namespace
}  // namespace anima::motion
