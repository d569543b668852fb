#include "avatar/adam.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/threads.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "avatar/adam.cpp"
#include <hwy/foreach_target.h>
// Highway must come after foreach_target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace anima::avatar::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<float, kLaneBlock>;
using V = hn::Vec<D>;

// One plane: gradient_i = sum_b factor_b * slopes_b[i] (+ nothing else); then Adam.
void StepPlane(float* values, float* first, float* second, int count, const float* const* slopes,
               const float* factors, int pictures, const float* scale, float rate, float decay) {
  const D d;
  const int step = static_cast<int>(hn::Lanes(d));
  const V beta1 = hn::Set(d, kAdamBeta1), beta2 = hn::Set(d, kAdamBeta2);
  const V rest1 = hn::Set(d, 1 - kAdamBeta1), rest2 = hn::Set(d, 1 - kAdamBeta2);
  const V epsilon = hn::Set(d, kAdamEpsilon);
  const V down = hn::Set(d, -rate);
  const V keep = hn::Set(d, 1 - rate * decay);
  for (int i = 0; i < count; i += step) {
    V gradient = hn::Zero(d);
    for (int b = 0; b < pictures; ++b) {
      gradient = hn::MulAdd(hn::Set(d, factors[b]), hn::LoadU(d, slopes[b] + i), gradient);
    }
    if (scale != nullptr) gradient = hn::Mul(gradient, hn::LoadU(d, scale + i));
    const V m = hn::MulAdd(beta1, hn::LoadU(d, first + i), hn::Mul(rest1, gradient));
    const V v = hn::MulAdd(beta2, hn::LoadU(d, second + i), hn::Mul(rest2, hn::Mul(gradient, gradient)));
    hn::StoreU(m, d, first + i);
    hn::StoreU(v, d, second + i);
    const V move = hn::Div(m, hn::Add(hn::Sqrt(v), epsilon));
    hn::StoreU(hn::MulAdd(down, move, hn::Mul(keep, hn::LoadU(d, values + i))), d, values + i);
  }
}

}  // namespace
}  // namespace anima::avatar::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace anima::avatar {

HWY_EXPORT(StepPlane);

namespace {

// Bias correction folded into the rate: rate * sqrt(1 - beta2^t) / (1 - beta1^t).
float corrected_rate(float rate, std::int64_t step_number) {
  const double t = static_cast<double>(step_number);
  return static_cast<float>(rate * std::sqrt(1 - std::pow(kAdamBeta2, t)) / (1 - std::pow(kAdamBeta1, t)));
}

}  // namespace

AdamMoments::AdamMoments(const GaussianLayer& layer)
    : base_first(layer.base.size()),
      base_second(layer.base.size()),
      deltas_first(layer.deltas.size()),
      deltas_second(layer.deltas.size()) {}

void AdamMoments::save(TensorFile& file, const std::string& prefix) const {
  const auto put = [&](const char* name, const std::vector<float>& values) {
    file.put(prefix + name, {static_cast<std::int64_t>(values.size())}, values);
  };
  put(".base_first", base_first);
  put(".base_second", base_second);
  put(".deltas_first", deltas_first);
  put(".deltas_second", deltas_second);
  file.put(prefix + ".steps", {1}, std::vector<std::int32_t>{static_cast<std::int32_t>(steps)});
}

void AdamMoments::load(const TensorFile& file, const std::string& prefix, const GaussianLayer& layer) {
  const auto get = [&](const char* name, std::size_t size) {
    return file.floats(prefix + name, std::vector<std::int64_t>{static_cast<std::int64_t>(size)});
  };
  base_first = get(".base_first", layer.base.size());
  base_second = get(".base_second", layer.base.size());
  deltas_first = get(".deltas_first", layer.deltas.size());
  deltas_second = get(".deltas_second", layer.deltas.size());
  steps = file.integers(prefix + ".steps", std::vector<std::int64_t>{1})[0];
}

float ScalarAdam::step(float value, float gradient, float rate, std::int64_t step_number) {
  first = kAdamBeta1 * first + (1 - kAdamBeta1) * gradient;
  second = kAdamBeta2 * second + (1 - kAdamBeta2) * gradient * gradient;
  return value - corrected_rate(rate, step_number) * first / (std::sqrt(second) + kAdamEpsilon);
}

void adam_step(GaussianLayer& layer, AdamMoments& moments, std::span<const BatchGradient> batch,
               const AdamRates& rates, std::span<const float> position_delta_scale, ThreadPool& pool) {
  ++moments.steps;
  const int pictures = static_cast<int>(batch.size());
  const int tasks = kBasePlanes + layer.modes * kModalPlanes;
  pool.run(tasks, [&](int task, int) {
    std::vector<const float*> slopes(pictures);
    std::vector<float> factors(pictures);
    const bool of_base = task < kBasePlanes;
    const int mode = of_base ? 0 : (task - kBasePlanes) / kModalPlanes;
    const int plane = of_base ? task : (task - kBasePlanes) % kModalPlanes;
    const float rate = corrected_rate(of_base ? rates.base[plane] : rates.deltas[plane], moments.steps);
    if (rate == 0) return;
    for (int b = 0; b < pictures; ++b) {
      slopes[b] = batch[b].gradient->base.data() + static_cast<std::size_t>(plane) * layer.count;
      factors[b] = (of_base ? 1.0F : batch[b].weights[mode]) / static_cast<float>(pictures);
    }
    if (of_base) {
      const std::size_t at = static_cast<std::size_t>(plane) * layer.count;
      HWY_DYNAMIC_DISPATCH(StepPlane)
      (layer.plane(plane), moments.base_first.data() + at, moments.base_second.data() + at, layer.count,
       slopes.data(), factors.data(), pictures, nullptr, rate, 0.0F);
      return;
    }
    const std::size_t at = (static_cast<std::size_t>(mode) * kModalPlanes + plane) * layer.modal_count;
    const float* scale =
        plane <= kPositionZ && !position_delta_scale.empty() ? position_delta_scale.data() : nullptr;
    HWY_DYNAMIC_DISPATCH(StepPlane)
    (layer.delta(mode, plane), moments.deltas_first.data() + at, moments.deltas_second.data() + at,
     layer.modal_count, slopes.data(), factors.data(), pictures, scale, rate, rates.deltas_decay);
  });
}

}  // namespace anima::avatar
#endif
