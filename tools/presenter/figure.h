// The presenter's geometry as it stands in the data folder, before any pose.
#pragma once

#include <filesystem>

#include "presenter/accessory.h"
#include "presenter/presenter_pose.h"
#include "presenter/shape_target.h"

namespace anima::presenter {

enum class Side { kLeft, kRight };  // her left is on the right of the picture (x > 0)

struct Figure {
  PolygonMesh base;  // body and helpers; indices of all bindings and targets
  Points shaped;     // base positions with the person's macro targets: who she is

  std::array<ShapeTarget, kMouthTargets> mouth;
  std::array<ShapeTarget, 2> eye_closure;  // by Side
  std::array<ShapeTarget, 2> eye_slit;
  std::array<ShapeTarget, 2> brow_up;
  std::array<ShapeTarget, 2> brow_inner_up;
  std::array<ShapeTarget, 2> brow_extern_up;
  std::array<ShapeTarget, 2> brow_down;

  Accessory teeth;
  Accessory tongue;
  Accessory eyes;
  Accessory lashes;
  Accessory brows;
  Accessory top;  // what she wears
};

// Reads the folder described in its README.md (shared/presenter). Throws Error(kNotFound) or
// Error(kCorruptData), naming the file.
Figure read_figure(const std::filesystem::path& folder);

}  // namespace anima::presenter
