#include "face/lip_measures.h"

namespace anima::face {

float lip_opening(const Vertices& mesh) {
  float sum = 0;
  for (const auto& [upper, lower] : kInnerLipPairs) {
    // Without z: one inner lip lies a little behind the other even where they touch.
    sum += (mesh.row(lower) - mesh.row(upper)).head<2>().norm();
  }
  return sum / static_cast<float>(kInnerLipPairs.size());
}

}  // namespace anima::face
