// One layer of an avatar: anisotropic 3-D Gaussians in a canonical space, and linear modes that
// move, fade and tint them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/tensor_file.h"

namespace anima::avatar {

// Attributes of one Gaussian. Each is a plane of `count` floats in GaussianLayer::base.
enum BasePlane : int {
  kPositionX,
  kPositionY,
  kPositionZ,
  kOpacityLogit,  // opacity = 1 / (1 + exp(-logit))
  kRed,           // display-referred sRGB, 0 to 1, not clamped while training
  kGreen,
  kBlue,
  kLogScaleX,  // natural logarithm of the standard deviation along the Gaussian's own axes
  kLogScaleY,
  kLogScaleZ,
  kRotationW,  // quaternion of those axes, normalised where it is used
  kRotationX,
  kRotationY,
  kRotationZ,
  kBasePlanes
};

// The first planes are the ones that modes add to. That position, opacity and colour move while
// the shape stays is what the published ablations favour (EmbedTalk, table of moved attributes;
// Feng et al., "Learning Efficient Gaussian Projections": linear maps equal small networks).
inline constexpr int kModalPlanes = kBlue + 1;

// Counts are multiples of this, padded with invisible Gaussians, so that vector code has no tail.
inline constexpr int kLaneBlock = 16;
inline constexpr float kInvisibleLogit = -20.0F;

struct GaussianLayer {
  int count = 0;        // Gaussians, a multiple of kLaneBlock
  int modal_count = 0;  // the first so many have modes (hair and clothes need none), a multiple of kLaneBlock
  int modes = 0;
  std::vector<float> base;    // [kBasePlanes][count]
  std::vector<float> deltas;  // [modes][kModalPlanes][modal_count], per unit of mode weight

  float* plane(int p) { return base.data() + static_cast<std::size_t>(p) * count; }
  const float* plane(int p) const { return base.data() + static_cast<std::size_t>(p) * count; }
  float* delta(int mode, int p) {
    return deltas.data() + (static_cast<std::size_t>(mode) * kModalPlanes + p) * modal_count;
  }
  const float* delta(int mode, int p) const {
    return deltas.data() + (static_cast<std::size_t>(mode) * kModalPlanes + p) * modal_count;
  }

  // Tensors "<prefix>.base" and "<prefix>.deltas", half precision or single.
  void save(TensorFile& file, const std::string& prefix, TensorType type) const;
  // Throws Error(kCorruptData) for counts that do not fit each other or exceed `kMaxGaussians`.
  static GaussianLayer load(const TensorFile& file, const std::string& prefix);
};

inline constexpr int kMaxGaussians = 400'000;
inline constexpr int kMaxModes = 64;

// A layer under construction: Gaussians are added one by one, then laid out in planes.
struct NewGaussian {
  float position[3] = {0, 0, 0};
  float colour[3] = {0.5F, 0.5F, 0.5F};
  float opacity_logit = 2.0F;
  float log_scale[3] = {-2, -2, -2};
  float rotation[4] = {1, 0, 0, 0};
  std::vector<float> position_deltas;  // [modes][3]; empty: none
};

// Gaussians with position deltas come first, in their given order.
GaussianLayer build_layer(std::span<const NewGaussian> gaussians, int modes);

}  // namespace anima::avatar
