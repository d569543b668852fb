#include "presenter/rasteriser.h"

#include <algorithm>
#include <cmath>

namespace anima::presenter {
namespace {

constexpr int kBits = 6;
constexpr std::int32_t kStep = 1 << kBits;  // of the snapped grid, for one sample
constexpr float kReach = 16000;
constexpr int kBandRows = 32;
constexpr int kChunk = 16384;  // triangles binned together

struct Corner {
  std::int32_t x;
  std::int32_t y;
  float nearness;  // 1 / depth; 0 for a point that cannot be drawn
};

Corner snapped(const Vec3& p) {
  if (!(p.z() > 0) || !(std::abs(p.x()) < kReach) || !(std::abs(p.y()) < kReach)) return {0, 0, 0};
  // Offset, because the conversion to whole numbers rounds towards zero; double, because the sum
  // would lose bits of a float.
  constexpr double kOffset = kReach * kStep + 0.5;
  constexpr auto kBack = static_cast<std::int32_t>(kReach) * kStep;
  return {static_cast<std::int32_t>(static_cast<double>(p.x()) * kStep + kOffset) - kBack,
          static_cast<std::int32_t>(static_cast<double>(p.y()) * kStep + kOffset) - kBack, p.z()};
}

// First sample at or after a snapped coordinate, and last at or before.
int ceil_sample(std::int32_t v) {
  return (v + kStep / 2 - 1) >> kBits;
}
int floor_sample(std::int32_t v) {
  return (v - kStep / 2) >> kBits;
}

struct Edge {
  std::int64_t row;     // value at the first sample of the row, with the fill rule's bias
  std::int64_t step_x;  // to the next sample
  std::int64_t step_y;  // to the next row
  double inverse_step;  // 1 / |step_x|
};

// Twice the signed area of (a, b, p) over the picture, for p from (x0, y0) on. Samples exactly on an
// edge are inside for top and left edges only.
Edge edge_of(const Corner& a, const Corner& b, int x0, int y0) {
  const bool top_left = (a.y == b.y && b.x > a.x) || b.y < a.y;
  const std::int64_t dx = b.x - a.x;
  const std::int64_t dy = b.y - a.y;
  const std::int64_t x = static_cast<std::int64_t>(x0) * kStep + kStep / 2 - a.x;
  const std::int64_t y = static_cast<std::int64_t>(y0) * kStep + kStep / 2 - a.y;
  const std::int64_t step_x = -dy * kStep;
  return {dx * y - dy * x + (top_left ? 0 : -1), step_x, dx * kStep,
          step_x == 0 ? 0.0 : 1.0 / static_cast<double>(std::abs(step_x))};
}

void draw(Corner a, Corner b, Corner c, std::uint32_t number, int first_row, int last_row,
          VisibilityBuffer& buffer) {
  const auto [low_x, high_x] = std::minmax({a.x, b.x, c.x});
  const auto [low_y, high_y] = std::minmax({a.y, b.y, c.y});
  const int x0 = std::max(ceil_sample(low_x), 0);
  const int x1 = std::min(floor_sample(high_x), buffer.width - 1);
  const int y0 = std::max(ceil_sample(low_y), first_row);
  const int y1 = std::min(floor_sample(high_y), last_row);
  if (x0 > x1 || y0 > y1) return;
  const std::int64_t area =
      static_cast<std::int64_t>(b.x - a.x) * (c.y - a.y) - static_cast<std::int64_t>(b.y - a.y) * (c.x - a.x);
  if (area == 0) return;
  if (area < 0) std::swap(b, c);

  std::array<Edge, 3> edges = {edge_of(b, c, x0, y0), edge_of(c, a, x0, y0), edge_of(a, b, x0, y0)};
  // 1/depth is linear on the picture: a plane through the three corners.
  const double inverse_area = 1.0 / static_cast<double>(std::abs(area));
  const auto plane = [&](double e0, double e1, double e2) {
    return (e0 * a.nearness + e1 * b.nearness + e2 * c.nearness) * inverse_area;
  };
  double row_nearness = plane(static_cast<double>(edges[0].row), static_cast<double>(edges[1].row),
                              static_cast<double>(edges[2].row));
  const double nearness_x = plane(static_cast<double>(edges[0].step_x), static_cast<double>(edges[1].step_x),
                                  static_cast<double>(edges[2].step_x));
  const double nearness_y = plane(static_cast<double>(edges[0].step_y), static_cast<double>(edges[1].step_y),
                                  static_cast<double>(edges[2].step_y));

  for (int y = y0; y <= y1; ++y) {
    // Where all three edge values are at least 0: row + step * n >= 0 bounds n from one side each.
    int first = 0;
    int last = x1 - x0;
    for (const Edge& e : edges) {
      if (e.step_x > 0) {
        if (e.row < 0)
          first =
              std::max(first, static_cast<int>(std::min(1e6, static_cast<double>(-e.row) * e.inverse_step)));
        // The quotient was rounded down: step to the first that is inside.
        while (first <= last && e.row + e.step_x * first < 0) ++first;
      } else if (e.row < 0) {
        last = -1;
      } else if (e.step_x < 0) {
        last =
            std::min(last, static_cast<int>(std::min(1e6, static_cast<double>(e.row) * e.inverse_step)) + 1);
        while (last >= first && e.row + e.step_x * last < 0) --last;
      }
    }
    const std::size_t line =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(buffer.width) + static_cast<std::size_t>(x0);
    for (int n = first; n <= last; ++n) {
      const auto nearness = static_cast<float>(row_nearness + nearness_x * n);
      const std::size_t at = line + static_cast<std::size_t>(n);
      if (nearness > buffer.inverse_depth[at]) {
        buffer.inverse_depth[at] = nearness;
        buffer.triangle[at] = number;
      }
    }
    for (Edge& e : edges) e.row += e.step_y;
    row_nearness += nearness_y;
  }
}

}  // namespace

void VisibilityBuffer::clear(int new_width, int new_height) {
  width = new_width;
  height = new_height;
  const std::size_t samples = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  inverse_depth.assign(samples, 0.0F);
  triangle.assign(samples, kNothing);
}

void rasterise(std::span<const Vec3> points, std::span<const Triangle> triangles, VisibilityBuffer& buffer,
               ThreadPool& threads) {
  // 1. Snap every point once.
  std::vector<Corner> corners(points.size());
  const int blocks = static_cast<int>((points.size() + kChunk - 1) / kChunk);
  threads.run(blocks, [&](int block, int) {
    const std::size_t first = static_cast<std::size_t>(block) * kChunk;
    for (std::size_t i = first; i < std::min(first + kChunk, points.size()); ++i)
      corners[i] = snapped(points[i]);
  });

  // 2. Sort triangles into bands of rows; each chunk fills lists of its own, so that the order
  //    within a band does not depend on the threads. Those that hold no sample are left out.
  const int bands = (buffer.height + kBandRows - 1) / kBandRows;
  const int chunks = static_cast<int>((triangles.size() + kChunk - 1) / kChunk);
  std::vector<std::vector<std::uint32_t>> bins(static_cast<std::size_t>(bands) *
                                               static_cast<std::size_t>(chunks));
  const auto bin = [&](int band, int chunk) -> std::vector<std::uint32_t>& {
    return bins[static_cast<std::size_t>(band) * static_cast<std::size_t>(chunks) +
                static_cast<std::size_t>(chunk)];
  };
  threads.run(chunks, [&](int chunk, int) {
    const std::size_t first = static_cast<std::size_t>(chunk) * kChunk;
    for (std::size_t i = first; i < std::min(first + kChunk, triangles.size()); ++i) {
      const Corner& a = corners[triangles[i][0]];
      const Corner& b = corners[triangles[i][1]];
      const Corner& c = corners[triangles[i][2]];
      if (a.nearness == 0 || b.nearness == 0 || c.nearness == 0) continue;
      const auto [low_x, high_x] = std::minmax({a.x, b.x, c.x});
      const auto [low_y, high_y] = std::minmax({a.y, b.y, c.y});
      const int y0 = std::max(ceil_sample(low_y), 0);
      const int y1 = std::min(floor_sample(high_y), buffer.height - 1);
      if (y0 > y1 || std::max(ceil_sample(low_x), 0) > std::min(floor_sample(high_x), buffer.width - 1))
        continue;
      for (int band = y0 / kBandRows; band <= y1 / kBandRows; ++band)
        bin(band, chunk).push_back(static_cast<std::uint32_t>(i));
    }
  });

  // 3. Draw the bands, each by one thread.
  threads.run(bands, [&](int band, int) {
    const int first_row = band * kBandRows;
    const int last_row = std::min(first_row + kBandRows, buffer.height) - 1;
    for (int chunk = 0; chunk < chunks; ++chunk) {
      for (const std::uint32_t i : bin(band, chunk)) {
        const Triangle& t = triangles[i];
        draw(corners[t[0]], corners[t[1]], corners[t[2]], i, first_row, last_row, buffer);
      }
    }
  });
}

Vec3 perspective_weights(const Vec3& a, const Vec3& b, const Vec3& c, float x, float y) {
  const float wa = ((b.x() - x) * (c.y() - y) - (b.y() - y) * (c.x() - x)) * a.z();
  const float wb = ((c.x() - x) * (a.y() - y) - (c.y() - y) * (a.x() - x)) * b.z();
  const float wc = ((a.x() - x) * (b.y() - y) - (a.y() - y) * (b.x() - x)) * c.z();
  const float sum = wa + wb + wc;
  if (sum == 0) return {1, 0, 0};
  return Vec3(wa, wb, wc) / sum;
}

}  // namespace anima::presenter
