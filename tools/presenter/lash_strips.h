// The strips of quads on which the lashes stand.
#pragma once

#include "presenter/figure.h"

namespace anima::presenter {

struct LashStrip {
  Side side = Side::kLeft;
  bool upper = true;
  // From the nose outwards; each column from root to tip. All columns have the same length.
  std::vector<std::vector<std::uint32_t>> columns;
};

// `points` are those of the resting face. Throws Error(kCorruptData) unless the faces are four grids
// of quads, an upper and a lower one on each side.
std::vector<LashStrip> find_lash_strips(const std::vector<Quad>& faces, const Points& points);

}  // namespace anima::presenter
