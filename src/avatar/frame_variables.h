// What is refined through the renderer for every single frame: head pose, expression, torso pose.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "avatar/avatar.h"
#include "core/tensor_file.h"

namespace anima::avatar {

inline constexpr int kFrameNumbers = 6 + face::kModes + 6;

struct FrameRates {
  float rotation = 4e-4F;     // radians per step
  float translation = 4e-3F;  // head units per step; depth moves three times as fast
  float weights = 0.012F;     // standard deviations per step
  float torso_rotation = 3e-4F;
  float torso_translation = 6e-3F;
};

// Adam over the few numbers of each frame. Rotations move on the rotation group: the step is a
// small rotation applied after the present one.
//
// The gradient of the head pose that is followed is that of the layer's place alone. The pose also drives
// modes (PoseDrivers: three of the head, all of the torso), and what it does through their weights is left
// out: those modes learn shading and folds that follow the pose, and must not push it.
class FrameVariables {
 public:
  FrameVariables() = default;
  FrameVariables(std::vector<FrameState> states);

  const FrameState& state(int frame) const { return states_[frame]; }
  const std::vector<FrameState>& states() const { return states_; }
  int count() const { return static_cast<int>(states_.size()); }

  // `torso` may be null: its pose stays. `share` scales all rates.
  void step(int frame, const LayerGradient& head, const LayerGradient* torso, const FrameRates& rates,
            float share);

  void save(TensorFile& file, const std::string& prefix) const;
  static FrameVariables load(const TensorFile& file, const std::string& prefix);

 private:
  struct Moments {
    std::array<float, kFrameNumbers> first{}, second{};
    int steps = 0;
  };
  std::vector<FrameState> states_;
  std::vector<Moments> moments_;
};

}  // namespace anima::avatar
