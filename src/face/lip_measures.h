// How far the lips are open, measured on landmarks or meshes alike.
#pragma once

#include <Eigen/Core>
#include <array>

#include "face/expression_basis.h"

namespace anima::face {

// Inner upper and inner lower lip at the middle of the mouth: {upper, lower}.
inline constexpr std::array<std::array<int, 2>, 3> kInnerLipPairs = {{{13, 14}, {82, 87}, {312, 317}}};

// Inner-lip points of both contours, corners included.
inline constexpr std::array<int, 20> kInnerLips = {78,  191, 80,  81,  82,  13, 312, 311, 310, 415,
                                                   308, 324, 318, 402, 317, 14, 87,  178, 88,  95};
// Outer-lip points.
inline constexpr std::array<int, 20> kOuterLips = {61,  185, 40,  39,  37,  0,  267, 269, 270, 409,
                                                   291, 375, 321, 405, 314, 17, 84,  181, 91,  146};

// Mean over the three pairs of (lower lip's y - upper lip's y): negative when tracked lips
// overlap, which a distance would hide. In the unit of `points` (columns x, y, ...).
template <typename Derived>
double signed_lip_gap(const Eigen::MatrixBase<Derived>& points) {
  double sum = 0;
  for (const auto& [upper, lower] : kInnerLipPairs) sum += points(lower, 1) - points(upper, 1);
  return sum / kInnerLipPairs.size();
}

}  // namespace anima::face
