#include "face/pose_refinement.h"

#include <gtest/gtest.h>

#include "face/film_fit.h"
#include "synthetic_film.h"

namespace anima::face {
namespace {

TEST(PoseRefinementTest, AllVerticesTogetherBeatTheRigidOnes) {
  const testing::SyntheticFilm film = testing::synthetic_film({.frames = 400, .noise_px = 0.6});
  FilmFitOptions options;
  options.head.shape = testing::trusting_shape_options();
  options.refinement_rounds = 0;
  const TrackedFilm first = fit_film(film.observations, 512, 512, 360, options, {});
  options.refinement_rounds = 2;
  const TrackedFilm refined = fit_film(film.observations, 512, 512, 360, options, {});
  EXPECT_LT(testing::worst_rotation_error_deg(film.poses, refined.poses),
            testing::worst_rotation_error_deg(film.poses, first.poses));
}

TEST(PoseRefinementTest, NoiseOfAVertexIsItsOwn) {
  testing::SyntheticFilm film = testing::synthetic_film({.frames = 200});
  Random random(2);
  for (FaceObservation& o : film.observations) {
    o.points(234, 0) += static_cast<float>(4 * random.normal());
    o.points(234, 1) += static_cast<float>(4 * random.normal());
  }
  const TrackedFilm tracked = fit_film(film.observations, 512, 512, 180, {});
  const Eigen::VectorXd noise =
      vertex_noise_px(film.observations, tracked.camera, tracked.poses, tracked.basis, tracked.weights, 180);
  EXPECT_NEAR(noise[234], 4, 0.6);
  EXPECT_NEAR(noise[6], 0.3, 0.1);
}

TEST(PoseRefinementTest, StartsElsewhereEndsAtTheSamePose) {
  const testing::SyntheticFilm film = testing::synthetic_film({.frames = 100});
  const TrackedFilm tracked = fit_film(film.observations, 512, 512, 90, {});
  const Eigen::VectorXd noise = Eigen::VectorXd::Constant(kMeshVertices, 0.3);
  for (const int t : {5, 50, 95}) {
    const HeadPose near = refine_pose(film.observations[t], tracked.camera, tracked.poses[t], tracked.basis,
                                      tracked.weights[t], noise, {});
    HeadPose off = tracked.poses[t];
    off.rotation += Eigen::Vector3d(0.05, -0.05, 0.03);
    off.translation += Eigen::Vector3d(0.5, 0.3, 2);
    const HeadPose far =
        refine_pose(film.observations[t], tracked.camera, off, tracked.basis, tracked.weights[t], noise, {});
    EXPECT_NEAR((near.rotation - far.rotation).norm(), 0, 1e-3);
    EXPECT_NEAR((near.translation - far.translation).norm(), 0, 0.05);
  }
}

}  // namespace
}  // namespace anima::face
