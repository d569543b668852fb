#include "face/expression_basis.h"

#include <cmath>

#include "core/error.h"

namespace anima::face {

Vertices ExpressionBasis::mesh(const Weights& weights) const {
  Vertices mesh = neutral;
  for (int k = 0; k < kModes; ++k) {
    if (weights[k] != 0) mesh += weights[k] * modes[k];
  }
  return mesh;
}

void ExpressionBasis::save(TensorFile& file) const {
  std::vector<float> all;
  all.reserve(static_cast<std::size_t>(kModes) * kLandmarks * 3);
  for (const Vertices& mode : modes) all.insert(all.end(), mode.data(), mode.data() + mode.size());
  file.put("face.neutral", {kLandmarks, 3},
           std::span<const float>(neutral.data(), static_cast<std::size_t>(neutral.size())));
  file.put("face.modes", {kModes, kLandmarks, 3}, std::span<const float>(all));
  file.put("face.rest", {kModes}, std::span<const float>(rest));
}

ExpressionBasis ExpressionBasis::load(const TensorFile& file) {
  // Every length on a face is a few centimetres; far more would overflow what renders it.
  constexpr float kFar = 1e4F;
  const auto checked = [&](const std::string& name, std::initializer_list<std::int64_t> shape) {
    const std::vector<std::int64_t> wanted(shape);
    std::vector<float> values = file.floats(name, wanted);
    for (const float v : values) {
      if (!(std::abs(v) < kFar)) {
        throw Error(ErrorCode::kCorruptData,
                    "tensor '" + name + "' holds " + std::to_string(v) + ", which no face has",
                    "make the file again");
      }
    }
    return values;
  };
  const std::vector<float> neutral = checked("face.neutral", {kLandmarks, 3});
  const std::vector<float> modes = checked("face.modes", {kModes, kLandmarks, 3});
  const std::vector<float> rest = checked("face.rest", {kModes});

  ExpressionBasis basis;
  basis.neutral = Eigen::Map<const Vertices>(neutral.data(), kLandmarks, 3);
  for (int k = 0; k < kModes; ++k) {
    basis.modes[k] = Eigen::Map<const Vertices>(
        modes.data() + static_cast<std::ptrdiff_t>(k) * kLandmarks * 3, kLandmarks, 3);
    basis.rest[k] = rest[k];
  }
  return basis;
}

}  // namespace anima::face
