#include "avatar/picture_loss.h"

#include <algorithm>
#include <cmath>

namespace anima::avatar {
namespace {

constexpr int kBox = 7;  // px; SSIM's window as a box, so that running sums do
constexpr float kC1 = 0.01F * 0.01F;
constexpr float kC2 = 0.03F * 0.03F;

// Sum over a kBox x kBox neighbourhood, clipped at the borders, by two running sums.
void box_sum(const float* in, int width, int height, float* rows, float* out) {
  constexpr int r = kBox / 2;
  for (int y = 0; y < height; ++y) {
    const float* line = in + static_cast<std::size_t>(y) * width;
    float* to = rows + static_cast<std::size_t>(y) * width;
    float sum = 0;
    for (int x = 0; x < std::min(r, width); ++x) sum += line[x];
    for (int x = 0; x < width; ++x) {
      if (x + r < width) sum += line[x + r];
      to[x] = sum;
      if (x - r >= 0) sum -= line[x - r];
    }
  }
  std::vector<float> sum(width, 0.0F);
  for (int y = 0; y < std::min(r, height); ++y) {
    for (int x = 0; x < width; ++x) sum[x] += rows[static_cast<std::size_t>(y) * width + x];
  }
  for (int y = 0; y < height; ++y) {
    float* to = out + static_cast<std::size_t>(y) * width;
    const float* enter = y + r < height ? rows + static_cast<std::size_t>(y + r) * width : nullptr;
    const float* leave = y - r >= 0 ? rows + static_cast<std::size_t>(y - r) * width : nullptr;
    if (enter != nullptr) {
      for (int x = 0; x < width; ++x) sum[x] += enter[x];
    }
    for (int x = 0; x < width; ++x) to[x] = sum[x];
    if (leave != nullptr) {
      for (int x = 0; x < width; ++x) sum[x] -= leave[x];
    }
  }
}

// Adds share * sum of weight * (1 - SSIM) of one channel to the loss, and its derivative with
// respect to `x`. SSIM = (2 mx my + C1)(2 sxy + C2) / ((mx^2 + my^2 + C1)(sx + sy + C2)) with
// box means (Wang et al., "Image Quality Assessment", 2004, eq. 13).
double dissimilarity(const float* x, const float* y, const float* weight, int width, int height, float share,
                     std::vector<float>& planes, float* d_x) {
  const std::size_t size = static_cast<std::size_t>(width) * height;
  planes.resize(size * 8);
  float* rows = planes.data();
  float* product = rows + size;
  float* mean_x = product + size;
  float* mean_y = mean_x + size;
  float* mean_xx = mean_y + size;
  float* mean_yy = mean_xx + size;
  float* mean_xy = mean_yy + size;
  float* count = mean_xy + size;
  std::fill_n(product, size, 1.0F);
  box_sum(product, width, height, rows, count);
  box_sum(x, width, height, rows, mean_x);
  box_sum(y, width, height, rows, mean_y);
  for (std::size_t i = 0; i < size; ++i) product[i] = x[i] * x[i];
  box_sum(product, width, height, rows, mean_xx);
  for (std::size_t i = 0; i < size; ++i) product[i] = y[i] * y[i];
  box_sum(product, width, height, rows, mean_yy);
  for (std::size_t i = 0; i < size; ++i) product[i] = x[i] * y[i];
  box_sum(product, width, height, rows, mean_xy);
  double loss = 0;
  // Derivatives with respect to the three window means that depend on x, each divided by the
  // window's size, in place of those means.
  for (std::size_t i = 0; i < size; ++i) {
    const float n = 1 / count[i];
    const float mx = mean_x[i] * n, my = mean_y[i] * n;
    const float sx = mean_xx[i] * n - mx * mx, sy = mean_yy[i] * n - my * my, sxy = mean_xy[i] * n - mx * my;
    const float a1 = 2 * mx * my + kC1, a2 = 2 * sxy + kC2;
    const float b1 = mx * mx + my * my + kC1, b2 = sx + sy + kC2;
    const float ssim = a1 * a2 / (b1 * b2);
    const float w = share * (weight != nullptr ? weight[i] : 1.0F);
    loss += static_cast<double>(w) * (1 - ssim);
    const float d_sxy = 2 * a1 / (b1 * b2);
    const float d_sx = -ssim / b2;
    const float d_mx = 2 * my * a2 / (b1 * b2) - ssim * 2 * mx / b1 - d_sxy * my - d_sx * 2 * mx;
    mean_x[i] = -w * n * d_mx;
    mean_xx[i] = -w * n * d_sx;
    mean_xy[i] = -w * n * d_sxy;
  }
  box_sum(mean_x, width, height, rows, product);
  for (std::size_t i = 0; i < size; ++i) d_x[i] += product[i];
  box_sum(mean_xx, width, height, rows, product);
  for (std::size_t i = 0; i < size; ++i) d_x[i] += 2 * x[i] * product[i];
  box_sum(mean_xy, width, height, rows, product);
  for (std::size_t i = 0; i < size; ++i) d_x[i] += y[i] * product[i];
  return loss;
}

}  // namespace

PictureScore picture_loss(const Canvas& canvas, const PictureTarget& target,
                          const PictureLossOptions& options, PictureScratch& scratch,
                          CanvasGradient& gradient) {
  const std::size_t size = static_cast<std::size_t>(canvas.width) * canvas.height;
  gradient.resize(canvas.width, canvas.height);
  std::fill(gradient.transmittance.begin(), gradient.transmittance.end(), 0.0F);
  const float scale = 1.0F / (3.0F * static_cast<float>(size));
  const float plain = scale * (1 - options.dissimilarity);
  const float epsilon2 = options.epsilon * options.epsilon;
  std::vector<float>& planes = scratch.planes;
  std::vector<float> shown, wanted, work;
  if (options.dissimilarity > 0) {
    shown.resize(size);
    wanted.resize(size);
  }
  PictureScore score;
  const std::vector<float>* colours[3] = {&canvas.red, &canvas.green, &canvas.blue};
  std::vector<float>* slopes[3] = {&gradient.red, &gradient.green, &gradient.blue};
  for (int c = 0; c < 3; ++c) {
    const float* colour = colours[c]->data();
    float* slope = slopes[c]->data();
    const std::uint8_t* frame = target.frame->pixels.data() + c;
    const std::uint8_t* behind = target.behind->pixels.data() + c;
    double loss = 0;
    double squared = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const float back = static_cast<float>(behind[i * 3]) * (1.0F / 255);
      const float value = colour[i] + canvas.transmittance[i] * back;
      const float want = static_cast<float>(frame[i * 3]) * (1.0F / 255);
      const float e = value - want;
      const float seen = std::clamp(value, 0.0F, 1.0F) - want;
      squared += static_cast<double>(seen * seen);
      const float w = target.weight.empty() ? 1.0F : target.weight[i];
      const float root = std::sqrt(e * e + epsilon2);
      loss += static_cast<double>(w * (root - options.epsilon));
      slope[i] = plain * w * e / root;
      if (options.dissimilarity > 0) {
        shown[i] = value;
        wanted[i] = want;
      }
    }
    score.loss += loss * plain;
    score.squared_error += squared * scale;
    if (options.dissimilarity > 0) {
      score.loss +=
          dissimilarity(shown.data(), wanted.data(), target.weight.empty() ? nullptr : target.weight.data(),
                        canvas.width, canvas.height, scale * options.dissimilarity * 0.5F, planes, slope);
    }
    for (std::size_t i = 0; i < size; ++i) {
      gradient.transmittance[i] += slope[i] * static_cast<float>(behind[i * 3]) * (1.0F / 255);
    }
  }
  if (options.coverage_outside > 0 && !target.outside.empty()) {
    const float each = options.coverage_outside / static_cast<float>(size);
    for (std::size_t i = 0; i < size; ++i) {
      score.loss += static_cast<double>(each * target.outside[i] * (1 - canvas.transmittance[i]));
      gradient.transmittance[i] -= each * target.outside[i];
    }
  }
  return score;
}

}  // namespace anima::avatar
