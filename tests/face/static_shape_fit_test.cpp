#include "face/static_shape_fit.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "face/face_regions.h"
#include "face/similarity.h"
#include "synthetic_film.h"

namespace anima::face {
namespace {

std::vector<const FaceObservation*> pointers(const testing::SyntheticFilm& film) {
  std::vector<const FaceObservation*> all;
  for (const FaceObservation& o : film.observations) all.push_back(&o);
  return all;
}

TEST(StaticShapeFitTest, FindsThePersonsOwnShape) {
  const auto film = testing::synthetic_film({});
  const StaticShape fit = fit_static_shape(pointers(film), 512, 512, {}, {});
  EXPECT_LT(fit.rms_px, 0.35);  // the noise that was put in is 0.3

  // Against the truth, after the similarity that one camera cannot tell.
  const Shape truth = testing::synthetic_face({});
  const Similarity s = fit_similarity(fit.vertices, truth, fit.pose_weights);
  double fitted = 0, canonical = 0, count = 0;
  const Shape start = canonical_mesh().cast<double>();
  const Similarity s0 =
      fit_similarity(start, truth.topRows(kMeshVertices), fit.pose_weights.head(kMeshVertices));
  for (int v = 0; v < kMeshVertices; ++v) {
    if (face_regions().rigid[v] == 0) continue;
    const Eigen::Vector3d t = truth.row(v).transpose();
    fitted += (s.scale * s.rotation * fit.vertices.row(v).transpose() + s.translation - t).squaredNorm();
    canonical += (s0.scale * s0.rotation * start.row(v).transpose() + s0.translation - t).squaredNorm();
    count += 1;
  }
  EXPECT_LT(std::sqrt(fitted / count), 0.1);
  EXPECT_LT(fitted, 0.25 * canonical);
}

TEST(StaticShapeFitTest, FocalLengthIsThePriorUnlessTheFilmSaysOtherwise) {
  testing::SyntheticOptions options;
  options.frames = 200;
  const StaticShape same = fit_static_shape(pointers(testing::synthetic_film(options)), 512, 512, {}, {});
  EXPECT_NEAR(same.camera.focal_px, 1000, 1);
  EXPECT_EQ(same.focal_residuals.size(), 7U);

  // A very near camera shows strong perspective: the prior must give way.
  options.focal_px = 450;
  options.noise_px = 0.1;
  const StaticShape near = fit_static_shape(pointers(testing::synthetic_film(options)), 512, 512, {}, {});
  EXPECT_LT(near.camera.focal_px, 800);
}

TEST(StaticShapeFitTest, PlacementIsRefinedToTheTruthFromARoughStart) {
  testing::SyntheticOptions options;
  options.frames = 20;
  options.noise_px = 0;
  options.depth_noise_px = 0;
  options.expressive = false;
  const auto film = testing::synthetic_film(options);
  const Shape truth = testing::synthetic_face({});
  for (int t = 0; t < options.frames; ++t) {
    Placement p = initial_placement(film.observations[t], film.camera, truth, face_regions().rigid);
    EXPECT_LT(rotation_vector(p.rotation.transpose() * film.poses[t].matrix()).norm(), 0.1);
    // A gross outlier is outvoted.
    FaceObservation seen = film.observations[t];
    seen.points(6, 0) += 40;
    refine_placement(seen, film.camera, truth, face_regions().rigid, 0.5, p);
    EXPECT_LT(rotation_vector(p.rotation.transpose() * film.poses[t].matrix()).norm(), 2e-3);
    EXPECT_LT((p.translation - film.poses[t].translation).norm(), 0.1);
  }
}

TEST(StaticShapeFitTest, HeadPlaneUndoesTheProjection) {
  const auto film = testing::synthetic_film({.frames = 5});
  const Eigen::Vector3d point(2, -3, -4.5);
  for (const HeadPose& pose : film.poses) {
    const Eigen::Vector2d pixel = film.camera.project(pose.apply(point));
    const Eigen::Vector2d back =
        on_head_plane(film.camera, {pose.matrix(), pose.translation}, pixel, point.z());
    EXPECT_NEAR((back - point.head<2>()).norm(), 0, 1e-9);
  }
}

TEST(StaticShapeFitTest, RefusesAFewFrames) {
  const auto film = testing::synthetic_film({.frames = 9});
  EXPECT_THROW(fit_static_shape(pointers(film), 512, 512, {}, {}), Error);
}

}  // namespace
}  // namespace anima::face
