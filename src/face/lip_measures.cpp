#include "face/lip_measures.h"

namespace anima::face {

float lip_opening(const Vertices& mesh) {
  float sum = 0;
  for (const auto& [upper, lower] : kInnerLipPairs) sum += (mesh.row(lower) - mesh.row(upper)).norm();
  return sum / static_cast<float>(kInnerLipPairs.size());
}

}  // namespace anima::face
