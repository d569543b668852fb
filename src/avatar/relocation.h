// Moving Gaussians from where they do nothing to where one is not enough.
//
// The count stays; the idea of densifying by positional gradient is Kerbl et al., "3D Gaussian
// Splatting" (2023, section 5), that of re-using dead Gaussians instead of adding and pruning is
// Kheradmand et al., "3D Gaussian Splatting as Markov Chain Monte Carlo" (2024).
#pragma once

#include <string>
#include <vector>

#include "avatar/adam.h"
#include "avatar/gaussian_layer.h"

namespace anima::avatar {

// How hard the pictures since the last relocation pulled at each Gaussian.
class Unrest {
 public:
  Unrest() = default;
  explicit Unrest(const GaussianLayer& layer) : pull_(layer.count, 0.0F) {}
  void add(const LayerGradient& gradient, const GaussianLayer& layer);
  void clear() { std::fill(pull_.begin(), pull_.end(), 0.0F); }
  const std::vector<float>& pull() const { return pull_; }

  void save(TensorFile& file, const std::string& prefix) const;
  void load(const TensorFile& file, const std::string& prefix, const GaussianLayer& layer);

 private:
  std::vector<float> pull_;
};

struct RelocationOptions {
  float dead_opacity_logit = -3.5F;  // opacity 0.03
  float smallest_scale = 0.02F;      // head units; smaller ones are not split
  double share = 0.03;               // of the layer's Gaussians, at most, in one call
};

// Splits the Gaussians with the most unrest along their longest axis, each into itself and one
// that was dead. Modal ones give to modal ones. `position_delta_scale` (may be empty) moves
// along. Moments of both halves start at zero. Returns how many were split.
int relocate(GaussianLayer& layer, AdamMoments& moments, std::vector<float>& position_delta_scale,
             const Unrest& unrest, const RelocationOptions& options);

}  // namespace anima::avatar
