// Hair, brows and lashes: many thin curves.
#pragma once

#include "presenter/rasteriser.h"

namespace anima::presenter {

struct Strands {
  std::size_t points_per_strand = 0;
  Points points;              // strand after strand, root first
  std::vector<float> radii;   // of each point, dm
  std::vector<Vec3> colours;  // albedo of each point, linear RGB
  std::vector<float> random;  // of each strand, in [0, 1)

  std::size_t count() const { return points_per_strand == 0 ? 0 : points.size() / points_per_strand; }
};

// Directions along the strands, unit length.
Points strand_tangents(std::span<const Vec3> points, std::size_t points_per_strand);

// Flat ribbons that face the camera: two vertices a point (left, right), two triangles a segment.
void ribbon_points(std::span<const Vec3> points, std::span<const Vec3> tangents, std::span<const float> radii,
                   const Vec3& camera, std::span<Vec3> ribbon);
// `shown` says of each point whether it can be seen at all; segments between two unseen points are
// left out. Empty: all.
void append_ribbon_triangles(std::size_t points, std::size_t points_per_strand, std::uint32_t first_vertex,
                             const std::vector<bool>& shown, std::vector<Triangle>& triangles);

}  // namespace anima::presenter
