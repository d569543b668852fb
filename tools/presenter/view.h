// The camera in front of the presenter.
#pragma once

#include "presenter/geometry.h"

namespace anima::presenter {

// Looks along -z from `position`; no distortion. A point p lies at pixel
//   x = centre + focal * (p.x - position.x) / depth,  y = centre - focal * (p.y - position.y) / depth,
// depth = position.z - p.z; pixel (0, 0) covers [0, 1) x [0, 1).
struct View {
  int size_px = 512;  // the picture is square
  Vec3 position = Vec3(0, 6.02F, 10.2F);
  float field_dm = 3.75F;  // width of the picture's field at `field_distance_dm`
  float field_distance_dm = 8.9F;

  float focal_px() const { return static_cast<float>(size_px) * field_distance_dm / field_dm; }

  // (x px, y px, 1 / depth)
  Vec3 project(const Vec3& p) const {
    const float inverse_depth = 1 / (position.z() - p.z());
    const float scale = focal_px() * inverse_depth;
    const float centre = 0.5F * static_cast<float>(size_px);
    return {centre + scale * (p.x() - position.x()), centre - scale * (p.y() - position.y()), inverse_depth};
  }
};

}  // namespace anima::presenter
