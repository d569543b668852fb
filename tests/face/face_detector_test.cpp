#include "face/face_detector.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/random.h"
#include "support/presenter_clip.h"

namespace anima::face {
namespace {

FaceDetection box(double score, double left, double top, double side) {
  FaceDetection detection;
  detection.score = score;
  detection.left_px = left;
  detection.top_px = top;
  detection.width_px = side;
  detection.height_px = side;
  return detection;
}

TEST(FaceDetector, OverlapIsIntersectionOverUnion) {
  EXPECT_DOUBLE_EQ(overlap(box(1, 0, 0, 10), box(1, 0, 0, 10)), 1);
  EXPECT_DOUBLE_EQ(overlap(box(1, 0, 0, 10), box(1, 5, 0, 10)), 50.0 / 150);
  EXPECT_DOUBLE_EQ(overlap(box(1, 0, 0, 10), box(1, 20, 0, 10)), 0);
}

TEST(FaceDetector, MergesBoxesOfOneFaceByTheirScores) {
  const auto faces =
      merge_overlapping({box(0.5, 12, 0, 100), box(0.8, 300, 300, 50), box(1, 0, 0, 100)}, 0.3);
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_DOUBLE_EQ(faces[0].score, 1);
  EXPECT_NEAR(faces[0].left_px, 12 * 0.5 / 1.5, 1e-9);
  EXPECT_NEAR(faces[0].width_px, 100, 1e-9);
  EXPECT_DOUBLE_EQ(faces[1].left_px, 300);
}

TEST(FaceDetector, StartsASquareUprightOnTheEyes) {
  FaceDetection face = box(1, 100, 100, 80);
  face.key_points_px[0] = {120, 120};
  face.key_points_px[1] = {160, 160};
  const FaceSquare square = square_around_detection(face);
  EXPECT_NEAR(square.rotation_radians, 0.785398, 1e-5);
  EXPECT_DOUBLE_EQ(square.centre_x_px, 140);
  EXPECT_DOUBLE_EQ(square.side_px, 120);
}

class FaceDetectorOnFilm : public ::testing::Test {
 protected:
  void SetUp() override { frames_ = test::presenter_frames(1); }
  std::vector<Image> frames_;
};

TEST_F(FaceDetectorOnFilm, FindsTheOneFace) {
  const auto faces = FaceDetector().detect(frames_[0]);
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_GT(faces[0].score, 0.8);
  const auto& right_eye = faces[0].key_points_px[0];
  const auto& left_eye = faces[0].key_points_px[1];
  const test::ClipTruth truth = test::presenter_truth(frames_[0].width);
  for (int axis = 0; axis < 2; ++axis) {
    EXPECT_NEAR(right_eye[axis], truth.right_eye_px[0][axis], 10);
    EXPECT_NEAR(left_eye[axis], truth.left_eye_px[0][axis], 10);
  }
}

TEST_F(FaceDetectorOnFilm, FindsTwoFacesInAWidePicture) {
  const Image& frame = frames_[0];
  Image wide(2 * frame.width, frame.height, 3);
  for (int y = 0; y < frame.height; ++y) {
    for (const int half : {0, 1}) {
      std::copy_n(frame.row(y), 3 * frame.width, wide.row(y) + half * 3 * frame.width);
    }
  }
  const auto faces = FaceDetector().detect(wide);
  ASSERT_EQ(faces.size(), 2U);
  const auto [left, right] = std::minmax(faces[0].key_points_px[2][0], faces[1].key_points_px[2][0]);
  EXPECT_NEAR(right - left, frame.width, 12);
}

TEST_F(FaceDetectorOnFilm, FindsNoneInNoise) {
  Image noise(320, 240, 3);
  Random random(1);
  for (auto& value : noise.pixels) value = static_cast<std::uint8_t>(random.below(256));
  EXPECT_TRUE(FaceDetector().detect(noise).empty());
}

}  // namespace
}  // namespace anima::face
