#include "motion/mouth_manifold.h"

#include <Eigen/Cholesky>
#include <algorithm>

namespace anima::motion {

MouthManifold::MouthManifold(std::span<const face::Weights> training, const MouthWeights& metric)
    : metric_(metric) {
  for (float& m : metric_) m = std::max(m, 1e-6F);
  shapes_.reserve(training.size());
  for (const face::Weights& w : training) {
    MouthWeights shape;
    for (int k = 0; k < face::kMouthModes; ++k) shape[k] = w[face::kFirstMouth + k] * metric_[k];
    shapes_.push_back(shape);
  }
}

MouthWeights MouthManifold::project(const MouthWeights& weights, float fraction) const {
  if (fraction <= 0 || shapes_.size() <= kNeighbours) return weights;
  MouthWeights point;
  for (int k = 0; k < face::kMouthModes; ++k) point[k] = weights[k] * metric_[k];

  std::vector<std::pair<float, int>> nearest;
  nearest.reserve(shapes_.size());
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    float distance = 0;
    for (int k = 0; k < face::kMouthModes; ++k)
      distance += (shapes_[i][k] - point[k]) * (shapes_[i][k] - point[k]);
    nearest.emplace_back(distance, static_cast<int>(i));
  }
  std::ranges::partial_sort(nearest, nearest.begin() + kNeighbours);

  // Mixture a minimising |point - sum a_i shape_i|^2 with sum a_i = 1: solve (G + e I) a = 1 for
  // the Gram matrix G of the differences, then normalise. The ridge e keeps the mixture convex
  // in practice when neighbours nearly coincide.
  Eigen::Matrix<double, kNeighbours, face::kMouthModes> differences;
  for (int i = 0; i < kNeighbours; ++i) {
    for (int k = 0; k < face::kMouthModes; ++k) differences(i, k) = shapes_[nearest[i].second][k] - point[k];
  }
  Eigen::Matrix<double, kNeighbours, kNeighbours> gram = differences * differences.transpose();
  gram.diagonal().array() += 1e-2 * gram.trace() + 1e-9;
  Eigen::Matrix<double, kNeighbours, 1> mixture =
      gram.ldlt().solve(Eigen::Matrix<double, kNeighbours, 1>::Ones());
  mixture /= mixture.sum();

  MouthWeights result;
  for (int k = 0; k < face::kMouthModes; ++k) {
    double projected = 0;
    for (int i = 0; i < kNeighbours; ++i) projected += mixture[i] * shapes_[nearest[i].second][k];
    result[k] = (1 - fraction) * weights[k] + fraction * static_cast<float>(projected) / metric_[k];
  }
  return result;
}

}  // namespace anima::motion
