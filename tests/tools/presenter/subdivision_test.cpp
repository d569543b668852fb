#include "presenter/subdivision.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace anima::presenter {
namespace {

const std::vector<Quad> kCube = {{0, 3, 2, 1}, {4, 5, 6, 7}, {0, 1, 5, 4},
                                 {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}};
const Points kCubeCorners = {{-1, -1, -1}, {1, -1, -1}, {1, 1, -1}, {-1, 1, -1},
                             {-1, -1, 1},  {1, -1, 1},  {1, 1, 1},  {-1, 1, 1}};

// A flat grid of n x n quads.
std::pair<std::vector<Quad>, Points> grid(std::uint32_t n) {
  std::vector<Quad> faces;
  Points points;
  for (std::uint32_t y = 0; y <= n; ++y) {
    for (std::uint32_t x = 0; x <= n; ++x)
      points.emplace_back(static_cast<float>(x), static_cast<float>(y), 0);
  }
  for (std::uint32_t y = 0; y < n; ++y) {
    for (std::uint32_t x = 0; x < n; ++x) {
      const std::uint32_t v = y * (n + 1) + x;
      faces.push_back({v, v + 1, v + n + 2, v + n + 1});
    }
  }
  return {faces, points};
}

TEST(Subdivision, OneStepOfACubeIsCatmullAndClarks) {
  const SubdividedSurface surface = subdivide(kCube, 8, 1);
  EXPECT_EQ(surface.faces.size(), 24U);
  const Points points = surface.table.apply(kCubeCorners);
  ASSERT_EQ(points.size(), 8U + 12U + 6U);
  // Corner: (F + 2R + 0 P) / 3 with F the mean of three face centres (1/3), R of three edge middles (2/3).
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint32_t row = surface.row_of[i];
    EXPECT_TRUE(points[row].isApprox(kCubeCorners[i] * (1.0F / 3 + 2 * 2.0F / 3) / 3, 1e-5F))
        << points[row].transpose();
  }
  int middles = 0;
  int centres = 0;
  for (std::size_t i = 8; i < points.size(); ++i) {
    Vec3 sorted = points[i].cwiseAbs();
    std::sort(sorted.data(), sorted.data() + 3);
    // Edge: mean of two ends and two face centres: (1, 1, 0) * 3/4. Face: its centre.
    if (sorted.isApprox(Vec3(0, 0.75F, 0.75F), 1e-5F)) ++middles;
    if (sorted.isApprox(Vec3(0, 0, 1), 1e-5F)) ++centres;
  }
  EXPECT_EQ(middles, 12);
  EXPECT_EQ(centres, 6);
}

TEST(Subdivision, RefinesTheCubeTowardsASmoothRoundBody) {
  const SubdividedSurface surface = subdivide(kCube, 8, 4);
  const Points points = surface.table.apply(kCubeCorners);
  EXPECT_EQ(surface.faces.size(), 6U * 256U);
  const auto [low, high] = std::minmax_element(
      points.begin(), points.end(), [](const Vec3& a, const Vec3& b) { return a.norm() < b.norm(); });
  EXPECT_GT(low->norm(), 0.75F);
  EXPECT_LT(high->norm(), 1.0F);
  const Points normals = vertex_normals(points, surface.faces);
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT_GT(normals[i].dot(points[i].normalized()), 0.9F);
}

TEST(Subdivision, KeepsFlatThingsFlatAndTheirBorderOnTheBorder) {
  const auto [faces, points] = grid(4);
  const SubdividedSurface surface = subdivide(faces, points.size(), 2);
  const Points fine = surface.table.apply(points);
  float right = 0;
  for (const Vec3& p : fine) {
    EXPECT_EQ(p.z(), 0);
    EXPECT_GE(p.x(), -1e-6F);
    EXPECT_LE(p.x(), 4 + 1e-6F);
    right = std::max(right, p.x());
  }
  EXPECT_NEAR(right, 4, 1e-5);
  // Inside, a regular grid stays where it was.
  EXPECT_TRUE(fine[surface.row_of[12]].isApprox(Vec3(2, 2, 0), 1e-5F));
  for (std::size_t row = 0; row < surface.table.rows(); ++row) {
    const auto first = surface.table.weights.begin() + surface.table.starts[row];
    const auto last = surface.table.weights.begin() + surface.table.starts[row + 1];
    EXPECT_NEAR(std::accumulate(first, last, 0.0), 1.0, 1e-5);
  }
}

TEST(Subdivision, TakesTrianglesAndDropsUnusedVertices) {
  const std::vector<Quad> faces = {{5, 6, 7, 7}};
  const SubdividedSurface surface = subdivide(faces, 9, 1);
  EXPECT_EQ(surface.faces.size(), 3U);
  EXPECT_EQ(surface.table.rows(), 3U + 3U + 1U);
  EXPECT_EQ(surface.row_of[0], SubdividedSurface::kNone);
  EXPECT_NE(surface.row_of[5], SubdividedSurface::kNone);
  EXPECT_EQ(subdivide(faces, 9, 0).faces.size(), 1U);
}

}  // namespace
}  // namespace anima::presenter
