// Which triangle is nearest at every sample: a z-buffer that keeps numbers of triangles, so that
// shading happens once for each sample that is seen.
#pragma once

#include <span>

#include "core/threads.h"
#include "presenter/geometry.h"

namespace anima::presenter {

using Triangle = std::array<std::uint32_t, 3>;

struct VisibilityBuffer {
  static constexpr std::uint32_t kNothing = UINT32_MAX;

  int width = 0;
  int height = 0;
  std::vector<float> inverse_depth;     // row-major; 0 where nothing is
  std::vector<std::uint32_t> triangle;  // into the list that was drawn, or kNothing

  void clear(int new_width, int new_height);
};

// Sample (i, j) lies at (i + 0.5, j + 0.5); `points` are (x, y, 1/depth) in samples. Corners are
// snapped to 1/64 sample; a sample on an edge belongs to the triangle on one side only
// (top-left rule), so neighbours neither overlap nor leave cracks. Both orientations are drawn.
// Triangles that reach beyond +-16,000 samples or behind the camera (1/depth <= 0) are left out.
void rasterise(std::span<const Vec3> points, std::span<const Triangle> triangles, VisibilityBuffer& buffer,
               ThreadPool& threads);

// Weights of a triangle's corners at a place of the picture, corrected for perspective:
// attributes interpolate linearly in space. They sum to 1.
Vec3 perspective_weights(const Vec3& a, const Vec3& b, const Vec3& c, float x, float y);

}  // namespace anima::presenter
