#include "studio/frame_measures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/random.h"

namespace anima::studio {
namespace {

face::FaceObservation face_at(float left, float top, float width, float height) {
  face::FaceObservation face;
  face.found = true;
  for (int i = 0; i < face::kLandmarks; ++i) {
    face.points(i, 0) = left + width * static_cast<float>((i * 37) % 101) / 100;
    face.points(i, 1) = top + height * static_cast<float>((i * 53) % 97) / 96;
  }
  return face;
}

Image textured(int mean, int amplitude) {
  Random random(4);
  Image image(256, 256, 3);
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const int value = mean + static_cast<int>(random.below(2 * amplitude + 1)) - amplitude;
    for (int c = 0; c < 3; ++c) image.pixels[i + c] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
  }
  return image;
}

TEST(FrameMeasures, BlurringLowersSharpness) {
  const auto face = face_at(60, 60, 128, 140);
  Image image = textured(128, 60);
  const double sharp = measure_face(image, face).sharpness;
  cv::Mat view(image.height, image.width, CV_8UC3, image.pixels.data());
  cv::GaussianBlur(view, view, {}, 2);
  EXPECT_LT(measure_face(image, face).sharpness, sharp / 20);
}

TEST(FrameMeasures, BrightnessAndClippingAreTheFacesAlone) {
  const auto face = face_at(64, 64, 128, 128);
  Image image(256, 256, 3);
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 256; ++x) {
      const bool inside = x >= 64 && x < 192 && y >= 64 && y < 192;
      for (int c = 0; c < 3; ++c) image.row(y)[x * 3 + c] = inside ? (y < 128 ? 255 : 100) : 0;
    }
  }
  const FrameMeasures measures = measure_face(image, face);
  EXPECT_TRUE(measures.has_face);
  EXPECT_NEAR(measures.face_brightness, 177.5, 1);
  EXPECT_NEAR(measures.bright_clipped, 0.5, 0.01);
  EXPECT_EQ(measures.dark_clipped, 0);
}

TEST(FrameMeasures, NoFaceOutsideOfThePictureOrOfNonsense) {
  const Image image = textured(128, 10);
  EXPECT_FALSE(measure_face(image, {}).has_face);
  EXPECT_FALSE(measure_face(image, face_at(-500, -500, 100, 100)).has_face);
  auto nonsense = face_at(60, 60, 100, 100);
  nonsense.points(3, 0) = NAN;
  EXPECT_FALSE(measure_face(image, nonsense).has_face);
}

TEST(FrameMeasures, OnlyAMovingBackgroundChanges) {
  BackgroundWatch still;
  BackgroundWatch dimming;
  BackgroundWatch moving;
  for (int t = 0; t < 20; ++t) {
    still.watch(textured(128, 60));
    dimming.watch(textured(100 + 2 * t, 30));
    Image stripes(256, 256, 3);
    for (int y = 0; y < 256; ++y) {
      for (int x = 0; x < 256; ++x) {
        for (int c = 0; c < 3; ++c)
          stripes.row(y)[x * 3 + c] = static_cast<std::uint8_t>(128 + 80 * std::sin((x + 4 * t) * 0.2));
      }
    }
    moving.watch(stripes);
  }
  EXPECT_LT(still.background_change(), 0.01);
  EXPECT_LT(dimming.background_change(), 1);
  EXPECT_GT(moving.background_change(), 20);
}

}  // namespace
}  // namespace anima::studio
