#include "presenter/rasteriser.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"

namespace anima::presenter {
namespace {

float snapped(float v) {
  return std::floor(v * 64 + 0.5F) / 64;
}

// Nearest triangle by testing every sample against every triangle, in double precision. Samples
// within a hair of an edge are left undecided (-2).
std::vector<int> reference(const Points& points, const std::vector<Triangle>& triangles, int width,
                           int height) {
  std::vector<int> nearest(static_cast<std::size_t>(width * height), -1);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double best = 0;
      bool doubtful = false;
      int& found = nearest[static_cast<std::size_t>(y * width + x)];
      for (std::size_t i = 0; i < triangles.size(); ++i) {
        std::array<Eigen::Vector2d, 3> c;
        std::array<double, 3> w{};
        for (std::size_t k = 0; k < 3; ++k) {
          const Vec3& p = points[triangles[i][k]];
          c[k] = {snapped(p.x()), snapped(p.y())};
        }
        const auto cross = [](const Eigen::Vector2d& a, const Eigen::Vector2d& b) {
          return a.x() * b.y() - a.y() * b.x();
        };
        const Eigen::Vector2d s(x + 0.5, y + 0.5);
        const double area = cross(c[1] - c[0], c[2] - c[0]);
        if (area == 0) continue;
        double least = 1;
        double nearness = 0;
        for (std::size_t k = 0; k < 3; ++k) {
          w[k] = cross(c[(k + 2) % 3] - c[(k + 1) % 3], s - c[(k + 1) % 3]) / area;
          least = std::min(least, w[k]);
          nearness += w[k] * points[triangles[i][k]].z();
        }
        if (std::abs(least) < 1e-9 && nearness > best - 1e-6) doubtful = true;
        if (least < 0) continue;
        if (std::abs(nearness - best) < 1e-6) doubtful = true;
        if (nearness > best) {
          best = nearness;
          found = static_cast<int>(i);
        }
      }
      if (doubtful) found = -2;
    }
  }
  return nearest;
}

TEST(Rasteriser, AgreesWithAPlainReference) {
  Random random(3);
  ThreadPool threads(2);
  int compared = 0;
  for (int round = 0; round < 20; ++round) {
    Points points;
    std::vector<Triangle> triangles;
    for (std::uint32_t i = 0; i < 60; ++i) {
      // Large and small ones, some partly outside of the picture.
      const double spread = i % 3 == 0 ? 60 : 8;
      const double x = random.uniform(-20, 90);
      const double y = random.uniform(-20, 90);
      for (int k = 0; k < 3; ++k) {
        points.emplace_back(static_cast<float>(x + spread * random.normal()),
                            static_cast<float>(y + spread * random.normal()),
                            static_cast<float>(random.uniform(0.05, 1)));
      }
      triangles.push_back({3 * i, 3 * i + 1, 3 * i + 2});
    }
    VisibilityBuffer buffer;
    buffer.clear(70, 75);
    rasterise(points, triangles, buffer, threads);
    const std::vector<int> expected = reference(points, triangles, 70, 75);
    for (std::size_t s = 0; s < expected.size(); ++s) {
      if (expected[s] == -2) continue;
      ++compared;
      const std::uint32_t wanted =
          expected[s] < 0 ? VisibilityBuffer::kNothing : static_cast<std::uint32_t>(expected[s]);
      ASSERT_EQ(buffer.triangle[s], wanted) << "round " << round << " sample " << s;
    }
  }
  EXPECT_GT(compared, 95000);
}

// Every sample of a fan around a sample's own centre is covered exactly once, edges included.
TEST(Rasteriser, NeighboursLeaveNoCracksAndDoNotOverlap) {
  ThreadPool threads(1);
  Points points = {Vec3(16.5F, 16.5F, 1)};
  std::vector<Triangle> triangles;
  constexpr std::uint32_t kSpokes = 12;
  for (std::uint32_t i = 0; i < kSpokes; ++i) {
    const float angle = 6.2831853F * static_cast<float>(i) / kSpokes;
    points.emplace_back(16.5F + 14 * std::cos(angle), 16.5F + 14 * std::sin(angle), 1.0F);
    triangles.push_back({0, 1 + i, 1 + (i + 1) % kSpokes});
  }
  std::vector<int> covered(33 * 33);
  for (const Triangle& t : triangles) {
    VisibilityBuffer buffer;
    buffer.clear(33, 33);
    rasterise(points, std::vector<Triangle>{t}, buffer, threads);
    for (std::size_t s = 0; s < covered.size(); ++s) covered[s] += buffer.triangle[s] == 0 ? 1 : 0;
  }
  for (int y = 0; y < 33; ++y) {
    for (int x = 0; x < 33; ++x) {
      const float r = std::hypot(static_cast<float>(x) - 16, static_cast<float>(y) - 16);
      const int count = covered[static_cast<std::size_t>(33 * y + x)];
      if (r < 13) {
        EXPECT_EQ(count, 1) << x << "," << y;
      }
      EXPECT_LE(count, 1) << x << "," << y;
    }
  }
}

TEST(Rasteriser, LeavesOutWhatCannotBeDrawn) {
  ThreadPool threads(1);
  const float nan = std::nanf("");
  const Points points = {Vec3(1, 1, 1),   Vec3(9, 1, 1),     Vec3(1, 9, -1),
                         Vec3(nan, 9, 1), Vec3(1, 1e20F, 1), Vec3(1, 9, 0)};
  VisibilityBuffer buffer;
  buffer.clear(10, 10);
  rasterise(points, std::vector<Triangle>{{0, 1, 2}, {0, 1, 3}, {0, 1, 4}, {0, 1, 5}, {0, 1, 1}}, buffer,
            threads);
  for (const std::uint32_t t : buffer.triangle) EXPECT_EQ(t, VisibilityBuffer::kNothing);
}

TEST(PerspectiveWeights, InterpolateLinearlyInSpace) {
  // Corners at depths 2, 4 and 8; a point of the triangle's inside, projected.
  const std::array<Vec3, 3> space = {Vec3(0, 0, 2), Vec3(3, 1, 4), Vec3(-1, 4, 8)};
  const Vec3 weights(0.2F, 0.5F, 0.3F);
  const Vec3 inside = weights[0] * space[0] + weights[1] * space[1] + weights[2] * space[2];
  const auto project = [](const Vec3& p) {
    return Vec3(100 * p.x() / p.z(), 100 * p.y() / p.z(), 1 / p.z());
  };
  const Vec3 at = project(inside);
  const Vec3 found =
      perspective_weights(project(space[0]), project(space[1]), project(space[2]), at.x(), at.y());
  EXPECT_TRUE(found.isApprox(weights, 1e-4F)) << found.transpose();
}

}  // namespace
}  // namespace anima::presenter
