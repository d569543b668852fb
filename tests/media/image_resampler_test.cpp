#include "media/image_resampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace anima::media {
namespace {

Image resample(const Image& source, const SourceWindow& window, int width, int height) {
  ImageResampler resampler(source.width, source.height, window, width, height);
  Image output;
  resampler.resample(source.pixels.data(), static_cast<std::size_t>(source.width * source.channels),
                     source.channels, output);
  return output;
}

Image waves(int width, int height, double per_px) {
  Image image(width, height, 1);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.row(y)[x] =
          static_cast<std::uint8_t>(std::lround(128 + 60 * std::sin(per_px * x) + 50 * std::cos(per_px * y)));
    }
  }
  return image;
}

TEST(ImageResampler, CopiesWholePixelsExactly) {
  const Image source = waves(40, 30, 1.3);
  EXPECT_EQ(resample(source, {0, 0, 40, 30}, 40, 30).pixels, source.pixels);
  const Image part = resample(source, {7, 5, 20, 11}, 20, 11);
  for (int y = 0; y < 11; ++y)
    EXPECT_TRUE(std::equal(part.row(y), part.row(y) + 20, source.row(y + 5) + 7)) << y;
}

TEST(ImageResampler, KeepsSmoothPicturesInPlace) {
  // Sampling the same continuous function: pixel i of n covers [i, i+1) of the source's scale.
  const Image source = waves(200, 160, 0.08);
  for (const double scale : {0.4, 0.77, 1.6, 2.5}) {
    const double left = 11.3;
    const double top = 20.6;
    const int size = static_cast<int>(60 / scale);
    const Image output = resample(source, {left, top, size * scale, size * scale}, size, size);
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        const double sx = left + (x + 0.5) * scale - 0.5;
        const double sy = top + (y + 0.5) * scale - 0.5;
        EXPECT_NEAR(output.row(y)[x], 128 + 60 * std::sin(0.08 * sx) + 50 * std::cos(0.08 * sy), 2)
            << scale << " at " << x << "," << y;
      }
    }
  }
}

TEST(ImageResampler, DoesNotAliasWhenItShrinks) {
  Image source(256, 256, 1);  // a checkerboard of single pixels is grey from afar
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 256; ++x) source.row(y)[x] = (x + y) % 2 == 0 ? 255 : 0;
  }
  const Image output = resample(source, {0, 0, 256, 256}, 60, 60);
  for (const std::uint8_t value : output.pixels) EXPECT_NEAR(value, 127.5, 6);
}

TEST(ImageResampler, KeepsTheMeanOfEachChannel) {
  Image source(50, 50, 3);
  for (std::size_t i = 0; i < source.pixels.size(); ++i)
    source.pixels[i] = static_cast<std::uint8_t>(i % 3 * 80 + 20);
  for (const int size : {7, 50, 93}) {
    const Image output = resample(source, {-20.5, -3, 90, 61}, size, size);
    for (std::size_t i = 0; i < output.pixels.size(); ++i)
      EXPECT_EQ(output.pixels[i], i % 3 * 80 + 20) << size;
  }
}

TEST(ImageResampler, RepeatsTheEdgeOutside) {
  const Image source = waves(20, 20, 0.5);
  const Image output = resample(source, {-100, 30, 5, 5}, 5, 5);
  for (const std::uint8_t value : output.pixels) EXPECT_EQ(value, source.row(19)[0]);
}

TEST(ImageResampler, RefusesImpossibleSizes) {
  EXPECT_THROW(ImageResampler(10, 10, {0, 0, 10, 10}, 0, 5), Error);
  EXPECT_THROW(ImageResampler(10, 10, {0, 0, 0, 10}, 5, 5), Error);
  EXPECT_THROW(ImageResampler(10, 10, {0, 0, std::nan(""), 10}, 5, 5), Error);
  EXPECT_THROW(ImageResampler(10, 10, {1e9, 0, 10, 10}, 5, 5), Error);
  EXPECT_THROW(ImageResampler(10, 10, {0, 0, 10, 10}, 1 << 20, 5), Error);
}

}  // namespace
}  // namespace anima::media
