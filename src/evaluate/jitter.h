// Jitter: how much points that belong to the skull shake from frame to frame.
#pragma once

#include <array>
#include <span>

#include "face/tracked_film.h"

namespace anima::evaluate {

// Vertices that neither speech nor brows move much: nose bridge, temples and outer cheekbones,
// inner and outer eye corners.
inline constexpr std::array<int, 14> kRigidPoints = {6,   197, 195, 5,   168, 33,  133,
                                                     362, 263, 127, 356, 234, 454, 4};

// Root mean square of the second difference x[t-1] - 2 x[t] + x[t+1] of the rigid points, per
// axis, in pixels times `pixels_to_512`. The person's own motion is included, so compare it with
// the same figure of the film. Frames without a face break the sequence; fewer than three in a
// row anywhere throw Error(kUnusableInput).
double jitter_px(std::span<const face::FaceObservation> frames, double pixels_to_512 = 1);

}  // namespace anima::evaluate
