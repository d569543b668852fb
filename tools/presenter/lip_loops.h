// The lips of the base mesh: nine closed rows of vertices from the skin around the mouth to where
// the lips touch.
#pragma once

#include "presenter/geometry.h"

namespace anima::presenter {

// The closed row of edges through `start` whose first step goes along `start`-`next`, going
// straight on at every vertex of four edges. Throws Error(kCorruptData) where it does not close.
std::vector<std::uint32_t> edge_loop(std::span<const Quad> faces, std::uint32_t start, std::uint32_t next);

struct Lips {
  // Outermost (skin) to innermost (contact); each starts at the middle of the upper lip.
  std::vector<std::vector<std::uint32_t>> rows;
  std::uint32_t upper_inner = 0;  // vertices of the contact row: middle of the upper lip,
  std::uint32_t lower_inner = 0;  // middle of the lower lip,
  std::uint32_t left_corner = 0;  // her left: x > 0
  std::uint32_t right_corner = 0;
};

// `positions` are those of the shaped base mesh at rest.
Lips find_lips(std::span<const Quad> body, std::span<const Vec3> positions);

}  // namespace anima::presenter
