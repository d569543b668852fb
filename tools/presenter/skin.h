// Her skin: the visible part of the base mesh, refined, with colour and gloss in every vertex.
#pragma once

#include "presenter/face_rig.h"
#include "presenter/studio_light.h"
#include "presenter/subdivision.h"
#include "presenter/surface_graph.h"

namespace anima::presenter {

struct SkinLook {
  Vec3 albedo;      // linear RGB
  float roughness;  // 0 to 1
  float specular;   // reflectance at normal incidence
};

class Skin {
 public:
  explicit Skin(const FaceRig& rig);

  Points positions(std::span<const Vec3> base) const;
  // Normals with the relief of pores; `positions` as above.
  Points normals(const Points& positions) const;

  // Light that arrives, spread as skin spreads it under its surface: red widest.
  std::vector<Vec3> scattered(const std::vector<Vec3>& irradiance) const;
  const SurfaceGraph& graph() const { return graph_; }

  const std::vector<Quad>& faces() const { return surface_.faces; }
  const Points& rest() const { return rest_; }
  // The refined vertex that grew from a base vertex (SubdividedSurface::kNone where it is not drawn).
  std::uint32_t vertex_of(std::uint32_t base_vertex) const { return surface_.row_of[base_vertex]; }
  const std::vector<SkinLook>& looks() const { return looks_; }
  // Inside of the mouth, 0 to 1.
  const std::vector<float>& mouth_inside() const { return inside_; }

 private:
  SubdividedSurface surface_;
  Points rest_;
  Points rest_normals_;
  std::vector<float> relief_;  // height of pores and fine wrinkles, dm
  std::vector<SkinLook> looks_;
  std::vector<float> inside_;
  SurfaceGraph graph_;
  std::vector<Vec3> spread_;  // of each vertex: share of the neighbours' mean in one step, per channel
};

// How much of the scalp is covered by hair at a point of the resting head: 1 inside the hairline, 0
// outside, soft between.
float scalp_cover(const Vec3& rest_point);

}  // namespace anima::presenter
