// Training of the motion network (libtorch).
#pragma once

#include <cstdint>
#include <span>

#include "core/progress.h"
#include "motion/motion_network.h"

namespace anima::motion {

struct NetworkTrainingOptions {
  int steps = 600;
  double learning_rate = 4e-3;  // peak of one cycle (Smith & Topin 2017)
  double weight_decay = 0.02;
  double dropout = 0.3;         // of hidden channels
  double input_dropout = 0.05;  // of whole inputs over the whole film: no one phone may be relied on
  double input_noise = 0.6;     // in standard deviations of each input
  double speed_change = 0.12;   // the film is also heard and seen up to so much faster or slower
  double sharpness_change =
      0.4;  // posteriors are raised to powers of 1 +- this: other voices are clearer or duller
  double level_change = 0.3;  // offsets of the cepstra: another microphone, another mean
  double velocity_weight = 1;
  int most_frames = 1500;  // of a longer film each step sees a random passage
  std::uint64_t seed = 1;
};

// Fits `targets` (one per frame; two rows of normalised inputs each) where `use` is not 0, by the
// likelihood of a Gaussian whose variance is predicted too (weighted as in Seitzer et al., "On the
// Pitfalls of Heteroscedastic Uncertainty Estimation with Probabilistic Neural Networks", 2022,
// beta = 1), each mode counting by `importance`. All of the film is learned from and the last step is
// returned: over two films, what a part that is kept out to choose the step could have taught was worth
// more than the choice (mean over six left-out blocks).
//
// One thread and its own random generator: the same seed gives the same network on the same
// machine. Throws Error(kCancelled) within a step. Sets libtorch's thread count for the process
// to 1 while it runs.
MotionNetwork train_network(const InputMatrix& rows, std::span<const MouthWeights> targets,
                            std::span<const std::uint8_t> use, const MouthWeights& importance,
                            const NetworkTrainingOptions& options, StageProgress& progress,
                            double progress_from, double progress_total);

}  // namespace anima::motion
