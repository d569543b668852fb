// The temporal convolutional network from sound to mouth, ready to be asked.
//
// 153 inputs at 50 Hz -> 64 channels -> convolution to 25 Hz -> three residual dilated
// convolutions -> mean and log variance of each mouth mode. Training lives in
// motion/network_training.h; this evaluates without libtorch.
#pragma once

#include <Eigen/Core>
#include <array>
#include <string>
#include <vector>

#include "motion/mouth_input.h"
#include "motion/mouth_manifold.h"

namespace anima::motion {

inline constexpr int kNetworkChannels = 64;
inline constexpr int kFirstTaps = 5;                         // at 50 Hz, stride 2
inline constexpr std::array<int, 3> kDilations = {1, 2, 4};  // at 25 Hz, three taps each
inline constexpr int kNetworkFrames = 15;                    // 25 Hz frames that reach the middle one

// What the network takes of a window: rows kFirstRow and on.
inline constexpr int kNetworkRows = 2 * (kNetworkFrames - 1) + kFirstTaps;  // 33
inline constexpr int kFirstNetworkRow = kRowsBefore - (kNetworkFrames - 1) - kFirstTaps / 2;

// Row-major, shapes as torch has them: a convolution is [out][in][tap].
struct MotionNetwork {
  std::vector<float> input_weight, input_bias;                     // [64][153], [64]
  std::vector<float> first_weight, first_bias;                     // [64][64][5], [64]
  std::array<std::vector<float>, 3> dilated_weight, dilated_bias;  // [64][64][3], [64]
  std::vector<float> mean_weight, mean_bias;                       // [12][64], [12]
  std::vector<float> log_variance_weight, log_variance_bias;

  struct Output {
    MouthWeights mean;
    MouthWeights log_variance;  // within [kLowestLogVariance, kHighestLogVariance]
  };
  // `window` holds normalised inputs. Error against the same network in libtorch: below 1e-4.
  Output evaluate(const InputWindow& window) const;

  void save(TensorFile& file, const std::string& prefix) const;
  static MotionNetwork load(const TensorFile& file, const std::string& prefix);
};

inline constexpr float kLowestLogVariance = -5;
inline constexpr float kHighestLogVariance = 3;

}  // namespace anima::motion
