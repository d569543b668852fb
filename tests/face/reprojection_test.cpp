#include "face/reprojection.h"

#include <gtest/gtest.h>

#include "core/random.h"

namespace anima::face {
namespace {

Eigen::Vector3d random_vector(Random& random) {
  return {random.normal(), random.normal(), random.normal()};
}

// Every derivative against central differences.
TEST(ReprojectionTest, DerivativesMatchCentralDifferences) {
  Random random(3);
  for (int trial = 0; trial < 20; ++trial) {
    Camera camera;
    camera.focal_px = random.uniform(500, 2000);
    Placement placement;
    placement.rotation = rotation_matrix(0.4 * random_vector(random));
    placement.translation = Eigen::Vector3d(0, 0, 60) + random_vector(random);
    const Eigen::Vector3d point = 5 * random_vector(random);
    const Reprojection r = reproject(camera, placement, point);
    EXPECT_NEAR((r.pixel - camera.project(placement.rotation * point + placement.translation)).norm(), 0,
                1e-9);

    constexpr double h = 1e-5;
    for (int i = 0; i < 6; ++i) {
      Eigen::Matrix<double, 6, 1> step = Eigen::Matrix<double, 6, 1>::Zero();
      step[i] = h;
      Placement more = placement, less = placement;
      more.step(step);
      less.step(-step);
      const Eigen::Vector2d slope =
          (reproject(camera, more, point).pixel - reproject(camera, less, point).pixel) / (2 * h);
      EXPECT_NEAR((slope - r.by_pose.col(i)).norm(), 0, 1e-5 * (1 + slope.norm())) << "pose parameter " << i;
    }
    for (int i = 0; i < 3; ++i) {
      const Eigen::Vector3d step = h * Eigen::Vector3d::Unit(i);
      const Eigen::Vector2d slope = (reproject(camera, placement, point + step).pixel -
                                     reproject(camera, placement, point - step).pixel) /
                                    (2 * h);
      EXPECT_NEAR((slope - r.by_point.col(i)).norm(), 0, 1e-5 * (1 + slope.norm())) << "coordinate " << i;
    }
    Camera longer = camera, shorter = camera;
    longer.focal_px += h;
    shorter.focal_px -= h;
    const Eigen::Vector2d slope =
        (reproject(longer, placement, point).pixel - reproject(shorter, placement, point).pixel) / (2 * h);
    EXPECT_NEAR((slope - r.by_focal).norm(), 0, 1e-5);
  }
}

}  // namespace
}  // namespace anima::face
