#include "avatar/gaussian_layer.h"

#include <fmt/format.h>

#include <array>

#include "core/error.h"

namespace anima::avatar {
namespace {

int padded(std::size_t count) {
  return static_cast<int>((count + kLaneBlock - 1) / kLaneBlock * kLaneBlock);
}

void place(GaussianLayer& layer, int index, const NewGaussian& g) {
  for (int axis = 0; axis < 3; ++axis) {
    layer.plane(kPositionX + axis)[index] = g.position[axis];
    layer.plane(kRed + axis)[index] = g.colour[axis];
    layer.plane(kLogScaleX + axis)[index] = g.log_scale[axis];
  }
  for (int axis = 0; axis < 4; ++axis) layer.plane(kRotationW + axis)[index] = g.rotation[axis];
  layer.plane(kOpacityLogit)[index] = g.opacity_logit;
  if (g.position_deltas.empty()) return;
  for (int mode = 0; mode < layer.modes; ++mode) {
    for (int axis = 0; axis < 3; ++axis) {
      layer.delta(mode, kPositionX + axis)[index] =
          g.position_deltas[static_cast<std::size_t>(mode) * 3 + axis];
    }
  }
}

}  // namespace

GaussianLayer build_layer(std::span<const NewGaussian> gaussians, int modes) {
  std::size_t modal = 0;
  for (const NewGaussian& g : gaussians) {
    if (g.position_deltas.empty()) continue;
    if (g.position_deltas.size() != static_cast<std::size_t>(modes) * 3) {
      throw Error(ErrorCode::kInternal, fmt::format("a new Gaussian has {} position deltas; {} modes need {}",
                                                    g.position_deltas.size(), modes, modes * 3));
    }
    ++modal;
  }
  GaussianLayer layer;
  layer.modes = modes;
  layer.modal_count = padded(modal);
  layer.count = layer.modal_count + padded(gaussians.size() - modal);
  layer.base.assign(static_cast<std::size_t>(kBasePlanes) * layer.count, 0.0F);
  layer.deltas.assign(static_cast<std::size_t>(modes) * kModalPlanes * layer.modal_count, 0.0F);
  NewGaussian invisible;
  invisible.opacity_logit = kInvisibleLogit;
  for (int i = 0; i < layer.count; ++i) place(layer, i, invisible);
  int next_modal = 0;
  int next_rigid = layer.modal_count;
  for (const NewGaussian& g : gaussians)
    place(layer, g.position_deltas.empty() ? next_rigid++ : next_modal++, g);
  return layer;
}

void GaussianLayer::save(TensorFile& file, const std::string& prefix, TensorType type) const {
  file.put(prefix + ".base", {kBasePlanes, count}, base, type);
  file.put(prefix + ".deltas", {modes, kModalPlanes, modal_count}, deltas, type);
}

GaussianLayer GaussianLayer::load(const TensorFile& file, const std::string& prefix) {
  GaussianLayer layer;
  const std::array<std::int64_t, 2> any_base{kBasePlanes, -1};
  const std::array<std::int64_t, 3> any_deltas{-1, kModalPlanes, -1};
  layer.base = file.floats(prefix + ".base", any_base);
  layer.deltas = file.floats(prefix + ".deltas", any_deltas);
  const std::int64_t count = file.shape(prefix + ".base")[1];
  const std::int64_t modes = file.shape(prefix + ".deltas")[0];
  const std::int64_t modal = file.shape(prefix + ".deltas")[2];
  if (count > kMaxGaussians || count % kLaneBlock != 0 || modal > count || modal % kLaneBlock != 0 ||
      modes > kMaxModes) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format(
            "layer '{}' claims {} Gaussians, {} of them with {} modes; counts must be multiples of {}, "
            "at most {} Gaussians and {} modes",
            prefix, count, modal, modes, kLaneBlock, kMaxGaussians, kMaxModes),
        "train the avatar again");
  }
  layer.count = static_cast<int>(count);
  layer.modes = static_cast<int>(modes);
  layer.modal_count = static_cast<int>(modal);
  return layer;
}

}  // namespace anima::avatar
