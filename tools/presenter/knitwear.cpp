#include "presenter/knitwear.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "presenter/noise.h"

namespace anima::presenter {
namespace {

constexpr int kLevels = 2;
constexpr float kCollar_dm = 0.105F;

// Vertices on the border around the neck.
std::vector<std::uint32_t> neckline(const std::vector<Quad>& faces, const Points& points) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> uses;
  for (const Quad& q : faces) {
    for (std::size_t k = 0; k < 4; ++k) {
      const auto [a, b] = std::minmax(q[k], q[(k + 1) % 4]);
      if (a != b) ++uses[{a, b}];
    }
  }
  std::vector<std::uint32_t> border;
  for (const auto& [edge, count] : uses) {
    if (count != 1) continue;
    for (const std::uint32_t v : {edge.first, edge.second}) {
      if (points[v].y() > 3.9F && std::abs(points[v].x()) < 0.9F) border.push_back(v);
    }
  }
  std::sort(border.begin(), border.end());
  border.erase(std::unique(border.begin(), border.end()), border.end());
  return border;
}

}  // namespace

Knitwear::Knitwear(const FaceRig& rig) {
  const PolygonMesh& mesh = rig.figure().top.mesh;
  surface_ = subdivide(mesh.faces, mesh.positions.size(), kLevels);
  rest_ = positions(rig.pose(PresenterPose{}).top);
  graph_ = SurfaceGraph(rest_.size(), surface_.faces);
  const std::vector<std::uint32_t> border = neckline(surface_.faces, rest_);
  for (const Vec3& p : rest_) {
    float nearest = 1;
    for (const std::uint32_t v : border) nearest = std::min(nearest, (rest_[v] - p).norm());
    from_neckline_.push_back(nearest);
  }
}

Vec3 Knitwear::albedo() {
  return {0.030F, 0.088F, 0.112F};
}

float Knitwear::knit(const Vec3& p, float from_neckline) {
  constexpr float kPi = std::numbers::pi_v<float>;
  if (from_neckline < kCollar_dm) {
    // Ribs across the collar.
    const float around = std::atan2(p.x(), p.z() - 0.1F);
    const float rib = std::sin(around * 88);
    const float seam = smoothstep(0.020F, 0.0F, kCollar_dm - from_neckline);
    const float edge = smoothstep(0.0F, 0.02F, from_neckline);
    return (0.95F + 0.10F * rib) * (1 - 0.38F * seam) * (0.80F + 0.20F * edge);
  }
  // Columns of stitches, a little uneven.
  const float drift = 0.06F * value_noise(3 * p, 201);
  const float column = std::sin(2 * kPi * (p.x() + drift) / 0.042F);
  const float row = std::sin(2 * kPi * p.y() / 0.030F + (column > 0 ? 0.9F : -0.9F));
  const float seam = smoothstep(0.014F, 0.0F, from_neckline - kCollar_dm);
  return (1 + 0.035F * column + 0.018F * row + 0.05F * fractal_noise(2.5F * p, 2, 203)) * (1 - 0.30F * seam);
}

}  // namespace anima::presenter
