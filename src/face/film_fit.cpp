#include "face/film_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/threads.h"
#include "face/face_regions.h"
#include "face/lip_measures.h"

namespace anima::face {
namespace {

void refine_poses(const std::vector<FaceObservation>& observations, int training_frames,
                  const FilmFitOptions& options, const ExpressionFit& expression, HeadPoseFit& head,
                  const WorkContext& context) {
  StageProgress progress(context, "refining the head poses");
  const Eigen::VectorXd noise_px = vertex_noise_px(observations, head.shape.camera, head.raw_poses,
                                                   expression.basis, expression.weights, training_frames);
  ThreadPool pool(std::min(2, available_cores()));
  constexpr int kBlock = 64;  // frames between two looks at the stop flag
  const int n = static_cast<int>(observations.size());
  for (int begin = 0; begin < n; begin += kBlock) {
    progress.update(begin, n);
    pool.run(std::min(kBlock, n - begin), [&](int item, int) {
      const int t = begin + item;
      if (!observations[t].found) return;
      head.raw_poses[t] = refine_pose(observations[t], head.shape.camera, head.raw_poses[t], expression.basis,
                                      expression.weights[t], noise_px, options.refinement);
    });
  }
  head.poses = head.raw_poses;
  settle_poses(observations, options.head.smoothing_sigma_frames, head.poses);
  progress.update(n, n);
}

}  // namespace

TrackedFilm fit_film(const std::vector<FaceObservation>& observations, int width_px, int height_px,
                     int training_frames, const WorkContext& context) {
  return fit_film(observations, width_px, height_px, training_frames, FilmFitOptions{}, context);
}

TrackedFilm fit_film(const std::vector<FaceObservation>& observations, int width_px, int height_px,
                     int training_frames, const FilmFitOptions& options, const WorkContext& context) {
  if (width_px < 16 || height_px < 16) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a picture of {}x{} px is too small to fit a face", width_px, height_px));
  }
  for (std::size_t t = 0; t < observations.size(); ++t) {
    if (observations[t].found && !observations[t].points.allFinite()) {
      throw Error(ErrorCode::kCorruptData, fmt::format("frame {} has a landmark that is not a number", t),
                  "track the film again");
    }
  }
  HeadPoseFit head =
      fit_head_poses(observations, width_px, height_px, training_frames, options.head, context);
  ExpressionFit expression =
      fit_expressions(observations, head, training_frames, options.expression, context);
  for (int round = 0; round < options.refinement_rounds; ++round) {
    refine_poses(observations, training_frames, options, expression, head, context);
    expression = fit_expressions(observations, head, training_frames, options.expression, context);
  }

  TrackedFilm film;
  film.camera = head.shape.camera;
  film.observations = observations;
  film.poses = std::move(head.poses);
  film.weights = std::move(expression.weights);
  film.basis = std::move(expression.basis);
  film.training_frames = training_frames;
  return film;
}

FitResidual fit_residual(const TrackedFilm& film, int first, int last) {
  const FaceRegions& regions = face_regions();
  std::vector<bool> lip(kLandmarks, false);
  for (const int v : kInnerLips) lip[v] = true;
  for (const int v : kOuterLips) lip[v] = true;
  double rigid = 0, all = 0, lips = 0, rigid_count = 0, all_count = 0, lip_count = 0;
  FitResidual r;
  for (int t = std::max(first, 0); t < std::min(last, film.frames()); ++t) {
    if (!film.observations[t].found) continue;
    ++r.frames;
    const Vertices mesh = film.basis.mesh(film.weights[t]);
    const Eigen::Matrix3d rotation = film.poses[t].matrix();
    for (int v = 0; v < kMeshVertices; ++v) {
      const Eigen::Vector3d p = rotation * mesh.row(v).cast<double>().transpose() + film.poses[t].translation;
      const Eigen::Vector2d seen = film.observations[t].points.row(v).head<2>().cast<double>().transpose();
      const double square = (film.camera.project(p) - seen).squaredNorm();
      all += square;
      all_count += 2;
      if (regions.rigid[v] > 0) {
        rigid += square;
        rigid_count += 2;
      }
      if (lip[v]) {
        lips += square;
        lip_count += 2;
      }
    }
  }
  if (r.frames > 0) {
    r.rigid_px = std::sqrt(rigid / rigid_count);
    r.all_px = std::sqrt(all / all_count);
    r.lips_px = std::sqrt(lips / lip_count);
  }
  return r;
}

}  // namespace anima::face
