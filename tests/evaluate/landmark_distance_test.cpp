#include "evaluate/landmark_distance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace anima::evaluate {
namespace {

face::FaceObservation face_with(float scale, float shift_x, float shift_y) {
  face::FaceObservation face;
  face.found = true;
  for (int i = 0; i < face::kLandmarks; ++i) {
    face.points(i, 0) = shift_x + scale * static_cast<float>(std::sin(0.7 * i));
    face.points(i, 1) = shift_y + scale * static_cast<float>(std::cos(1.3 * i));
    face.points(i, 2) = static_cast<float>(i);
  }
  return face;
}

TEST(LandmarkDistance, MouthOutlineHasTwentyDifferentPoints) {
  EXPECT_EQ(std::set<int>(kMouthOutline.begin(), kMouthOutline.end()).size(), 20U);
}

TEST(LandmarkDistance, AShiftOfTheWholeMouthCountsNothing) {
  EXPECT_NEAR(landmark_distance_px(face_with(30, 100, 200), face_with(30, 140, 190)), 0, 1e-4);
}

TEST(LandmarkDistance, OneMovedPointHasTheValueComputedByHand) {
  // Moving one of 20 points by d moves the mean by d/20: that point is off by 19/20 d, each of
  // the others by d/20, so the mean is (19/20 + 19/20) d / 20.
  const face::FaceObservation a = face_with(30, 100, 200);
  face::FaceObservation b = a;
  b.points(13, 1) += 10;
  EXPECT_NEAR(landmark_distance_px(a, b), 10 * 2 * (19.0 / 20) / 20, 1e-4);
  EXPECT_NEAR(landmark_distance_px(a, b, 2.0), 20 * 2 * (19.0 / 20) / 20, 1e-4);
}

TEST(LandmarkDistance, PointsOutsideOfTheMouthCountNothing) {
  const face::FaceObservation a = face_with(30, 100, 200);
  face::FaceObservation b = a;
  b.points(152, 1) += 50;
  EXPECT_EQ(landmark_distance_px(a, b), 0);
}

TEST(LandmarkDistance, LipOpeningIsTheMeanOfThreePairs) {
  face::FaceObservation face;
  const int upper[] = {13, 82, 312};
  const int lower[] = {14, 87, 317};
  for (int i = 0; i < 3; ++i) {
    face.points(upper[i], 1) = 100;
    face.points(lower[i], 1) = 106 + static_cast<float>(i) * 3;
  }
  EXPECT_NEAR(lip_opening_px(face), (6 + 9 + 12) / 3.0, 1e-6);
  face.points(61, 0) = 10;
  face.points(291, 0) = 50;
  EXPECT_NEAR(mouth_width_px(face), 40, 1e-6);
}

}  // namespace
}  // namespace anima::evaluate
