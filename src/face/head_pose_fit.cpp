#include "face/head_pose_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/threads.h"

namespace anima::face {
namespace {

constexpr int kFewestFrames = 50;

// Fills frames without a face from their neighbours in time; the ends repeat the nearest one.
void interpolate(const std::vector<FaceObservation>& observations, std::vector<HeadPose>& poses) {
  const int n = static_cast<int>(poses.size());
  int last = -1;
  for (int t = 0; t < n; ++t) {
    if (!observations[t].found) continue;
    for (int gap = last + 1; gap < t; ++gap) {
      if (last < 0) {
        poses[gap] = poses[t];
        continue;
      }
      const double a = static_cast<double>(gap - last) / (t - last);
      poses[gap].rotation = (1 - a) * poses[last].rotation + a * poses[t].rotation;
      poses[gap].translation = (1 - a) * poses[last].translation + a * poses[t].translation;
    }
    last = t;
  }
  for (int t = last + 1; t < n; ++t) poses[t] = poses[last];
}

void smooth(std::vector<HeadPose>& poses, double sigma_frames) {
  const std::vector<double> kernel = gaussian_kernel(sigma_frames);
  const int radius = static_cast<int>(kernel.size() / 2);
  const int n = static_cast<int>(poses.size());
  const std::vector<HeadPose> raw = poses;
  for (int t = 0; t < n; ++t) {
    poses[t].rotation.setZero();
    poses[t].translation.setZero();
    for (int i = -radius; i <= radius; ++i) {
      const HeadPose& from = raw[std::clamp(t + i, 0, n - 1)];
      poses[t].rotation += kernel[i + radius] * from.rotation;
      poses[t].translation += kernel[i + radius] * from.translation;
    }
  }
}

}  // namespace

std::vector<double> gaussian_kernel(double sigma_frames) {
  if (sigma_frames <= 0) return {1.0};
  const int radius = std::max(1, static_cast<int>(std::ceil(3 * sigma_frames)));
  std::vector<double> kernel(2 * static_cast<std::size_t>(radius) + 1);
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) {
    kernel[i + radius] = std::exp(-0.5 * i * i / (sigma_frames * sigma_frames));
    sum += kernel[i + radius];
  }
  for (double& k : kernel) k /= sum;
  return kernel;
}

void make_continuous(std::vector<HeadPose>& poses) {
  for (std::size_t t = 1; t < poses.size(); ++t) {
    Eigen::Vector3d& r = poses[t].rotation;
    const double angle = r.norm();
    if (angle < 1e-9) continue;
    const Eigen::Vector3d axis = r / angle;
    const Eigen::Vector3d& before = poses[t - 1].rotation;
    // Whole turns along the same axis: the multiple nearest to the previous vector.
    const double turns = std::round((before.dot(axis) - angle) / (2 * std::numbers::pi));
    r = axis * (angle + 2 * std::numbers::pi * turns);
  }
}

void settle_poses(const std::vector<FaceObservation>& observations, double smoothing_sigma_frames,
                  std::vector<HeadPose>& poses) {
  // Interpolation needs continuity between the found frames, and leaves continuity everywhere.
  std::vector<HeadPose> found;
  for (std::size_t t = 0; t < poses.size(); ++t) {
    if (observations[t].found) found.push_back(poses[t]);
  }
  if (found.empty()) return;
  make_continuous(found);
  std::size_t next = 0;
  for (std::size_t t = 0; t < poses.size(); ++t) {
    if (observations[t].found) poses[t] = found[next++];
  }
  interpolate(observations, poses);
  smooth(poses, smoothing_sigma_frames);
}

HeadPoseFit fit_head_poses(const std::vector<FaceObservation>& observations, int width_px, int height_px,
                           int training_frames, const HeadPoseFitOptions& options,
                           const WorkContext& context) {
  const int n = static_cast<int>(observations.size());
  if (training_frames < 0 || training_frames > n) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} training frames of a film of {} frames", training_frames, n));
  }
  std::vector<const FaceObservation*> training;
  for (int t = 0; t < training_frames; ++t) {
    if (observations[t].found) training.push_back(&observations[t]);
  }
  if (static_cast<int>(training.size()) < kFewestFrames) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("only {} of the first {} frames show a face; {} are the least to learn from",
                            training.size(), training_frames, kFewestFrames),
                "film one person's face, upright and in good light, for at least 20 seconds");
  }

  HeadPoseFit fit;
  fit.shape = fit_static_shape(training, width_px, height_px, options.shape, context);
  const double huber_px = options.shape.huber_px * width_px / 512.0;
  fit.poses.resize(observations.size());
  StageProgress progress(context, "following the head");
  ThreadPool pool(std::min(2, available_cores()));
  constexpr int kBlock = 64;  // frames between two looks at the stop flag
  for (int begin = 0; begin < n; begin += kBlock) {
    progress.update(begin, n);
    pool.run(std::min(kBlock, n - begin), [&](int item, int) {
      const FaceObservation& seen = observations[begin + item];
      if (!seen.found) return;
      Placement p = initial_placement(seen, fit.shape.camera, fit.shape.vertices, fit.shape.pose_weights);
      refine_placement(seen, fit.shape.camera, fit.shape.vertices, fit.shape.pose_weights, huber_px, p);
      fit.poses[begin + item] = {rotation_vector(p.rotation), p.translation};
    });
  }
  fit.raw_poses = fit.poses;
  settle_poses(observations, options.smoothing_sigma_frames, fit.poses);
  progress.update(n, n);
  return fit;
}

}  // namespace anima::face
