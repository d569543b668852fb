// Which splats touch which 16x16 tile, nearest first.
#pragma once

#include "avatar/renderer.h"

namespace anima::avatar {

inline constexpr int kTileSize = 16;

struct TileGrid {
  int columns = 0;
  int rows = 0;
};

inline TileGrid tile_grid(int width_px, int height_px) {
  return {(width_px + kTileSize - 1) / kTileSize, (height_px + kTileSize - 1) / kTileSize};
}

// Sorts pass.splats by depth (radix, 22 bits of the float: steps of 1/16384 of an octave) and
// fills pass.tile_start (tiles + 1 offsets) and pass.tile_items (splat indices).
void sort_into_tiles(int width_px, int height_px, RenderPass& pass);

}  // namespace anima::avatar
