#include "evaluate/image_metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/random.h"

namespace anima::evaluate {
namespace {

Image constant(int width, int height, std::uint8_t value) {
  Image image(width, height, 3);
  std::fill(image.pixels.begin(), image.pixels.end(), value);
  return image;
}

Image noise(int width, int height, std::uint64_t seed) {
  Random random(seed);
  Image image(width, height, 3);
  for (auto& p : image.pixels) p = static_cast<std::uint8_t>(random.below(256));
  return image;
}

// Wang 2004 written down naively: full 2-D window, double precision, one window at a time.
double ssim_by_definition(const Image& a, const Image& b) {
  double window[11][11];
  double total = 0;
  for (int y = 0; y < 11; ++y) {
    for (int x = 0; x < 11; ++x) {
      window[y][x] = std::exp(-((x - 5) * (x - 5) + (y - 5) * (y - 5)) / (2 * 1.5 * 1.5));
      total += window[y][x];
    }
  }
  const double c1 = 6.5025;
  const double c2 = 58.5225;
  double sum = 0;
  int count = 0;
  for (int c = 0; c < a.channels; ++c) {
    for (int top = 0; top + 11 <= a.height; ++top) {
      for (int left = 0; left + 11 <= a.width; ++left) {
        double ma = 0, mb = 0, va = 0, vb = 0, vab = 0;
        for (int y = 0; y < 11; ++y) {
          for (int x = 0; x < 11; ++x) {
            const double w = window[y][x] / total;
            ma += w * a.row(top + y)[(left + x) * a.channels + c];
            mb += w * b.row(top + y)[(left + x) * b.channels + c];
          }
        }
        for (int y = 0; y < 11; ++y) {
          for (int x = 0; x < 11; ++x) {
            const double w = window[y][x] / total;
            const double da = a.row(top + y)[(left + x) * a.channels + c] - ma;
            const double db = b.row(top + y)[(left + x) * b.channels + c] - mb;
            va += w * da * da;
            vb += w * db * db;
            vab += w * da * db;
          }
        }
        sum += (2 * ma * mb + c1) * (2 * vab + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
        ++count;
      }
    }
  }
  return sum / count;
}

TEST(ImageMetrics, ConstantDifferenceHasTheClosedFormPsnr) {
  EXPECT_DOUBLE_EQ(mean_squared_error(constant(16, 16, 100), constant(16, 16, 110)), 100.0);
  EXPECT_NEAR(psnr_db(constant(16, 16, 100), constant(16, 16, 110)), 20 * std::log10(25.5), 1e-9);
  EXPECT_NEAR(psnr_db(constant(16, 16, 0), constant(16, 16, 255)), 0.0, 1e-9);
}

TEST(ImageMetrics, IdenticalPicturesReachTheCeiling) {
  const Image image = noise(20, 20, 1);
  EXPECT_EQ(psnr_db(image, image), kPsnrCeilingDb);
  EXPECT_NEAR(ssim(image, image), 1.0, 1e-6);
}

TEST(ImageMetrics, LargeDifferencesDoNotOverflowARow) {
  // 8192 columns of 3 channels at the largest difference exceed 32 bits in a naive row sum.
  EXPECT_DOUBLE_EQ(mean_squared_error(constant(30000, 2, 0), constant(30000, 2, 255)), 65025.0);
}

TEST(ImageMetrics, ConstantPicturesHaveTheClosedFormSsim) {
  const double c1 = 6.5025;
  const double expected = (2 * 60.0 * 180.0 + c1) / (60.0 * 60.0 + 180.0 * 180.0 + c1);
  EXPECT_NEAR(ssim(constant(12, 13, 60), constant(12, 13, 180)), expected, 1e-4);
}

TEST(ImageMetrics, SsimFollowsTheDefinitionWindowByWindow) {
  const Image a = noise(19, 17, 2);
  Image b = a;
  Random random(3);
  for (auto& p : b.pixels)
    p = static_cast<std::uint8_t>(
        std::clamp(static_cast<int>(p) + static_cast<int>(random.below(80)) - 40, 0, 255));
  EXPECT_NEAR(ssim(a, b), ssim_by_definition(a, b), 1e-5);
  EXPECT_NEAR(ssim(a, noise(19, 17, 9)), ssim_by_definition(a, noise(19, 17, 9)), 1e-5);
}

TEST(ImageMetrics, WeightSelectsWhatCounts) {
  Image a = constant(8, 8, 50);
  Image b = a;
  Image weight(8, 8, 1);
  for (int x = 0; x < 8; ++x) {
    for (int c = 0; c < 3; ++c) b.row(3)[x * 3 + c] = 54;
    weight.row(3)[x] = 255;
  }
  EXPECT_DOUBLE_EQ(weighted_mean_squared_error(a, b, weight), 16.0);
  for (int x = 0; x < 8; ++x) weight.row(4)[x] = 255;
  EXPECT_DOUBLE_EQ(weighted_mean_squared_error(a, b, weight), 8.0);
  EXPECT_THROW(weighted_mean_squared_error(a, b, Image(8, 8, 1)), Error);
}

TEST(ImageMetrics, RefusesPicturesThatDoNotFit) {
  EXPECT_THROW(psnr_db(constant(8, 8, 1), constant(8, 9, 1)), Error);
  EXPECT_THROW(psnr_db(Image{}, Image{}), Error);
  EXPECT_THROW(ssim(constant(10, 30, 1), constant(10, 30, 1)), Error);
}

}  // namespace
}  // namespace anima::evaluate
