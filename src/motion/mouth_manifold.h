// The mouth shapes that this person makes: predictions are drawn towards them.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "face/expression_basis.h"

namespace anima::motion {

using MouthWeights = std::array<float, face::kMouthModes>;

// Locally linear projection (Roweis & Saul, "Nonlinear Dimensionality Reduction by Locally Linear
// Embedding", 2000, section on reconstruction weights; used on talking faces by GeneFace): a
// point is replaced by the affine mixture of its K nearest training shapes that comes closest
// to it.
class MouthManifold {
 public:
  static constexpr int kNeighbours = 10;

  // `metric`: how much one unit of each mode matters (for instance its displacement of the lips).
  MouthManifold(std::span<const face::Weights> training, const MouthWeights& metric);

  // (1 - fraction) * weights + fraction * projection; fraction 0 to 1. With fewer than
  // kNeighbours + 1 training shapes nothing is changed.
  MouthWeights project(const MouthWeights& weights, float fraction) const;

 private:
  std::vector<MouthWeights> shapes_;  // scaled by the metric
  MouthWeights metric_;
};

}  // namespace anima::motion
