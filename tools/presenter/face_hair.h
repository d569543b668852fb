// Brows and lashes: strands that are tied to the skin and to the lash strips, and move with them.
#pragma once

#include "presenter/skin.h"
#include "presenter/strands.h"

namespace anima::presenter {

// How densely the brows grow at a point of the resting face: 0 to 1, soft at the ends.
float brow_shade(const Vec3& rest_point);

class FaceHair {
 public:
  FaceHair(const FaceRig& rig, const Skin& skin, std::uint64_t seed);

  // Points are those of the resting face.
  const Strands& brows() const { return brows_; }
  const Strands& lashes() const { return lashes_; }

  Points brow_points(std::span<const Vec3> skin_points, std::span<const Vec3> skin_normals) const;
  Points lash_points(std::span<const Vec3> lash_strips) const;

  // Skin vertex nearest to each brow point, for its light.
  std::uint32_t brow_vertex(std::size_t point) const { return brow_ties_[point].vertices[0]; }

 private:
  struct Tie {
    std::array<std::uint32_t, 4> vertices{};
    std::array<float, 4> weights{};
    float lift_dm = 0;  // along the surface's normal
  };

  void lay_brows(const Skin& skin, std::uint64_t seed);
  void lay_lashes(const FaceRig& rig, std::uint64_t seed);

  Strands brows_;
  Strands lashes_;
  std::vector<Tie> brow_ties_;
  std::vector<Tie> lash_ties_;
};

}  // namespace anima::presenter
