#include "face/head_pose_fit.h"

#include <gtest/gtest.h>

#include <numbers>
#include <numeric>

#include "core/error.h"
#include "synthetic_film.h"

namespace anima::face {
namespace {

TEST(HeadPoseFitTest, RecoversPosesOfATalkingHead) {
  const auto film = testing::synthetic_film({});
  HeadPoseFitOptions options;
  options.shape = testing::trusting_shape_options();
  const HeadPoseFit fit = fit_head_poses(film.observations, 512, 512, 500, options, {});
  ASSERT_EQ(fit.poses.size(), film.poses.size());
  EXPECT_LT(testing::worst_rotation_error_deg(film.poses, fit.poses), 0.3);
  for (std::size_t t = 1; t < fit.poses.size(); ++t) {
    EXPECT_LT((fit.poses[t].rotation - fit.poses[t - 1].rotation).norm(), 0.05);
  }
}

TEST(HeadPoseFitTest, FramesWithoutAFaceAreBridged) {
  auto film = testing::synthetic_film({.frames = 200});
  for (int t = 100; t < 106; ++t) film.observations[t] = FaceObservation{};
  for (const int t : {0, 1, 199}) film.observations[t] = FaceObservation{};
  HeadPoseFitOptions unsmoothed;
  unsmoothed.smoothing_sigma_frames = 0;
  const HeadPoseFit fit = fit_head_poses(film.observations, 512, 512, 180, unsmoothed, {});
  const HeadPose &before = fit.poses[99], &after = fit.poses[106];
  EXPECT_NEAR((fit.poses[101].rotation - (5 * before.rotation + 2 * after.rotation) / 7).norm(), 0, 1e-12);
  EXPECT_EQ(fit.poses[0].rotation, fit.poses[2].rotation);
  EXPECT_EQ(fit.poses[199].translation, fit.poses[198].translation);
}

TEST(HeadPoseFitTest, RotationVectorsAreMadeContinuous) {
  std::vector<HeadPose> poses(200), wrapped(200);
  for (int t = 0; t < 200; ++t) {
    poses[t].rotation = Eigen::Vector3d(0.1, 1, 0.2).normalized() * (0.05 * t);  // more than a turn
    wrapped[t].rotation = rotation_vector(poses[t].matrix());
  }
  make_continuous(wrapped);
  for (int t = 0; t < 200; ++t) EXPECT_NEAR((wrapped[t].rotation - poses[t].rotation).norm(), 0, 1e-9) << t;
}

TEST(HeadPoseFitTest, KernelSumsToOneAndIsAsWideAsAsked) {
  EXPECT_EQ(gaussian_kernel(0), std::vector<double>{1.0});
  const std::vector<double> kernel = gaussian_kernel(0.5);
  EXPECT_NEAR(std::accumulate(kernel.begin(), kernel.end(), 0.0), 1, 1e-12);
  EXPECT_NEAR(kernel[kernel.size() / 2 + 1] / kernel[kernel.size() / 2], std::exp(-2.0), 1e-12);
}

TEST(HeadPoseFitTest, TooFewFacesAreRefusedWithAFix) {
  auto film = testing::synthetic_film({.frames = 120});
  for (int t = 40; t < 120; ++t) film.observations[t].found = false;
  try {
    fit_head_poses(film.observations, 512, 512, 100, {}, {});
    FAIL() << "accepted 40 faces";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnusableInput);
    EXPECT_NE(error.message().find("40"), std::string::npos);
    EXPECT_FALSE(error.fix().empty());
  }
  EXPECT_THROW(fit_head_poses(film.observations, 512, 512, 121, {}, {}), Error);
}

}  // namespace
}  // namespace anima::face
