#include "face/face_square.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/error.h"

namespace anima::face {
namespace {

// 478 landmarks in a box of 100 x 60 px around (200, 150), turned by `angle` around its middle.
std::vector<float> turned_landmarks(double angle) {
  std::vector<float> points(478 * 3);
  auto put = [&](std::size_t index, double x, double y) {
    points[3 * index] = static_cast<float>(200 + std::cos(angle) * x - std::sin(angle) * y);
    points[3 * index + 1] = static_cast<float>(150 + std::sin(angle) * x + std::cos(angle) * y);
  };
  for (std::size_t i = 0; i < 478; ++i) put(i, 0, 0);
  put(33, -30, -10);  // outer corner of the right eye
  put(263, 30, -10);
  put(10, -50, -30);
  put(152, 50, 30);
  return points;
}

TEST(FaceSquare, SurroundsTurnedLandmarks) {
  for (const double angle : {0.0, 0.3, -1.0}) {
    const FaceSquare square = square_around_landmarks(turned_landmarks(angle));
    EXPECT_NEAR(square.rotation_radians, angle, 1e-6);
    EXPECT_NEAR(square.centre_x_px, 200, 1e-4);
    EXPECT_NEAR(square.centre_y_px, 150, 1e-4);
    EXPECT_NEAR(square.side_px, 1.5 * 100, 1e-3);
  }
}

TEST(FaceSquare, MapsItsCornersToThePicture) {
  const FaceSquare square{200, 150, 100, std::acos(0.0)};  // a quarter turn clockwise
  const auto corner = square.to_picture(0, 0);
  EXPECT_NEAR(corner[0], 250, 1e-9);
  EXPECT_NEAR(corner[1], 100, 1e-9);
  const auto middle = square.to_picture(0.5, 0.5);
  EXPECT_NEAR(middle[0], 200, 1e-9);
  EXPECT_NEAR(middle[1], 150, 1e-9);
}

// A picture whose red is its column and green its row: a sample must show where it was taken.
TEST(FaceSquare, SamplesWhereItSaysItDoes) {
  Image picture(256, 256, 3);
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 256; ++x) {
      picture.row(y)[3 * x] = static_cast<std::uint8_t>(x);
      picture.row(y)[3 * x + 1] = static_cast<std::uint8_t>(y);
    }
  }
  for (const double side_px : {24.0, 48.0, 120.0}) {  // finer, as fine, and coarser than the picture
    const FaceSquare square{120, 130, side_px, 0.3};
    std::vector<float> samples(48 * 48 * 3);
    sample_square(picture, square, 48, 1, 0, samples);
    for (const int row : {0, 20, 47}) {
      for (const int column : {0, 30, 47}) {
        const auto place = square.to_picture((column + 0.5) / 48, (row + 0.5) / 48);
        const float* sample = samples.data() + 3 * (48 * row + column);
        // Pixel x has its centre at x + 0.5. OpenCV samples at 1/32 px and rounds to whole levels.
        EXPECT_NEAR(sample[0], place[0] - 0.5, 0.6) << side_px;
        EXPECT_NEAR(sample[1], place[1] - 0.5, 0.6) << side_px;
      }
    }
  }
}

TEST(FaceSquare, ScalesValuesAndRepeatsEdges) {
  Image picture(8, 8, 3);
  std::fill(picture.pixels.begin(), picture.pixels.end(), std::uint8_t{255});
  std::vector<float> samples(16 * 16 * 3);
  sample_square(picture, {4, 4, 100, 0}, 16, 2.0F / 255, -1, samples);
  for (const float sample : samples) EXPECT_FLOAT_EQ(sample, 1);
}

TEST(FaceSquare, RefusesMasks) {
  std::vector<float> samples(16 * 16 * 3);
  EXPECT_THROW(sample_square(Image(8, 8, 1), {4, 4, 8, 0}, 16, 1, 0, samples), Error);
  EXPECT_THROW(sample_square(Image(), {4, 4, 8, 0}, 16, 1, 0, samples), Error);
}

}  // namespace
}  // namespace anima::face
