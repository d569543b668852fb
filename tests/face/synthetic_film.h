// A made-up person in front of a made-up camera, whose every pose and expression is known.
#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/random.h"
#include "face/canonical_mesh.h"
#include "face/face_regions.h"
#include "face/static_shape_fit.h"
#include "face/tracked_film.h"

namespace anima::face::testing {

struct SyntheticOptions {
  int frames = 600;
  double focal_px = 1000;
  double noise_px = 0.3;        // landmarks, per axis
  double depth_noise_px = 2.0;  // the network's relative z
  std::uint64_t seed = 7;
  bool expressive = true;  // false: the face stays neutral
};

// The noise of a made film is independent from frame to frame, so that every frame may count and
// the canonical face need not be leaned on.
inline StaticShapeOptions trusting_shape_options() {
  StaticShapeOptions options;
  options.effective_keyframes = 96;
  options.depth_sigma = 5;
  options.edge_sigma = 1;
  return options;
}

struct SyntheticFilm {
  Camera camera;
  std::vector<HeadPose> poses;
  // jaw 0..1, pucker -1..1, smile -1..1, brows -1..1, blink 0..1, gaze x, gaze y
  std::vector<std::array<double, 7>> expressions;
  std::vector<FaceObservation> observations;
};

enum SyntheticExpression { kJaw, kPucker, kSmile, kRaise, kBlink, kGazeX, kGazeY };

// A smooth random walk without drift: a sum of slow sines, roughly in [-1, 1].
class SlowCurve {
 public:
  SlowCurve(Random& random, double shortest_frames) {
    for (Wave& w : waves_) {
      w = {6.283 / random.uniform(shortest_frames, 6 * shortest_frames), random.uniform(0, 6.283)};
    }
  }
  double at(double t) const {
    double sum = 0;
    for (const Wave& w : waves_) sum += std::sin(w.speed * t + w.phase);
    return sum / 2.2;
  }

 private:
  struct Wave {
    double speed, phase;
  };
  std::array<Wave, 4> waves_;
};

// The person's head-space points for one expression: canonical face, a little longer and with a
// deeper nose, and seven motions.
inline Eigen::MatrixX3d synthetic_face(const std::array<double, 7>& e) {
  const Vertices& mesh = canonical_mesh();
  const FaceRegions& regions = face_regions();
  Eigen::MatrixX3d points(kLandmarks, 3);
  for (int v = 0; v < kMeshVertices; ++v) {
    const double x = mesh(v, 0), y = mesh(v, 1), z = mesh(v, 2);
    Eigen::Vector3d p(x * 1.04 + 0.05 * std::sin(0.5 * y), y * 0.97,
                      z + 0.25 * std::cos(0.35 * x) * std::cos(0.3 * y));
    const double low = regions.lower_face[v], lips = regions.lips[v], brow = regions.brows[v];
    // Below the parting of the lips (y = 4.3) the skin follows the jaw.
    const double jaw = low / (1 + std::exp(-(y - 4.3) * 8));
    p.y() += 1.3 * e[kJaw] * jaw;
    p.z() += 0.3 * e[kJaw] * jaw;
    p.x() -= 0.12 * e[kPucker] * lips * x;
    p.z() -= 0.25 * e[kPucker] * lips;
    const double cheek =
        low * std::exp(-0.5 * (std::pow((std::abs(x) - 2.8) / 1.5, 2) + std::pow((y - 3.8) / 1.5, 2)));
    p.x() += 0.3 * e[kSmile] * cheek * (x < 0 ? -1 : 1);
    p.y() -= 0.35 * e[kSmile] * cheek;
    p.y() -= 0.4 * e[kRaise] * brow * std::exp(-0.5 * std::pow((y + 5) / 1.5, 2));
    // The upper lid comes down on the lower one, which lies 0.55 below its middle.
    const double lid = std::max(regions.right_eye[v], regions.left_eye[v]);
    const double upper = y < -2.7 ? 1 : 0;
    p.y() += 0.62 * e[kBlink] * lid * upper;
    points.row(v) = p.transpose();
  }
  for (int iris = 0; iris < 2; ++iris) {
    const int inner = iris == 0 ? 133 : 362, outer = iris == 0 ? 33 : 263;
    const Eigen::RowVector3d centre = 0.5 * (points.row(inner) + points.row(outer));
    const std::array<std::array<double, 2>, 5> ring = {
        {{0, 0}, {0.55, 0}, {0, -0.55}, {-0.55, 0}, {0, 0.55}}};
    for (int i = 0; i < 5; ++i) {
      points.row(kMeshVertices + 5 * iris + i) =
          centre + Eigen::RowVector3d(ring[i][0] + 0.25 * e[kGazeX], ring[i][1] - 0.1 + 0.12 * e[kGazeY], 0);
    }
  }
  return points;
}

inline SyntheticFilm synthetic_film(const SyntheticOptions& options) {
  SyntheticFilm film;
  film.camera.focal_px = options.focal_px;
  Random random(options.seed);
  const SlowCurve yaw(random, 50), pitch(random, 40), roll(random, 60), side(random, 60), up(random, 60),
      far(random, 90);
  const SlowCurve jaw(random, 8), pucker(random, 9), smile(random, 20), brows(random, 25), gaze_x(random, 15),
      gaze_y(random, 15);
  for (int t = 0; t < options.frames; ++t) {
    HeadPose pose;
    pose.rotation = {0.12 * pitch.at(t), 0.2 * yaw.at(t), 0.06 * roll.at(t)};
    pose.translation = {1.5 * side.at(t), 1.0 * up.at(t), options.focal_px * 0.062 + 2 * far.at(t)};
    std::array<double, 7> e{};
    e[kJaw] = std::max(0.0, 0.3 + 0.7 * jaw.at(t));
    e[kPucker] = pucker.at(t);
    e[kSmile] = smile.at(t);
    e[kRaise] = brows.at(t);
    const int blink = t % 75;
    e[kBlink] = blink == 40 || blink == 43 ? 0.6 : blink == 41 || blink == 42 ? 1 : 0;
    e[kGazeX] = gaze_x.at(t);
    e[kGazeY] = gaze_y.at(t);

    if (!options.expressive) e = {};

    const Eigen::MatrixX3d face = synthetic_face(e);
    FaceObservation seen;
    seen.found = true;
    seen.presence = 20;
    for (int v = 0; v < kLandmarks; ++v) {
      const Eigen::Vector3d p = pose.apply(face.row(v).transpose());
      const Eigen::Vector2d pixel = film.camera.project(p);
      seen.points(v, 0) = static_cast<float>(pixel.x() + options.noise_px * random.normal());
      seen.points(v, 1) = static_cast<float>(pixel.y() + options.noise_px * random.normal());
      const double relative = (p.z() - pose.translation.z()) * options.focal_px / pose.translation.z();
      seen.points(v, 2) = static_cast<float>(0.9 * relative + options.depth_noise_px * random.normal());
    }
    film.poses.push_back(pose);
    film.expressions.push_back(e);
    film.observations.push_back(seen);
  }
  return film;
}

// Largest rotation error in degrees once the constant turn between the two head frames, which no
// picture can tell, is taken out.
inline double worst_rotation_error_deg(const std::vector<HeadPose>& truth,
                                       const std::vector<HeadPose>& fitted) {
  // The differences are small, so that their mean rotation vector is the mean rotation.
  Eigen::Matrix3d between = truth[0].matrix().transpose() * fitted[0].matrix();
  for (int round = 0; round < 3; ++round) {
    Eigen::Vector3d mean = Eigen::Vector3d::Zero();
    for (std::size_t t = 0; t < truth.size(); ++t) {
      mean += rotation_vector(between.transpose() * truth[t].matrix().transpose() * fitted[t].matrix());
    }
    between = between * rotation_matrix(mean / static_cast<double>(truth.size()));
  }
  double worst = 0;
  for (std::size_t t = 0; t < truth.size(); ++t) {
    const Eigen::Matrix3d error = (truth[t].matrix() * between).transpose() * fitted[t].matrix();
    worst = std::max(worst, rotation_vector(error).norm() * 57.29577951308232);
  }
  return worst;
}

// How much of `target` a linear function of the columns explains: the multiple correlation R.
inline double multiple_correlation(const Eigen::MatrixXd& columns, const Eigen::VectorXd& target) {
  Eigen::MatrixXd a(columns.rows(), columns.cols() + 1);
  a << columns, Eigen::VectorXd::Ones(columns.rows());
  const Eigen::MatrixXd normal = a.transpose() * a + 1e-9 * Eigen::MatrixXd::Identity(a.cols(), a.cols());
  const Eigen::VectorXd fit = a * normal.ldlt().solve(a.transpose() * target);
  const Eigen::VectorXd centred = target.array() - target.mean();
  return std::sqrt(std::max(0.0, 1 - (target - fit).squaredNorm() / centred.squaredNorm()));
}

}  // namespace anima::face::testing
