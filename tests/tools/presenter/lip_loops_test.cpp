#include "presenter/lip_loops.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "presenter/lash_strips.h"

namespace anima::presenter {
namespace {

// A tube of `rings` x `spokes` vertices.
std::vector<Quad> tube(std::uint32_t rings, std::uint32_t spokes) {
  std::vector<Quad> faces;
  for (std::uint32_t r = 0; r + 1 < rings; ++r) {
    for (std::uint32_t s = 0; s < spokes; ++s) {
      const std::uint32_t next = (s + 1) % spokes;
      faces.push_back({r * spokes + s, (r + 1) * spokes + s, (r + 1) * spokes + next, r * spokes + next});
    }
  }
  return faces;
}

TEST(EdgeLoop, GoesOnceRoundATube) {
  const auto loop = edge_loop(tube(4, 9), 13, 14);  // ring 1
  ASSERT_EQ(loop.size(), 9U);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(loop[i], 9 + (4 + i) % 9);
}

TEST(EdgeLoop, RefusesARowThatDoesNotClose) {
  EXPECT_THROW(edge_loop(tube(4, 9), 9, 18), Error);
}

TEST(LashStrips, FindsColumnsFromRootToTipAndNoseToTemple) {
  // Four grids of 5 columns x 3 rows.
  std::vector<Quad> faces;
  Points points;
  for (const float side : {1.0F, -1.0F}) {
    for (const float height : {6.35F, 6.25F}) {
      const auto first = static_cast<std::uint32_t>(points.size());
      for (std::uint32_t c = 0; c < 5; ++c) {
        for (std::uint32_t r = 0; r < 3; ++r) {
          points.emplace_back(side * (0.2F + 0.05F * static_cast<float>(c)),
                              height + 0.01F * static_cast<float>(r), 1.2F + 0.03F * static_cast<float>(r));
        }
      }
      for (std::uint32_t c = 0; c < 4; ++c) {
        for (std::uint32_t r = 0; r < 2; ++r) {
          const std::uint32_t v = first + 3 * c + r;
          faces.push_back({v, v + 3, v + 4, v + 1});
        }
      }
    }
  }
  const auto strips = find_lash_strips(faces, points);
  ASSERT_EQ(strips.size(), 4U);
  int upper = 0;
  for (const LashStrip& strip : strips) {
    ASSERT_EQ(strip.columns.size(), 5U);
    upper += strip.upper ? 1 : 0;
    float before = 0;
    for (const auto& column : strip.columns) {
      ASSERT_EQ(column.size(), 3U);
      EXPECT_LT(points[column[0]].z(), points[column[2]].z());
      EXPECT_GT(std::abs(points[column[0]].x()), before);
      before = std::abs(points[column[0]].x());
      EXPECT_EQ(points[column[0]].x() > 0, strip.side == Side::kLeft);
      EXPECT_EQ(points[column[0]].y() > 6.3F, strip.upper);
    }
  }
  EXPECT_EQ(upper, 2);
  EXPECT_THROW(find_lash_strips(std::vector<Quad>(faces.begin(), faces.begin() + 8), points), Error);
}

}  // namespace
}  // namespace anima::presenter
