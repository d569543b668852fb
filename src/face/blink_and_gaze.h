// Eyelids and eyes, measured in head space so that nods and turns do not count as blinks.
#pragma once

#include <Eigen/Core>
#include <array>
#include <span>
#include <vector>

namespace anima::face {

// One frame's eyes; index 0 is the person's right eye (left in the picture), 1 the left one.
struct EyeMeasure {
  std::array<double, 2> opening{};        // lid distance / width of the eye, no unit
  std::array<Eigen::Vector2d, 2> gaze{};  // iris centre from the middle of the eye's corners, eye widths
};

// `points` are kLandmarks x 2 (or more columns), head space.
EyeMeasure measure_eyes(const Eigen::Ref<const Eigen::MatrixXd>& points);

// What open and closed mean for one person's eye.
struct LidRange {
  double open = 0.3;
  double closed = 0.05;
  // 0 open, 1 closed; clipped to [-0.3, 1.2].
  double blink(double opening) const;
};

// From one eye's openings in the order of time (at least one): the median is an open eye, the
// median of the deepest points of all blinks a closed one. A film without a blink gets a closed
// lid at a fixed share of the open one, so that blinks can still be driven.
LidRange lid_range(std::span<const double> openings);

// Mean of both eyes: they move together, and their errors do not.
Eigen::Vector2d common_gaze(const EyeMeasure& eyes);

}  // namespace anima::face
