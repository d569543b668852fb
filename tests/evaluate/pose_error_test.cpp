#include "evaluate/pose_error.h"

#include <gtest/gtest.h>

#include <numbers>

#include "core/error.h"
#include "core/random.h"

namespace anima::evaluate {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

std::vector<face::HeadPose> random_poses(int count, std::uint64_t seed) {
  Random random(seed, 1);
  std::vector<face::HeadPose> poses(count);
  for (face::HeadPose& pose : poses) {
    for (int i = 0; i < 3; ++i) pose.rotation[i] = random.uniform(-0.4, 0.4);
  }
  return poses;
}

std::vector<face::HeadPose> turned(const std::vector<face::HeadPose>& poses, const Eigen::Vector3d& by) {
  std::vector<face::HeadPose> result = poses;
  for (face::HeadPose& pose : result)
    pose.rotation = face::rotation_vector(pose.matrix() * face::rotation_matrix(by));
  return result;
}

TEST(PoseError, DoesNotCountAConstantTurnOfTheHeadSpace) {
  const auto truth = random_poses(40, 3);
  const auto tracked = turned(truth, {0.2, -0.1, 0.3});
  for (const double error : rotation_errors_deg(tracked, truth)) EXPECT_NEAR(error, 0, 1e-6);
}

TEST(PoseError, CountsDegreesOfWhatIsNotConstant) {
  const auto truth = random_poses(1000, 4);
  auto tracked = turned(truth, {0.1, 0.2, -0.1});
  // Half of the frames are turned by 2 degrees, half by -2: the constant stays where it was.
  for (std::size_t i = 0; i < tracked.size(); ++i) {
    const Eigen::Vector3d by(0, (i % 2 == 0 ? 2 : -2) * kDegree, 0);
    tracked[i].rotation = face::rotation_vector(tracked[i].matrix() * face::rotation_matrix(by));
  }
  for (const double error : rotation_errors_deg(tracked, truth)) EXPECT_NEAR(error, 2, 0.02);
}

TEST(PoseError, RefusesListsThatDoNotFit) {
  EXPECT_THROW(rotation_errors_deg(random_poses(3, 1), random_poses(4, 1)), Error);
  EXPECT_THROW(rotation_errors_deg({}, {}), Error);
}

}  // namespace
}  // namespace anima::evaluate
