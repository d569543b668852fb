#include "face/blink_and_gaze.h"

#include <gtest/gtest.h>

#include "synthetic_film.h"

namespace anima::face {
namespace {

TEST(BlinkAndGazeTest, LidsAndIrisesAreMeasuredInEyeWidths) {
  const EyeMeasure open = measure_eyes(testing::synthetic_face({}));
  const EyeMeasure closed = measure_eyes(testing::synthetic_face({0, 0, 0, 0, 1, 0, 0}));
  const EyeMeasure right = measure_eyes(testing::synthetic_face({0, 0, 0, 0, 0, 1, 0}));
  const EyeMeasure down = measure_eyes(testing::synthetic_face({0, 0, 0, 0, 0, 0, 1}));
  for (int e = 0; e < 2; ++e) {
    EXPECT_GT(open.opening[e], 0.15);
    EXPECT_LT(closed.opening[e], 0.3 * open.opening[e]);
    EXPECT_NEAR(right.gaze[e].x() - open.gaze[e].x(), 0.25 / 2.7, 0.01);
    EXPECT_NEAR(right.gaze[e].y(), open.gaze[e].y(), 1e-9);
    EXPECT_GT(down.gaze[e].y(), open.gaze[e].y());
  }
  EXPECT_NEAR(common_gaze(open).x(), 0.5 * (open.gaze[0].x() + open.gaze[1].x()), 1e-12);
}

TEST(BlinkAndGazeTest, RangeIsTheOpenEyeAndTheDepthOfItsBlinks) {
  std::vector<double> openings(300, 0.30);
  openings[100] = 0.12;
  openings[101] = 0.03;
  openings[102] = 0.14;
  openings[200] = 0.05;
  openings[250] = 0.04;
  const LidRange range = lid_range(openings);
  EXPECT_DOUBLE_EQ(range.open, 0.30);
  EXPECT_DOUBLE_EQ(range.closed, 0.04);  // the median of 0.03, 0.05, 0.04
  EXPECT_DOUBLE_EQ(range.blink(0.30), 0);
  EXPECT_DOUBLE_EQ(range.blink(0.04), 1);
  EXPECT_DOUBLE_EQ(range.blink(-1), 1.2);
  EXPECT_DOUBLE_EQ(range.blink(1), -0.3);
}

TEST(BlinkAndGazeTest, AFilmWithoutBlinksStillHasAClosedEye) {
  const LidRange range = lid_range(std::vector<double>(100, 0.25));
  EXPECT_DOUBLE_EQ(range.open, 0.25);
  EXPECT_GT(range.closed, 0);
  EXPECT_LT(range.closed, 0.1);
}

}  // namespace
}  // namespace anima::face
