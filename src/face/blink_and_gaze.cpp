#include "face/blink_and_gaze.h"

#include <algorithm>
#include <cmath>

#include "face/expression_basis.h"

namespace anima::face {
namespace {

struct EyePoints {
  int outer, inner;                             // corners
  std::array<std::array<int, 2>, 3> lid_pairs;  // {upper, lower}, the middle three
  int iris;                                     // centre
};

constexpr std::array<EyePoints, 2> kEyes = {{
    {33, 133, {{{160, 144}, {159, 145}, {158, 153}}}, 468},
    {263, 362, {{{387, 373}, {386, 374}, {385, 380}}}, 473},
}};

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

EyeMeasure measure_eyes(const Eigen::Ref<const Eigen::MatrixXd>& points) {
  EyeMeasure m;
  for (std::size_t e = 0; e < kEyes.size(); ++e) {
    const EyePoints& eye = kEyes[e];
    const Eigen::Vector2d outer = points.row(eye.outer).head<2>().transpose();
    const Eigen::Vector2d inner = points.row(eye.inner).head<2>().transpose();
    const double width = std::max((outer - inner).norm(), 1e-6);
    double opening = 0;
    for (const auto& [upper, lower] : eye.lid_pairs) opening += points(lower, 1) - points(upper, 1);
    m.opening[e] = opening / (3 * width);
    const Eigen::Vector2d iris = points.row(eye.iris).head<2>().transpose();
    m.gaze[e] = (iris - 0.5 * (outer + inner)) / width;
  }
  return m;
}

double LidRange::blink(double opening) const {
  return std::clamp((open - opening) / (open - closed), -0.3, 1.2);
}

LidRange lid_range(std::span<const double> openings) {
  LidRange range;
  std::vector<double> sorted(openings.begin(), openings.end());
  range.open = std::max(median(sorted), 0.02);
  // The deepest point of every blink; how many of the film's frames are blinks does not matter.
  std::vector<double> lowest;
  bool inside = false;
  for (const double opening : openings) {
    if (opening > 0.5 * range.open) {
      inside = false;
    } else if (!inside) {
      inside = true;
      lowest.push_back(opening);
    } else {
      lowest.back() = std::min(lowest.back(), opening);
    }
  }
  const double closed = lowest.empty() ? 0.15 * range.open : median(lowest);
  range.closed = std::clamp(closed, 0.0, 0.35 * range.open);
  return range;
}

Eigen::Vector2d common_gaze(const EyeMeasure& eyes) {
  return 0.5 * (eyes.gaze[0] + eyes.gaze[1]);
}

}  // namespace anima::face
