// Drawing the splats of one 16x16 tile with vectors, and the sums for the way back.
#pragma once

#include <span>

#include "avatar/renderer.h"

namespace anima::avatar {

// `items`: indices into `splats`, nearest first. Writes the tile's pixels of all canvas planes.
void draw_tile(const Splat* splats, std::span<const std::uint32_t> items, int tile_x_px, int tile_y_px,
               Canvas& canvas);

// Adds this tile's sums to `sums`. `canvas` is what draw_tile wrote.
void draw_tile_backward(const Splat* splats, std::span<const std::uint32_t> items, int tile_x_px,
                        int tile_y_px, const Canvas& canvas, const CanvasGradient& gradient,
                        SplatGradient* sums);

}  // namespace anima::avatar
