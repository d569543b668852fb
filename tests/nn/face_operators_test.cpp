#include "nn/face_operators.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace anima::nn {
namespace {

LandmarkBoxOptions box_of_all(int count) {
  LandmarkBoxOptions options;
  options.left_rotation_index = 0;
  options.right_rotation_index = 1;
  options.scale_x = 1.5F;
  options.scale_y = 1.5F;
  options.output_width = 16;
  options.output_height = 16;
  for (int i = 0; i < count; ++i) options.subset.push_back(i);
  return options;
}

std::vector<float> apply(const TransformMatrix& matrix, float x, float y) {
  std::vector<float> output(2);
  transform_landmarks(std::vector<float>{x, y}, matrix, output);
  return output;
}

TEST(FaceOperators, BoxCoversTheLandmarksWithItsMargin) {
  // A level box from (10, 20) to (30, 24).
  const std::vector<float> landmarks = {10, 22, 0, 30, 22, 0, 20, 20, 0, 20, 24, 0};
  const TransformMatrix matrix = landmarks_to_transform_matrix(landmarks, box_of_all(4));
  const auto corner = apply(matrix, 0, 0);
  EXPECT_NEAR(corner[0], 20 - 15, 1e-4);
  EXPECT_NEAR(corner[1], 22 - 3, 1e-4);
  const auto opposite = apply(matrix, 16, 16);
  EXPECT_NEAR(opposite[0], 35, 1e-4);
  EXPECT_NEAR(opposite[1], 25, 1e-4);
}

TEST(FaceOperators, BoxTurnsWithTheLandmarks) {
  const float angle = 0.4F;
  std::vector<float> landmarks;
  for (const auto& [x, y] : {std::pair{-10.0F, 0.0F}, {10.0F, 0.0F}, {0.0F, -2.0F}, {0.0F, 2.0F}}) {
    landmarks.push_back(50 + std::cos(angle) * x - std::sin(angle) * y);
    landmarks.push_back(40 + std::sin(angle) * x + std::cos(angle) * y);
    landmarks.push_back(0);
  }
  const TransformMatrix matrix = landmarks_to_transform_matrix(landmarks, box_of_all(4));
  const auto middle = apply(matrix, 8, 8);
  EXPECT_NEAR(middle[0], 50, 1e-4);
  EXPECT_NEAR(middle[1], 40, 1e-4);
  const auto right = apply(matrix, 16, 8);
  EXPECT_NEAR(right[0], 50 + std::cos(angle) * 15, 1e-4);
  EXPECT_NEAR(right[1], 40 + std::sin(angle) * 15, 1e-4);
}

TEST(FaceOperators, SamplesAtPixelCentres) {
  // A ramp: value = 10 * row + column. Twice as fine a grid over all of it.
  std::vector<float> image;
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 4; ++x) image.push_back(static_cast<float>(10 * y + x));
  }
  TransformMatrix matrix{};
  matrix[0] = matrix[5] = 0.5F;
  std::vector<float> output(64);
  transform_tensor_bilinear(image, 4, 4, 1, matrix, 8, 8, output);
  EXPECT_EQ(output[0], 0);  // at -0.25, outside
  // Cell (3, 2) lies at (1.25, 0.75) in pixel centres.
  EXPECT_NEAR(output[2 * 8 + 3], 10 * 0.75 + 1.25, 1e-5);
  EXPECT_NEAR(output[6 * 8 + 6], 10 * 2.75 + 2.75, 1e-5);
  EXPECT_EQ(output[7 * 8 + 7], 0);  // at 3.25, outside
}

TEST(FaceOperators, SamplesEveryChannel) {
  const std::vector<float> image = {1, 100, 2, 200, 3, 300, 4, 400};  // 2x2, two channels
  TransformMatrix matrix{};
  matrix[0] = matrix[5] = 1;
  matrix[3] = matrix[7] = 0.5F;
  std::vector<float> output(2);
  transform_tensor_bilinear(image, 2, 2, 2, matrix, 1, 1, output);
  EXPECT_FLOAT_EQ(output[0], 2.5F);
  EXPECT_FLOAT_EQ(output[1], 250);
}

}  // namespace
}  // namespace anima::nn
