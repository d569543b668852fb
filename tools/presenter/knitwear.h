// Her knitted top: its surface, colour and knit.
#pragma once

#include "presenter/face_rig.h"
#include "presenter/subdivision.h"
#include "presenter/surface_graph.h"

namespace anima::presenter {

class Knitwear {
 public:
  explicit Knitwear(const FaceRig& rig);

  Points positions(const Points& top) const { return surface_.table.apply(top); }
  const std::vector<Quad>& faces() const { return surface_.faces; }
  const SurfaceGraph& graph() const { return graph_; }
  std::size_t size() const { return rest_.size(); }

  // Places at rest, which interpolate over the surface and name a place of the knit.
  const Points& rest() const { return rest_; }
  // Distance of each vertex to the neckline, dm, at most 1.
  const std::vector<float>& from_neckline() const { return from_neckline_; }

  // Factor on the colour at a place: stitches, ribs of the collar, its seam.
  static float knit(const Vec3& rest_place, float from_neckline);
  static Vec3 albedo();

 private:
  SubdividedSurface surface_;
  SurfaceGraph graph_;
  Points rest_;
  std::vector<float> from_neckline_;
};

}  // namespace anima::presenter
