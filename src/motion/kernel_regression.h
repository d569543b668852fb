// Kernel ridge regression from sound to mouth: the mouth shapes of the film's most similar
// moments, weighted.
//
// With a minute of film this is as good as a neural network, has nothing to converge, and errs
// differently, so that their mean beats both. Gaussian kernel on a reduced context of the sound
// (Saunders, Gammerman, Vovk, "Ridge Regression Learning Algorithm in Dual Variables", 1998).
#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/progress.h"
#include "motion/mouth_input.h"
#include "motion/mouth_manifold.h"

namespace anima::motion {

struct KernelRegressionOptions {
  // Of the kernel's diagonal (which is 1); 0: chosen by leaving out one block of the film after the
  // other, because a clean voice bears less of it than a noisy one.
  float ridge = 0;
  float sharpness = 0.7F;         // kernel = exp(-sharpness * distance^2 / its median)
  int most_centres = 2500;        // of longer films, evenly spaced frames
  MouthWeights importance = [] {  // of each mode's errors where the ridge is chosen
    MouthWeights equal;
    equal.fill(1);
    return equal;
  }();
};

class KernelRegression {
 public:
  // `rows`: normalised inputs, two per frame. `use[i]` 0 leaves frame i out. Stops between ridges:
  // Error(kCancelled).
  static KernelRegression fit(const InputMatrix& rows, std::span<const MouthWeights> targets,
                              std::span<const std::uint8_t> use, const KernelRegressionOptions& options = {},
                              const WorkContext& context = {});
  MouthWeights predict(const InputWindow& window) const;
  // What each frame of the film was predicted as by the rest of it (one block of six left out at a
  // time); empty for frames that were not used, where there were too few, and after loading.
  const std::vector<std::optional<MouthWeights>>& left_out() const { return left_out_; }

  void save(TensorFile& file) const;  // "motion.kernel.*"
  static KernelRegression load(const TensorFile& file);

  static constexpr std::array<float, 4> kRidges = {0.3F, 0.1F, 0.03F, 0.01F};  // that are tried
  float ridge() const { return ridge_; }                                       // of the fit; 0 after loading

  static constexpr int kChannels = 50;  // inputs are reduced to these first
  static constexpr int kContext = 128;  // then all of a window's channels to these

 private:
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::VectorXf gather(const InputWindow& window) const;
  Eigen::VectorXf context(const InputWindow& window) const {
    return context_map_ * (gather(window) - context_mean_);
  }

  Matrix channel_map_;            // kChannels x kMouthInputs
  Eigen::VectorXf context_mean_;  // windows * kChannels
  Matrix context_map_;            // kContext x windows * kChannels
  Matrix centres_;                // N x kContext
  Matrix dual_;                   // N x kMouthModes
  MouthWeights mean_{};
  float gamma_ = 1;
  float ridge_ = 0;
  std::vector<std::optional<MouthWeights>> left_out_;  // per frame of the film
};

}  // namespace anima::motion
