#include "avatar/relocation.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>

namespace anima::avatar {
namespace {

// Two halves of a Gaussian with standard deviation s along an axis: at +-kApart s, kNarrower s
// wide. Together they have the variance of the whole.
constexpr float kApart = 0.6F;
constexpr float kNarrower = 0.8F;

int longest_axis(const GaussianLayer& layer, int i) {
  int longest = 0;
  for (int axis = 1; axis < 3; ++axis) {
    if (layer.plane(kLogScaleX + axis)[i] > layer.plane(kLogScaleX + longest)[i]) longest = axis;
  }
  return longest;
}

void forget(const GaussianLayer& layer, AdamMoments& moments, int i) {
  for (int plane = 0; plane < kBasePlanes; ++plane) {
    const std::size_t at = static_cast<std::size_t>(plane) * layer.count + i;
    moments.base_first[at] = moments.base_second[at] = 0;
  }
  if (i >= layer.modal_count) return;
  for (int plane = 0; plane < layer.modes * kModalPlanes; ++plane) {
    const std::size_t at = static_cast<std::size_t>(plane) * layer.modal_count + i;
    moments.deltas_first[at] = moments.deltas_second[at] = 0;
  }
}

void split(GaussianLayer& layer, int from, int into) {
  for (int plane = 0; plane < kBasePlanes; ++plane) layer.plane(plane)[into] = layer.plane(plane)[from];
  if (from < layer.modal_count) {
    for (int mode = 0; mode < layer.modes; ++mode) {
      for (int plane = 0; plane < kModalPlanes; ++plane) {
        layer.delta(mode, plane)[into] = layer.delta(mode, plane)[from];
      }
    }
  }
  const int axis = longest_axis(layer, from);
  const float deviation = std::exp(layer.plane(kLogScaleX + axis)[from]);
  const Eigen::Quaternionf q(layer.plane(kRotationW)[from], layer.plane(kRotationX)[from],
                             layer.plane(kRotationY)[from], layer.plane(kRotationZ)[from]);
  const Eigen::Vector3f along = q.normalized().toRotationMatrix().col(axis) * (kApart * deviation);
  for (int k = 0; k < 3; ++k) {
    layer.plane(kPositionX + k)[from] -= along[k];
    layer.plane(kPositionX + k)[into] += along[k];
  }
  for (const int i : {from, into}) layer.plane(kLogScaleX + axis)[i] += std::log(kNarrower);
}

}  // namespace

void Unrest::add(const LayerGradient& gradient, const GaussianLayer& layer) {
  const std::size_t count = layer.count;
  const float* x = gradient.base.data() + kPositionX * count;
  const float* y = gradient.base.data() + kPositionY * count;
  for (std::size_t i = 0; i < count; ++i) pull_[i] += std::sqrt(x[i] * x[i] + y[i] * y[i]);
}

void Unrest::save(TensorFile& file, const std::string& prefix) const {
  file.put(prefix, {static_cast<std::int64_t>(pull_.size())}, pull_);
}

void Unrest::load(const TensorFile& file, const std::string& prefix, const GaussianLayer& layer) {
  pull_ = file.floats(prefix, std::vector<std::int64_t>{layer.count});
}

int relocate(GaussianLayer& layer, AdamMoments& moments, std::vector<float>& position_delta_scale,
             const Unrest& unrest, const RelocationOptions& options) {
  int moved = 0;
  const int ranges[2][2] = {{0, layer.modal_count}, {layer.modal_count, layer.count}};
  for (const auto& [first, last] : ranges) {
    std::vector<int> dead, pulled;
    for (int i = first; i < last; ++i) {
      if (layer.plane(kOpacityLogit)[i] < options.dead_opacity_logit) {
        dead.push_back(i);
      } else if (layer.plane(kLogScaleX + longest_axis(layer, i))[i] > std::log(options.smallest_scale)) {
        pulled.push_back(i);
      }
    }
    const auto wanted = static_cast<std::size_t>(options.share * (last - first));
    const std::size_t count = std::min({wanted, dead.size(), pulled.size()});
    std::partial_sort(
        pulled.begin(), pulled.begin() + static_cast<std::ptrdiff_t>(count), pulled.end(), [&](int a, int b) {
          return unrest.pull()[a] != unrest.pull()[b] ? unrest.pull()[a] > unrest.pull()[b] : a < b;
        });
    for (std::size_t n = 0; n < count; ++n) {
      split(layer, pulled[n], dead[n]);
      forget(layer, moments, pulled[n]);
      forget(layer, moments, dead[n]);
      if (!position_delta_scale.empty() && first == 0)
        position_delta_scale[dead[n]] = position_delta_scale[pulled[n]];
    }
    moved += static_cast<int>(count);
  }
  return moved;
}

}  // namespace anima::avatar
