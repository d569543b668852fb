#include "avatar/picture_loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"

namespace anima::avatar {
namespace {

struct Case {
  static constexpr int kWidth = 14, kHeight = 11;
  Case() {
    frame = Image(kWidth, kHeight, 3);
    behind = Image(kWidth, kHeight, 3);
    for (auto& p : frame.pixels) p = static_cast<std::uint8_t>(random.below(256));
    for (auto& p : behind.pixels) p = static_cast<std::uint8_t>(random.below(256));
    canvas.resize(kWidth, kHeight);
    for (auto* plane : {&canvas.red, &canvas.green, &canvas.blue, &canvas.transmittance}) {
      for (float& v : *plane) v = static_cast<float>(random.uniform(0.1, 0.7));
    }
    for (int i = 0; i < kWidth * kHeight; ++i) {
      weight.push_back(static_cast<float>(random.uniform(0.5, 3)));
      outside.push_back(i % 3 == 0 ? 1.0F : 0.0F);
    }
  }
  PictureTarget target() const { return {&frame, &behind, weight, outside}; }
  Random random{21};
  Image frame, behind;
  Canvas canvas;
  std::vector<float> weight, outside;
};

TEST(PictureLoss, DerivativeMatchesCentralDifferences) {
  for (const float share : {0.0F, 0.4F}) {
    Case c;
    PictureLossOptions options;
    options.dissimilarity = share;
    options.coverage_outside = 0.1F;
    PictureScratch scratch;
    CanvasGradient gradient, unused;
    picture_loss(c.canvas, c.target(), options, scratch, gradient);
    std::vector<float>* planes[4] = {&c.canvas.red, &c.canvas.green, &c.canvas.blue, &c.canvas.transmittance};
    const std::vector<float>* slopes[4] = {&gradient.red, &gradient.green, &gradient.blue,
                                           &gradient.transmittance};
    for (int p = 0; p < 4; ++p) {
      for (std::size_t i = 0; i < planes[p]->size(); i += 7) {
        float& value = (*planes[p])[i];
        const float kept = value;
        value = kept + 4e-3F;
        const double up = picture_loss(c.canvas, c.target(), options, scratch, unused).loss;
        const double above = value;
        value = kept - 4e-3F;
        const double down = picture_loss(c.canvas, c.target(), options, scratch, unused).loss;
        const double numeric = (up - down) / (above - static_cast<double>(value));
        value = kept;
        EXPECT_NEAR((*slopes[p])[i], numeric, 2e-2 * std::abs(numeric) + 2e-6)
            << "plane " << p << " pixel " << i;
      }
    }
  }
}

TEST(PictureLoss, IsZeroForTheFrameItself) {
  Case c;
  c.outside.assign(c.outside.size(), 0.0F);
  const std::size_t size = c.canvas.red.size();
  for (std::size_t i = 0; i < size; ++i) {
    c.canvas.transmittance[i] = 0;
    c.canvas.red[i] = static_cast<float>(c.frame.pixels[i * 3]) / 255;
    c.canvas.green[i] = static_cast<float>(c.frame.pixels[i * 3 + 1]) / 255;
    c.canvas.blue[i] = static_cast<float>(c.frame.pixels[i * 3 + 2]) / 255;
  }
  PictureLossOptions options;
  options.dissimilarity = 0.3F;
  PictureScratch scratch;
  CanvasGradient gradient;
  const PictureScore score = picture_loss(c.canvas, c.target(), options, scratch, gradient);
  EXPECT_NEAR(score.loss, 0, 1e-5);
  EXPECT_NEAR(score.squared_error, 0, 1e-12);
}

TEST(PictureLoss, SquaredErrorIsThatOfTheComposite) {
  Case c;
  PictureScratch scratch;
  CanvasGradient gradient;
  const PictureScore score = picture_loss(c.canvas, c.target(), {}, scratch, gradient);
  double expected = 0;
  const std::vector<float>* planes[3] = {&c.canvas.red, &c.canvas.green, &c.canvas.blue};
  for (int channel = 0; channel < 3; ++channel) {
    for (std::size_t i = 0; i < c.canvas.red.size(); ++i) {
      const double value = std::min(
          1.0, (*planes[channel])[i] + c.canvas.transmittance[i] * c.behind.pixels[i * 3 + channel] / 255.0);
      const double off = value - c.frame.pixels[i * 3 + channel] / 255.0;
      expected += off * off;
    }
  }
  EXPECT_NEAR(score.squared_error, expected / (3.0 * static_cast<double>(c.canvas.red.size())), 1e-6);
}

}  // namespace
}  // namespace anima::avatar
