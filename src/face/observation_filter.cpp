#include "face/observation_filter.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>

namespace anima::face {
namespace {

using Points = Eigen::Matrix<double, kMeshVertices, 3, Eigen::RowMajor>;
using VertexWeights = Eigen::Matrix<double, kMeshVertices, 1>;

constexpr int kShapeIterations = 3;

// point = size * rotation * (shape - its centre) + place
struct RigidMotion {
  Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
  double size = 1;
  Eigen::RowVector3d place = Eigen::RowVector3d::Zero();
};

Points mesh_of(const FaceObservation& observation) {
  return observation.points.topRows<kMeshVertices>().cast<double>();
}

Eigen::Matrix3d nearest_rotation(const Eigen::Matrix3d& matrix) {
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(matrix, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Vector3d signs(1, 1, (svd.matrixU() * svd.matrixV().transpose()).determinant() < 0 ? -1 : 1);
  return svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
}

// The weighted least-squares similarity from `shape` to `points` (Umeyama, "Least-squares
// estimation of transformation parameters between two point patterns", 1991). The weights sum to
// one and the shape's weighted centre is zero.
RigidMotion align(const Points& shape, const Points& points, const VertexWeights& weights) {
  RigidMotion motion;
  motion.place = weights.transpose() * points;
  const Points centred = points.rowwise() - motion.place;
  const Eigen::Matrix3d covariance = centred.transpose() * weights.asDiagonal() * shape;
  motion.rotation = nearest_rotation(covariance);
  const double variance = (shape.rowwise().squaredNorm().array() * weights.array()).sum();
  motion.size = (motion.rotation.transpose() * covariance).trace() / variance;
  return motion;
}

// The points in the shape's own frame.
Points undo(const RigidMotion& motion, const Points& points) {
  return (points.rowwise() - motion.place) * motion.rotation / motion.size;
}

// Finds the shape of the film's face, and how rigidly each vertex follows the head, by
// alternating alignment and averaging; returns each frame's motion. The sizes are relative.
std::vector<RigidMotion> rigid_motions(const std::vector<FaceObservation>& observations,
                                       const std::vector<int>& frames) {
  VertexWeights weights = VertexWeights::Constant(1.0 / kMeshVertices);
  Points shape = mesh_of(observations[static_cast<std::size_t>(frames[frames.size() / 2])]);
  std::vector<RigidMotion> motions(observations.size());
  for (int iteration = 0; iteration < kShapeIterations; ++iteration) {
    const Eigen::RowVector3d centre = weights.transpose() * shape;
    shape.rowwise() -= centre;
    Points sum = Points::Zero();
    VertexWeights squares = VertexWeights::Zero();
    for (const int frame : frames) {
      const Points points = mesh_of(observations[static_cast<std::size_t>(frame)]);
      motions[static_cast<std::size_t>(frame)] = align(shape, points, weights);
      const Points own = undo(motions[static_cast<std::size_t>(frame)], points);
      sum += own;
      squares += (own - shape).rowwise().squaredNorm();
    }
    if (iteration + 1 == kShapeIterations) break;
    shape = sum / static_cast<double>(frames.size());
    // Vertices that move with the expression get little say; the floor keeps any few of them
    // from ruling alone.
    VertexWeights sorted = squares;
    std::nth_element(sorted.data(), sorted.data() + kMeshVertices / 4, sorted.data() + kMeshVertices);
    const double floor = sorted[kMeshVertices / 4] + 1e-12;
    weights = (squares.array() + floor).square().inverse();
    weights /= weights.sum();
  }
  return motions;
}

// The square root of the mean square distance of two meshes in the picture, in px.
double distance(const Points& a, const Points& b) {
  return std::sqrt((a.leftCols<2>() - b.leftCols<2>()).rowwise().squaredNorm().mean());
}

double face_size(const Points& points) {
  return (points.leftCols<2>().colwise().maxCoeff() - points.leftCols<2>().colwise().minCoeff()).maxCoeff();
}

void interpolate(std::vector<FaceObservation>& observations, int before, int after, int frame) {
  const FaceObservation& a = observations[static_cast<std::size_t>(before)];
  const FaceObservation& b = observations[static_cast<std::size_t>(after)];
  FaceObservation& target = observations[static_cast<std::size_t>(frame)];
  const float t = static_cast<float>(frame - before) / static_cast<float>(after - before);
  target.points = (1 - t) * a.points + t * b.points;
  target.found = true;
  target.presence = 0;
}

void remove_outliers(FilteredObservations& result, double outlier_face_sizes) {
  std::vector<FaceObservation>& observations = result.observations;
  std::vector<int> outliers;
  for (std::size_t i = 1; i + 1 < observations.size(); ++i) {
    if (!observations[i - 1].found || !observations[i].found || !observations[i + 1].found) continue;
    const Points before = mesh_of(observations[i - 1]);
    const Points points = mesh_of(observations[i]);
    const Points after = mesh_of(observations[i + 1]);
    const double away = distance(points, (before + after) / 2);
    // Where the neighbours do not agree with each other, the head really moved.
    if (away > outlier_face_sizes * face_size(before) && distance(before, after) < away / 2) {
      outliers.push_back(static_cast<int>(i));
      ++i;  // the next frame was only judged against this one
    }
  }
  for (const int frame : outliers) {
    interpolate(observations, frame - 1, frame + 1, frame);
    result.interpolated_frames.push_back(frame);
  }
}

void fill_gaps(FilteredObservations& result, int longest_gap_frames) {
  std::vector<FaceObservation>& observations = result.observations;
  const int count = static_cast<int>(observations.size());
  int last_found = -1;
  for (int i = 0; i < count; ++i) {
    if (!observations[static_cast<std::size_t>(i)].found) continue;
    const int gap = i - last_found - 1;
    if (last_found >= 0 && gap > 0 && gap <= longest_gap_frames) {
      for (int k = last_found + 1; k < i; ++k) {
        interpolate(observations, last_found, i, k);
        result.interpolated_frames.push_back(k);
      }
    }
    last_found = i;
  }
}

// The Gaussian mean of the motions around `frame` over the unbroken run [first, last].
RigidMotion smoothed(const std::vector<RigidMotion>& motions, int frame, int first, int last,
                     double sigma_frames) {
  // As far to one side as to the other: a lopsided mean would drag the ends of a run inwards.
  const int wing = std::min({static_cast<int>(std::ceil(3 * sigma_frames)), frame - first, last - frame});
  Eigen::Matrix3d rotation = Eigen::Matrix3d::Zero();
  Eigen::RowVector3d place = Eigen::RowVector3d::Zero();
  double size = 0;
  double total = 0;
  for (int offset = -wing; offset <= wing; ++offset) {
    const RigidMotion& motion = motions[static_cast<std::size_t>(frame + offset)];
    const double weight = std::exp(-0.5 * offset * offset / (sigma_frames * sigma_frames));
    rotation += weight * motion.rotation;
    place += weight * motion.place;
    size += weight * motion.size;
    total += weight;
  }
  RigidMotion mean;
  mean.rotation = nearest_rotation(rotation);
  mean.place = place / total;
  mean.size = size / total;
  return mean;
}

void smooth_rigid_motion(std::vector<FaceObservation>& observations, double sigma_frames) {
  std::vector<int> frames;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (observations[i].found) frames.push_back(static_cast<int>(i));
  }
  if (frames.size() < 3) return;
  const std::vector<RigidMotion> motions = rigid_motions(observations, frames);
  const int count = static_cast<int>(observations.size());
  int first = 0;
  while (first < count) {
    if (!observations[static_cast<std::size_t>(first)].found) {
      ++first;
      continue;
    }
    int last = first;
    while (last + 1 < count && observations[static_cast<std::size_t>(last) + 1].found) ++last;
    for (int frame = first; frame <= last; ++frame) {
      const RigidMotion& seen = motions[static_cast<std::size_t>(frame)];
      const RigidMotion mean = smoothed(motions, frame, first, last, sigma_frames);
      auto& points = observations[static_cast<std::size_t>(frame)].points;
      const Eigen::Matrix<double, kLandmarks, 3, Eigen::RowMajor> own =
          (points.cast<double>().rowwise() - seen.place) * seen.rotation;
      points =
          ((own * mean.rotation.transpose() * (mean.size / seen.size)).rowwise() + mean.place).cast<float>();
    }
    first = last + 1;
  }
}

}  // namespace

FilteredObservations filter_observations(std::span<const FaceObservation> observations,
                                         const ObservationFilterOptions& options) {
  FilteredObservations result;
  result.observations.assign(observations.begin(), observations.end());
  remove_outliers(result, options.outlier_face_sizes);
  fill_gaps(result, options.longest_gap_frames);
  std::sort(result.interpolated_frames.begin(), result.interpolated_frames.end());
  if (options.rigid_sigma_frames > 0) smooth_rigid_motion(result.observations, options.rigid_sigma_frames);
  result.lost_frames = static_cast<int>(std::count_if(result.observations.begin(), result.observations.end(),
                                                      [](const FaceObservation& o) { return !o.found; }));
  return result;
}

}  // namespace anima::face
