#include "presenter/distance_field.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace anima::presenter {

constexpr float kReachCells = 8;

DistanceField::DistanceField(std::span<const Vec3> points, std::span<const Vec3> normals, const Vec3& low,
                             const Vec3& high, float cell_dm)
    : low_(low), cell_dm_(cell_dm), reach_dm_(kReachCells * cell_dm) {
  for (int k = 0; k < 3; ++k)
    size_[static_cast<std::size_t>(k)] = static_cast<int>((high[k] - low[k]) / cell_dm) + 2;
  const std::size_t cells = static_cast<std::size_t>(size_[0]) * static_cast<std::size_t>(size_[1]) *
                            static_cast<std::size_t>(size_[2]);
  values_.assign(cells, reach_dm_);
  std::vector<float> nearest(cells, reach_dm_ * reach_dm_);
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::array<int, 3> from{};
    std::array<int, 3> to{};
    for (int k = 0; k < 3; ++k) {
      const float c = (points[i][k] - low_[k]) / cell_dm_;
      from[static_cast<std::size_t>(k)] = std::max(0, static_cast<int>(std::ceil(c - kReachCells)));
      to[static_cast<std::size_t>(k)] =
          std::min(size_[static_cast<std::size_t>(k)] - 1, static_cast<int>(std::floor(c + kReachCells)));
    }
    for (int z = from[2]; z <= to[2]; ++z) {
      for (int y = from[1]; y <= to[1]; ++y) {
        for (int x = from[0]; x <= to[0]; ++x) {
          const Vec3 way =
              low_ + cell_dm_ * Vec3(static_cast<float>(x), static_cast<float>(y), static_cast<float>(z)) -
              points[i];
          const float square = way.squaredNorm();
          const std::size_t cell = static_cast<std::size_t>(x) +
                                   static_cast<std::size_t>(size_[0]) *
                                       (static_cast<std::size_t>(y) +
                                        static_cast<std::size_t>(size_[1]) * static_cast<std::size_t>(z));
          if (square < nearest[cell]) {
            nearest[cell] = square;
            values_[cell] = std::copysign(std::sqrt(square), way.dot(normals[i]));
          }
        }
      }
    }
  }
}

float DistanceField::at(int x, int y, int z) const {
  return values_[static_cast<std::size_t>(x) +
                 static_cast<std::size_t>(size_[0]) *
                     (static_cast<std::size_t>(y) +
                      static_cast<std::size_t>(size_[1]) * static_cast<std::size_t>(z))];
}

float DistanceField::distance(const Vec3& p) const {
  const Vec3 c = (p - low_) / cell_dm_;
  const Vec3 cell(std::floor(c.x()), std::floor(c.y()), std::floor(c.z()));
  for (int k = 0; k < 3; ++k) {
    if (!(cell[k] >= 0) || cell[k] + 1 >= static_cast<float>(size_[static_cast<std::size_t>(k)]))
      return reach_dm_;
  }
  const Vec3 f = c - cell;
  const int x = static_cast<int>(cell.x());
  const int y = static_cast<int>(cell.y());
  const int z = static_cast<int>(cell.z());
  float sum = 0;
  for (int k = 0; k < 8; ++k) {
    const int dx = k & 1;
    const int dy = (k >> 1) & 1;
    const int dz = k >> 2;
    sum += (dx != 0 ? f.x() : 1 - f.x()) * (dy != 0 ? f.y() : 1 - f.y()) * (dz != 0 ? f.z() : 1 - f.z()) *
           at(x + dx, y + dy, z + dz);
  }
  return sum;
}

Vec3 DistanceField::outward(const Vec3& p) const {
  const float h = 0.75F * cell_dm_;
  Vec3 slope;
  for (int k = 0; k < 3; ++k) {
    Vec3 step = Vec3::Zero();
    step[k] = h;
    slope[k] = distance(p + step) - distance(p - step);
  }
  const float length = slope.norm();
  return length > 1e-6F ? Vec3(slope / length) : Vec3(Vec3::Zero());
}

}  // namespace anima::presenter
