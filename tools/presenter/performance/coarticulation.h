// From timed sounds to the movement of the mouth.
//
// Dominance functions (Cohen and Massaro, "Modeling Coarticulation in Synthetic Visual Speech", 1993):
// each sound pulls each articulator towards its target with a strength that rises before it, lasts
// while it is spoken and falls after it; what the mouth does is the mean of all targets, so weighted.
// Rounding rises earliest (120 ms before), the jaw is slower than the lips. Contacts (lips that close,
// lip on teeth, tongue) lie over it and are always reached, in at least one frame of the film.
#pragma once

#include <span>
#include <vector>

#include "presenter/performance/mandarin_timing.h"
#include "presenter/presenter_pose.h"

namespace anima::presenter {

// A sound, and how much louder than usual it is spoken: 1 as usual.
struct PerformedSound {
  TimedSound timed;
  double loudness = 1;
};

struct MouthPose {
  std::array<float, kMouthTargets> targets{};
  float lower_lip_tuck = 0;
  float tongue_up = 0;
  float tongue_out = 0;
};

// One pose for each frame i of the film, at i / kPresenterFrames_per_s. Sounds are in order and
// without overlap; time that no sound covers counts as silence.
std::vector<MouthPose> perform_mouth(std::span<const PerformedSound> sounds, std::size_t frames);

}  // namespace anima::presenter
