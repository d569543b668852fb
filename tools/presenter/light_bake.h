// How much of each light reaches a point past the rest of the figure, by ray casting (Embree).
#pragma once

#include <memory>
#include <span>

#include "core/threads.h"
#include "presenter/studio_light.h"

namespace anima::presenter {

class LightBake {
 public:
  LightBake();
  ~LightBake();
  LightBake(const LightBake&) = delete;
  LightBake& operator=(const LightBake&) = delete;

  // Occluders are copied. All are added before the first `visibility`.
  void add_mesh(std::span<const Vec3> points, std::span<const Quad> faces);
  // Strands of `points_per_strand` consecutive points each.
  void add_strands(std::span<const Vec3> points, std::size_t points_per_strand, float radius_dm);

  // One value a point: `rays` to each light (those that start below the surface's horizon do not
  // count) and twice as many to the sky, spread by cosine. Things nearer than `near_dm` are not seen.
  std::vector<Visibility> visibility(std::span<const Vec3> points, std::span<const Vec3> normals, int rays,
                                     float near_dm, ThreadPool& threads) const;

 private:
  struct Scene;
  std::unique_ptr<Scene> scene_;
};

}  // namespace anima::presenter
