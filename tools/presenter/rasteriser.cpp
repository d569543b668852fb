#include "presenter/rasteriser.h"

#include <algorithm>
#include <cmath>

namespace anima::presenter {
namespace {

constexpr int kBits = 6;
constexpr std::int64_t kStep = 1 << kBits;  // of the snapped grid, for one sample
constexpr float kReach = 16000;
constexpr int kBandRows = 32;
constexpr int kChunk = 16384;  // triangles binned together

struct Corner {
  std::int64_t x;
  std::int64_t y;
};

Corner snapped(const Vec3& p) {
  return {static_cast<std::int64_t>(std::lround(p.x() * kStep)),
          static_cast<std::int64_t>(std::lround(p.y() * kStep))};
}

bool usable(const Vec3& p) {
  return p.z() > 0 && std::abs(p.x()) < kReach && std::abs(p.y()) < kReach;
}

std::int64_t ceil_sample(std::int64_t v) {
  return (v - kStep / 2 + kStep - 1) >> kBits;
}
std::int64_t floor_sample(std::int64_t v) {
  return (v - kStep / 2) >> kBits;
}

// Twice the signed area of (a, b, p), positive where p is on the inner side for a positive triangle.
std::int64_t side(const Corner& a, const Corner& b, std::int64_t x, std::int64_t y) {
  return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

// Samples exactly on an edge are inside for top and left edges only.
std::int64_t edge_bias(const Corner& a, const Corner& b) {
  const bool top_left = (a.y == b.y && b.x > a.x) || b.y < a.y;
  return top_left ? 0 : -1;
}

void draw(const Vec3& pa, const Vec3& pb, const Vec3& pc, std::uint32_t number, int first_row, int last_row,
          VisibilityBuffer& buffer) {
  std::array<Corner, 3> c = {snapped(pa), snapped(pb), snapped(pc)};
  std::array<float, 3> w = {pa.z(), pb.z(), pc.z()};
  std::int64_t area = side(c[0], c[1], c[2].x, c[2].y);
  if (area == 0) return;
  if (area < 0) {
    std::swap(c[1], c[2]);
    std::swap(w[1], w[2]);
    area = -area;
  }
  const auto [low_x, high_x] = std::minmax({c[0].x, c[1].x, c[2].x});
  const auto [low_y, high_y] = std::minmax({c[0].y, c[1].y, c[2].y});
  const auto x0 = std::max<std::int64_t>(ceil_sample(low_x), 0);
  const auto x1 = std::min<std::int64_t>(floor_sample(high_x), buffer.width - 1);
  const auto y0 = std::max<std::int64_t>(ceil_sample(low_y), first_row);
  const auto y1 = std::min<std::int64_t>(floor_sample(high_y), last_row);
  if (x0 > x1 || y0 > y1) return;

  std::array<std::int64_t, 3> row{};
  std::array<std::int64_t, 3> step_x{};
  std::array<std::int64_t, 3> step_y{};
  std::array<std::int64_t, 3> bias{};
  for (std::size_t k = 0; k < 3; ++k) {
    const Corner& a = c[(k + 1) % 3];
    const Corner& b = c[(k + 2) % 3];
    bias[k] = edge_bias(a, b);
    row[k] = side(a, b, x0 * kStep + kStep / 2, y0 * kStep + kStep / 2) + bias[k];
    step_x[k] = -(b.y - a.y) * kStep;
    step_y[k] = (b.x - a.x) * kStep;
  }
  const double inverse_area = 1.0 / static_cast<double>(area);
  for (std::int64_t y = y0; y <= y1; ++y) {
    std::array<std::int64_t, 3> e = row;
    const std::size_t line = static_cast<std::size_t>(y) * static_cast<std::size_t>(buffer.width);
    for (std::int64_t x = x0; x <= x1; ++x) {
      if ((e[0] | e[1] | e[2]) >= 0) {
        // 1/depth is linear on the picture.
        const auto nearness = static_cast<float>((static_cast<double>(e[0] - bias[0]) * w[0] +
                                                  static_cast<double>(e[1] - bias[1]) * w[1] +
                                                  static_cast<double>(e[2] - bias[2]) * w[2]) *
                                                 inverse_area);
        const std::size_t at = line + static_cast<std::size_t>(x);
        if (nearness > buffer.inverse_depth[at]) {
          buffer.inverse_depth[at] = nearness;
          buffer.triangle[at] = number;
        }
      }
      for (std::size_t k = 0; k < 3; ++k) e[k] += step_x[k];
    }
    for (std::size_t k = 0; k < 3; ++k) row[k] += step_y[k];
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
  // 1. Sort triangles into bands of rows; each chunk fills lists of its own, so that the order
  //    within a band does not depend on the threads.
  const int bands = (buffer.height + kBandRows - 1) / kBandRows;
  const int chunks = static_cast<int>((triangles.size() + kChunk - 1) / kChunk);
  std::vector<std::vector<std::uint32_t>> bins(static_cast<std::size_t>(bands) *
                                               static_cast<std::size_t>(chunks));
  threads.run(chunks, [&](int chunk, int) {
    const std::size_t first = static_cast<std::size_t>(chunk) * kChunk;
    const std::size_t last = std::min(first + kChunk, triangles.size());
    for (std::size_t i = first; i < last; ++i) {
      const Triangle& t = triangles[i];
      const Vec3& a = points[t[0]];
      const Vec3& b = points[t[1]];
      const Vec3& c = points[t[2]];
      if (!usable(a) || !usable(b) || !usable(c)) continue;
      const auto [low, high] = std::minmax({a.y(), b.y(), c.y()});
      const auto [left, right] = std::minmax({a.x(), b.x(), c.x()});
      if (high < 0 || right < 0 || left > static_cast<float>(buffer.width) ||
          low > static_cast<float>(buffer.height))
        continue;
      const int from = std::max(0, static_cast<int>(low - 1) / kBandRows);
      const int to = std::min(bands - 1, static_cast<int>(high + 1) / kBandRows);
      for (int band = from; band <= to; ++band) {
        bins[static_cast<std::size_t>(band) * static_cast<std::size_t>(chunks) +
             static_cast<std::size_t>(chunk)]
            .push_back(static_cast<std::uint32_t>(i));
      }
    }
  });

  // 2. Draw the bands, each by one thread.
  threads.run(bands, [&](int band, int) {
    const int first_row = band * kBandRows;
    const int last_row = std::min(first_row + kBandRows, buffer.height) - 1;
    for (int chunk = 0; chunk < chunks; ++chunk) {
      for (const std::uint32_t i : bins[static_cast<std::size_t>(band) * static_cast<std::size_t>(chunks) +
                                        static_cast<std::size_t>(chunk)]) {
        const Triangle& t = triangles[i];
        draw(points[t[0]], points[t[1]], points[t[2]], i, first_row, last_row, buffer);
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
