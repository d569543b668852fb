// How far a point is from the skin of the resting head, for hair that must lie on it.
#pragma once

#include "presenter/geometry.h"

namespace anima::presenter {

class DistanceField {
 public:
  // From a dense set of surface points with outward normals, on a grid of `cell_dm`.
  DistanceField(std::span<const Vec3> points, std::span<const Vec3> normals, const Vec3& low,
                const Vec3& high, float cell_dm);

  // Signed distance, negative inside; beyond the narrow band about the surface or outside the
  // box: `far()`.
  float distance(const Vec3& p) const;
  // Direction of growing distance, unit length; zero where distance is not known.
  Vec3 outward(const Vec3& p) const;

  float far() const { return reach_dm_; }

 private:
  float at(int x, int y, int z) const;

  Vec3 low_;
  float cell_dm_;
  float reach_dm_;
  std::array<int, 3> size_;
  std::vector<float> values_;
};

}  // namespace anima::presenter
