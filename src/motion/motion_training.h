// From a tracked film and its sound to a motion model.
#pragma once

#include "core/progress.h"
#include "core/sound.h"
#include "face/tracked_film.h"
#include "motion/motion_model.h"
#include "motion/network_training.h"

namespace anima::motion {

inline constexpr int kLeastTrainingFrames = 125;

struct MotionTrainingOptions {
  int networks = 3;                // 1 to 8; their mean counts
  NetworkTrainingOptions network;  // its seed + i for network i
  KernelRegressionOptions kernel;
};

// Learns from frames [0, film.training_frames) and the sound that belongs to them only; what
// comes after is neither seen nor heard. Of a longer film the first 20 minutes count. `sound` is the film's,
// at 16 kHz, aligned with frame 0. About half a minute for a minute of film on one core. Throws Error:
// kUnusableInput for a film with less than kLeastTrainingFrames of picture and sound, kInvalidArgument for
// another sample rate, kCancelled.
MotionModel train_motion(const face::TrackedFilm& film, const Sound& sound,
                         const MotionTrainingOptions& options, const WorkContext& context);

// How far a unit of each mouth mode moves the lips on average, and how far it opens them (head units).
MouthWeights mouth_importance(const face::ExpressionBasis& basis);

}  // namespace anima::motion
