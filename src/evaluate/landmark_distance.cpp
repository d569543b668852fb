#include "evaluate/landmark_distance.h"

namespace anima::evaluate {
namespace {

using Outline = Eigen::Matrix<double, 20, 2>;

Outline centred_outline(const face::FaceObservation& face) {
  Outline outline;
  for (std::size_t i = 0; i < kMouthOutline.size(); ++i) {
    outline.row(static_cast<Eigen::Index>(i)) = face.points.row(kMouthOutline[i]).head<2>().cast<double>();
  }
  const Eigen::RowVector2d mean = outline.colwise().mean();
  return outline.rowwise() - mean;
}

Eigen::Vector2d point(const face::FaceObservation& face, int index) {
  return face.points.row(index).head<2>().transpose().cast<double>();
}

}  // namespace

double landmark_distance_px(const face::FaceObservation& a, const face::FaceObservation& b,
                            double pixels_to_512) {
  return (centred_outline(a) - centred_outline(b)).rowwise().norm().mean() * pixels_to_512;
}

double lip_opening_px(const face::FaceObservation& face) {
  constexpr std::array<std::array<int, 2>, 3> kPairs = {{{13, 14}, {82, 87}, {312, 317}}};
  double sum = 0;
  for (const auto& pair : kPairs) sum += (point(face, pair[0]) - point(face, pair[1])).norm();
  return sum / kPairs.size();
}

double mouth_width_px(const face::FaceObservation& face) {
  return (point(face, 61) - point(face, 291)).norm();
}

}  // namespace anima::evaluate
