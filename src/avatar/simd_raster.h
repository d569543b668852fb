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

// 2^x of numbers in [-20, 0], eight at a time; below it is 2^-20. Relative error below 3.5e-6. What the tiles
// are drawn with, for tests; `x` and `out` have the same size, a multiple of eight.
void exp2_negative(std::span<const float> x, std::span<float> out);

}  // namespace anima::avatar
