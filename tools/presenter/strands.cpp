#include "presenter/strands.h"

namespace anima::presenter {

Points strand_tangents(std::span<const Vec3> points, std::size_t points_per_strand) {
  Points tangents(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t k = i % points_per_strand;
    const std::size_t before = k == 0 ? i : i - 1;
    const std::size_t after = k + 1 == points_per_strand ? i : i + 1;
    const Vec3 way = points[after] - points[before];
    const float length = way.norm();
    tangents[i] = length > 0 ? Vec3(way / length) : Vec3(0, -1, 0);
  }
  return tangents;
}

void ribbon_points(std::span<const Vec3> points, std::span<const Vec3> tangents, std::span<const float> radii,
                   const Vec3& camera, std::span<Vec3> ribbon) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    Vec3 across = tangents[i].cross(camera - points[i]);
    const float length = across.norm();
    across *= length > 0 ? radii[i] / length : 0.0F;
    ribbon[2 * i] = points[i] - across;
    ribbon[2 * i + 1] = points[i] + across;
  }
}

void append_ribbon_triangles(std::size_t points, std::size_t points_per_strand, std::uint32_t first_vertex,
                             const std::vector<bool>& shown, std::vector<Triangle>& triangles) {
  for (std::size_t i = 0; i < points; ++i) {
    if (i % points_per_strand + 1 == points_per_strand) continue;
    if (!shown.empty() && !shown[i] && !shown[i + 1]) continue;
    const auto v = first_vertex + static_cast<std::uint32_t>(2 * i);
    triangles.push_back({v, v + 1, v + 2});
    triangles.push_back({v + 1, v + 3, v + 2});
  }
}

}  // namespace anima::presenter
