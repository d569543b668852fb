// Landmark distance (LMD): how far a generated mouth's outline is from the true one.
#pragma once

#include <array>

#include "face/tracked_film.h"

namespace anima::evaluate {

// The 20 mouth points of the field's 68-point annotation (numbers 48 to 67), as vertices of the
// 478-point mesh: 12 on the outer lip contour, then 8 on the inner one, each from the person's
// right corner (left in the picture) over the upper lip and back along the lower one.
inline constexpr std::array<int, 20> kMouthOutline = {61, 40, 37, 0,  267, 270, 291, 321, 314, 17,
                                                      84, 91, 78, 81, 13,  311, 308, 402, 14,  178};

// Mean Euclidean distance in pixels (x and y only) between the two mouth outlines, after each
// one's own mean is removed: shape counts, place does not. `pixels_to_512` scales to the
// comparable unit, pixels at 512x512 (512 / picture width).
double landmark_distance_px(const face::FaceObservation& a, const face::FaceObservation& b,
                            double pixels_to_512 = 1);

// Opening between the inner lips in pixels: mean distance of the three middle
// pairs (13-14, 82-87, 312-317).
double lip_opening_px(const face::FaceObservation& face);

// Distance of the mouth corners in pixels (61-291).
double mouth_width_px(const face::FaceObservation& face);

}  // namespace anima::evaluate
