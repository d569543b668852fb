// Adam for Gaussian layers (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015),
// with one learning rate per attribute.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "avatar/renderer.h"
#include "core/tensor_file.h"

namespace anima {
class ThreadPool;
}

namespace anima::avatar {

struct AdamRates {
  std::array<float, kBasePlanes> base{};     // per step, in the unit of the plane
  std::array<float, kModalPlanes> deltas{};  // 0 leaves a plane as it is
  float deltas_decay = 0;  // pull of deltas towards zero, as a share of the step size per unit
};

inline constexpr float kAdamBeta1 = 0.9F;
inline constexpr float kAdamBeta2 = 0.99F;
inline constexpr float kAdamEpsilon = 1e-15F;  // below any gradient that a visible Gaussian gets

// First and second moments of every parameter of one layer, and how many steps they have seen.
struct AdamMoments {
  std::vector<float> base_first, base_second, deltas_first, deltas_second;
  std::int64_t steps = 0;

  explicit AdamMoments(const GaussianLayer& layer);
  AdamMoments() = default;
  void save(TensorFile& file, const std::string& prefix) const;
  void load(const TensorFile& file, const std::string& prefix, const GaussianLayer& layer);
};

// What one picture of a batch asks for: its gradient and the weights it was drawn with. The
// gradient of a delta is weight * gradient of the blended attribute, formed on the fly.
struct BatchGradient {
  const LayerGradient* gradient = nullptr;
  std::span<const float> weights;
};

// One step on the mean of the batch. `frozen_position_deltas`: Gaussians that only fade and tint
// with the modes (teeth that are rigid with the skull); may be empty, else one flag per modal
// Gaussian. The result does not depend on the number of threads.
void adam_step(GaussianLayer& layer, AdamMoments& moments, std::span<const BatchGradient> batch,
               const AdamRates& rates, std::span<const float> position_delta_scale, ThreadPool& pool);

// The plain loop of the same step, for one parameter; the vector code is tested against it.
struct ScalarAdam {
  float first = 0, second = 0;
  float step(float value, float gradient, float rate, std::int64_t step_number);
};

}  // namespace anima::avatar
