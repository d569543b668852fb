#include "avatar/splat_tiles.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace anima::avatar {
namespace {

constexpr int kRadixBits = 11;
constexpr std::uint32_t kBuckets = 1U << kRadixBits;

struct TileRange {
  int x0, x1, y0, y1;  // inclusive; empty where x1 < x0 or y1 < y0
};

TileRange tiles_of(const Splat& s, int width_px, int height_px) {
  // A pixel belongs to a splat when its centre does.
  const float left = std::max(0.0F, s.u - s.half_width - 0.5F);
  const float right = std::min(static_cast<float>(width_px - 1), s.u + s.half_width - 0.5F);
  const float top = std::max(0.0F, s.v - s.half_height - 0.5F);
  const float bottom = std::min(static_cast<float>(height_px - 1), s.v + s.half_height - 0.5F);
  if (!(left <= right && top <= bottom)) return {0, -1, 0, -1};
  return {static_cast<int>(std::ceil(left)) / kTileSize, static_cast<int>(right) / kTileSize,
          static_cast<int>(std::ceil(top)) / kTileSize, static_cast<int>(bottom) / kTileSize};
}

}  // namespace

void sort_into_tiles(int width_px, int height_px, RenderPass& pass) {
  const std::vector<Splat>& splats = pass.splats;
  pass.order.clear();
  for (std::uint32_t i = 0; i < splats.size(); ++i) {
    if (splats[i].half_width > 0) pass.order.push_back(i);
  }
  pass.keys.resize(splats.size());
  for (const std::uint32_t i : pass.order) pass.keys[i] = std::bit_cast<std::uint32_t>(splats[i].depth) >> 9U;
  pass.scratch.resize(pass.order.size());
  for (int shift = 0; shift < 2 * kRadixBits; shift += kRadixBits) {
    std::array<std::uint32_t, kBuckets + 1> start{};
    for (const std::uint32_t i : pass.order) ++start[((pass.keys[i] >> shift) & (kBuckets - 1)) + 1];
    for (std::uint32_t b = 0; b < kBuckets; ++b) start[b + 1] += start[b];
    for (const std::uint32_t i : pass.order)
      pass.scratch[start[(pass.keys[i] >> shift) & (kBuckets - 1)]++] = i;
    pass.order.swap(pass.scratch);
  }

  const TileGrid grid = tile_grid(width_px, height_px);
  pass.tile_start.assign(static_cast<std::size_t>(grid.columns) * grid.rows + 1, 0);
  for (const std::uint32_t i : pass.order) {
    const TileRange range = tiles_of(splats[i], width_px, height_px);
    for (int y = range.y0; y <= range.y1; ++y) {
      for (int x = range.x0; x <= range.x1; ++x)
        ++pass.tile_start[static_cast<std::size_t>(y) * grid.columns + x + 1];
    }
  }
  for (std::size_t t = 1; t < pass.tile_start.size(); ++t) pass.tile_start[t] += pass.tile_start[t - 1];
  pass.tile_items.resize(pass.tile_start.back());
  // Filling moves each start to its end; afterwards all are shifted back by one place.
  for (const std::uint32_t i : pass.order) {
    const TileRange range = tiles_of(splats[i], width_px, height_px);
    for (int y = range.y0; y <= range.y1; ++y) {
      for (int x = range.x0; x <= range.x1; ++x) {
        pass.tile_items[pass.tile_start[static_cast<std::size_t>(y) * grid.columns + x]++] = i;
      }
    }
  }
  for (std::size_t t = pass.tile_start.size() - 1; t > 0; --t) pass.tile_start[t] = pass.tile_start[t - 1];
  pass.tile_start[0] = 0;
}

}  // namespace anima::avatar
