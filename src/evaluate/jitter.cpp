#include "evaluate/jitter.h"

#include <cmath>

#include "core/error.h"

namespace anima::evaluate {

double jitter_px(std::span<const face::FaceObservation> frames, double pixels_to_512) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t t = 1; t + 1 < frames.size(); ++t) {
    if (!frames[t - 1].found || !frames[t].found || !frames[t + 1].found) continue;
    for (const int point : kRigidPoints) {
      for (int axis = 0; axis < 2; ++axis) {
        const double second_difference = static_cast<double>(frames[t - 1].points(point, axis)) -
                                         2.0 * frames[t].points(point, axis) +
                                         frames[t + 1].points(point, axis);
        sum += second_difference * second_difference;
        ++count;
      }
    }
  }
  if (count == 0) {
    throw Error(ErrorCode::kUnusableInput, "jitter needs a face in at least three frames in a row",
                "use a longer film in which the face stays visible");
  }
  return std::sqrt(sum / static_cast<double>(count)) * pixels_to_512;
}

}  // namespace anima::evaluate
