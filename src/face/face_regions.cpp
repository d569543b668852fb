#include "face/face_regions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "face/expression_basis.h"

namespace anima::face {
namespace {

// 0 below `from`, 1 above `to` (either may be the larger), smooth between.
double smooth_step(double from, double to, double x) {
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

// Distance from an ellipse's centre in units of its half axes.
double in_ellipse(double x, double y, double centre_x, double centre_y, double half_width,
                  double half_height) {
  return std::hypot((x - centre_x) / half_width, (y - centre_y) / half_height);
}

FaceRegions make_regions() {
  const Vertices& mesh = canonical_mesh();
  FaceRegions r;
  for (Eigen::VectorXd* mask : {&r.lower_face, &r.lips, &r.brows, &r.right_eye, &r.left_eye, &r.rigid}) {
    *mask = Eigen::VectorXd::Zero(kLandmarks);
  }
  // Heights on the canonical mesh (cm, y down): brows -5.1 to -3.9, eyes -2.6, tip of the nose
  // 0.5 to 1.1, mouth 4.3, chin 9.4; eyes at x = +-3.2.
  constexpr std::array<int, 4> kEyeCorners = {33, 133, 263, 362};
  for (int v = 0; v < kMeshVertices; ++v) {
    const double x = mesh(v, 0), y = mesh(v, 1);
    r.lower_face[v] = smooth_step(-1.2, 1.4, y);
    r.lips[v] = smooth_step(1.5, 1.0, in_ellipse(x, y, 0, 4.3, 2.8, 1.5));
    r.brows[v] = smooth_step(-3.1, -4.0, y);
    const double lids = smooth_step(1.35, 1.0, in_ellipse(std::abs(x), y, 3.17, -2.63, 1.8, 0.95));
    (x < 0 ? r.right_eye : r.left_eye)[v] = lids * (1 - r.brows[v]);
    // The folds above the eye and the brow of the nose's root move with lids and brows.
    const bool near_lids = in_ellipse(std::abs(x), y, 3.17, -2.63, 2.3, y < -2.63 ? 1.2 : 1.1) < 1;
    const bool brow_band = y > -7.2 && y < -3.4 && std::abs(x) < 6.4;
    const bool eye_corner = std::find(kEyeCorners.begin(), kEyeCorners.end(), v) != kEyeCorners.end();
    r.rigid[v] = eye_corner || (y < 1.3 && !near_lids && !brow_band) ? 1 : 0;
  }
  return r;
}

}  // namespace

const FaceRegions& face_regions() {
  static const FaceRegions regions = make_regions();
  return regions;
}

}  // namespace anima::face
