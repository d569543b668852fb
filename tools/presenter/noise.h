// Smooth random patterns in space, the same on every machine.
#pragma once

#include <cmath>
#include <cstdint>

#include "presenter/geometry.h"

namespace anima::presenter {

// In [0, 1), uniform, from whole numbers.
inline float lattice_random(std::int32_t x, std::int32_t y, std::int32_t z, std::uint32_t seed) {
  std::uint32_t h = seed * 0x9E3779B9U;
  h ^= static_cast<std::uint32_t>(x) * 0x85EBCA6BU;
  h = (h ^ (h >> 15U)) * 0x2C1B3C6DU;
  h ^= static_cast<std::uint32_t>(y) * 0xC2B2AE35U;
  h = (h ^ (h >> 12U)) * 0x297A2D39U;
  h ^= static_cast<std::uint32_t>(z) * 0x27D4EB2FU;
  h = (h ^ (h >> 15U)) * 0x85EBCA6BU;
  return static_cast<float>((h ^ (h >> 13U)) >> 8U) * 0x1p-24F;
}

// Value noise: random at whole points, cubic between; in [-1, 1], mean 0. Features are about one
// unit wide.
inline float value_noise(const Vec3& p, std::uint32_t seed) {
  const Vec3 cell(std::floor(p.x()), std::floor(p.y()), std::floor(p.z()));
  const Vec3 f = p - cell;
  const Vec3 s(f.x() * f.x() * (3 - 2 * f.x()), f.y() * f.y() * (3 - 2 * f.y()),
               f.z() * f.z() * (3 - 2 * f.z()));
  const auto x = static_cast<std::int32_t>(cell.x());
  const auto y = static_cast<std::int32_t>(cell.y());
  const auto z = static_cast<std::int32_t>(cell.z());
  float sum = 0;
  for (int k = 0; k < 8; ++k) {
    const int dx = k & 1;
    const int dy = (k >> 1) & 1;
    const int dz = k >> 2;
    sum += (dx != 0 ? s.x() : 1 - s.x()) * (dy != 0 ? s.y() : 1 - s.y()) * (dz != 0 ? s.z() : 1 - s.z()) *
           lattice_random(x + dx, y + dy, z + dz, seed);
  }
  return 2 * sum - 1;
}

// Octaves of value noise, each half as wide and half as strong; in about [-1, 1].
inline float fractal_noise(const Vec3& p, int octaves, std::uint32_t seed) {
  float sum = 0;
  float strength = 0.5F;
  Vec3 q = p;
  for (int i = 0; i < octaves; ++i) {
    sum += strength * value_noise(q, seed + static_cast<std::uint32_t>(i));
    q = 2.03F * q + Vec3(17.3F, 5.1F, 9.7F);
    strength *= 0.5F;
  }
  return sum;
}

}  // namespace anima::presenter
