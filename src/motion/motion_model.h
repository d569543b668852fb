// Everything that was learned of how this person moves, as one value inside of an avatar file.
#pragma once

#include <vector>

#include "audio/cepstral_mean.h"
#include "core/tensor_file.h"
#include "motion/blinks.h"
#include "motion/film_motion.h"
#include "motion/kernel_regression.h"
#include "motion/motion_network.h"
#include "motion/mouth_input.h"

namespace anima::motion {

struct MouthPrediction {
  MouthWeights mean{};
  MouthWeights deviation{};  // standard deviation that the networks expect of their own error
};

struct MotionModel {
  FilmMotion film;  // the training part
  BlinkStatistics blinks;
  InputNormaliser normaliser;
  std::vector<MotionNetwork> networks;  // 1 to 8; their mean counts
  KernelRegression kernel;
  MouthWeights importance{};       // how far one unit of each mode moves the lips, head units
  audio::Cepstra cepstral_mean{};  // of the film's voice
  int silence_phone = 0;           // of the acoustic model that it was trained with
  // Regression to the mean makes every mouth too small: predictions are stretched by this about the
  // film's mean mouth (weights 0). 1 to kMostGain.
  float gain = 1;
  static constexpr float kMostGain = 1.3F;
  // Of the lips' opening, by the kernel regression alone, on parts of the training film that it was left
  // without; 0 where the film is too short to leave any out.
  float validation_correlation = 0;

  // Half the kernel regression, half the networks, times the gain. `window` holds normalised inputs.
  MouthPrediction predict(const InputWindow& window) const;

  void save(TensorFile& file) const;  // tensors "motion.*"
  // Throws Error(kCorruptData) for a missing, misshapen or implausible part.
  static MotionModel load(const TensorFile& file);
};

}  // namespace anima::motion
