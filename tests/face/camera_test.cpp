#include "face/camera.h"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <numbers>

#include "core/random.h"

namespace anima::face {
namespace {

Eigen::Vector3d random_vector(Random& random) {
  return {random.normal(), random.normal(), random.normal()};
}

TEST(CameraTest, RotationVectorsSurviveTheWayThroughTheMatrix) {
  Random random(1);
  for (const double angle : {0.0, 1e-12, 1e-7, 1e-3, 0.5, 1.5, 3.0, std::numbers::pi - 1e-6}) {
    for (int i = 0; i < 20; ++i) {
      const Eigen::Vector3d v = random_vector(random).normalized() * angle;
      const Eigen::Matrix3d m = rotation_matrix(v);
      EXPECT_NEAR((m * m.transpose() - Eigen::Matrix3d::Identity()).norm(), 0, 1e-12);
      EXPECT_NEAR(m.determinant(), 1, 1e-12);
      EXPECT_NEAR((rotation_vector(m) - v).norm(), 0, 1e-9) << "angle " << angle;
    }
  }
}

TEST(CameraTest, RotatesLikeTheRightHandRule) {
  // A quarter turn about y (which points down) takes x to -z and z to x.
  const Eigen::Matrix3d m = rotation_matrix({0, std::numbers::pi / 2, 0});
  EXPECT_NEAR((m * Eigen::Vector3d::UnitX() + Eigen::Vector3d::UnitZ()).norm(), 0, 1e-12);
  EXPECT_NEAR((m * Eigen::Vector3d::UnitZ() - Eigen::Vector3d::UnitX()).norm(), 0, 1e-12);
}

TEST(CameraTest, ProjectsThroughThePinhole) {
  Camera camera;
  EXPECT_EQ(camera.project({0, 0, 60}), Eigen::Vector2d(256, 256));
  const Eigen::Vector2d p = camera.project({6, -3, 60});
  EXPECT_NEAR(p.x(), 356, 1e-9);
  EXPECT_NEAR(p.y(), 206, 1e-9);
}

}  // namespace
}  // namespace anima::face
