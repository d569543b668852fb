// What makes the mixed MakeHuman woman Mira: a few smooth moves of space.
#pragma once

#include "presenter/geometry.h"

namespace anima::presenter {

struct ShapeAnchors {
  std::array<Vec3, 2> eyes;  // centres, by Side
  Vec3 shoulder;             // her left
};

// Moves one point of the mixed figure. Applied after the expression targets, so that lids close
// over the enlarged eyes as they did over the small ones.
Vec3 house_shape(const Vec3& point, const ShapeAnchors& anchors);

}  // namespace anima::presenter
