#include "evaluate/image_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/error.h"

namespace anima::evaluate {
namespace {

constexpr int kWindow = 11;
constexpr double kSigma = 1.5;

void require_same_form(const Image& a, const Image& b) {
  if (a.empty() || a.width != b.width || a.height != b.height || a.channels != b.channels) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("pictures of {}x{}x{} and {}x{}x{} cannot be compared", a.width, a.height,
                            a.channels, b.width, b.height, b.channels),
                "compare pictures of one size");
  }
}

std::array<float, kWindow> gaussian_window() {
  std::array<float, kWindow> window{};
  double sum = 0;
  for (int i = 0; i < kWindow; ++i) {
    const double d = i - kWindow / 2;
    window[i] = static_cast<float>(std::exp(-d * d / (2 * kSigma * kSigma)));
    sum += window[i];
  }
  for (float& w : window) w = static_cast<float>(w / sum);
  return window;
}

// Separable Gaussian over one plane, valid part only: (width-10) x (height-10).
std::vector<float> blur_valid(const std::vector<float>& plane, int width, int height) {
  static const std::array<float, kWindow> window = gaussian_window();
  const int out_width = width - kWindow + 1;
  const int out_height = height - kWindow + 1;
  std::vector<float> rows(static_cast<std::size_t>(out_width) * height, 0.0F);
  for (int y = 0; y < height; ++y) {
    const float* in = plane.data() + static_cast<std::size_t>(y) * width;
    float* out = rows.data() + static_cast<std::size_t>(y) * out_width;
    for (int k = 0; k < kWindow; ++k) {
      for (int x = 0; x < out_width; ++x) out[x] += window[k] * in[x + k];
    }
  }
  std::vector<float> result(static_cast<std::size_t>(out_width) * out_height, 0.0F);
  for (int y = 0; y < out_height; ++y) {
    float* out = result.data() + static_cast<std::size_t>(y) * out_width;
    for (int k = 0; k < kWindow; ++k) {
      const float* in = rows.data() + static_cast<std::size_t>(y + k) * out_width;
      for (int x = 0; x < out_width; ++x) out[x] += window[k] * in[x];
    }
  }
  return result;
}

double ssim_of_channel(const Image& a, const Image& b, int channel) {
  const std::size_t count = static_cast<std::size_t>(a.width) * a.height;
  std::vector<float> plane_a(count), plane_b(count), aa(count), bb(count), ab(count);
  // Differences from mid-grey keep the single-precision sums of squares accurate; means are
  // shifted back below.
  constexpr float kShift = 128;
  for (std::size_t i = 0; i < count; ++i) {
    const float x = static_cast<float>(a.pixels[i * a.channels + channel]) - kShift;
    const float y = static_cast<float>(b.pixels[i * b.channels + channel]) - kShift;
    plane_a[i] = x;
    plane_b[i] = y;
    aa[i] = x * x;
    bb[i] = y * y;
    ab[i] = x * y;
  }
  const auto mean_a = blur_valid(plane_a, a.width, a.height);
  const auto mean_b = blur_valid(plane_b, a.width, a.height);
  const auto mean_aa = blur_valid(aa, a.width, a.height);
  const auto mean_bb = blur_valid(bb, a.width, a.height);
  const auto mean_ab = blur_valid(ab, a.width, a.height);
  constexpr double c1 = (0.01 * 255) * (0.01 * 255);
  constexpr double c2 = (0.03 * 255) * (0.03 * 255);
  double sum = 0;
  for (std::size_t i = 0; i < mean_a.size(); ++i) {
    const double ma = mean_a[i];
    const double mb = mean_b[i];
    const double variance_a = std::max(0.0, mean_aa[i] - ma * ma);
    const double variance_b = std::max(0.0, mean_bb[i] - mb * mb);
    const double covariance = mean_ab[i] - ma * mb;
    const double mu_a = ma + kShift;
    const double mu_b = mb + kShift;
    sum += (2 * mu_a * mu_b + c1) * (2 * covariance + c2) /
           ((mu_a * mu_a + mu_b * mu_b + c1) * (variance_a + variance_b + c2));
  }
  return sum / static_cast<double>(mean_a.size());
}

}  // namespace

double mean_squared_error(const Image& a, const Image& b) {
  require_same_form(a, b);
  // A row's sum fits in 32 bits up to 66,000 values; inner sums in 32 bits vectorise well.
  double sum = 0;
  const std::size_t row_values = static_cast<std::size_t>(a.width) * a.channels;
  for (int y = 0; y < a.height; ++y) {
    const std::uint8_t* p = a.row(y);
    const std::uint8_t* q = b.row(y);
    for (std::size_t start = 0; start < row_values; start += 32768) {
      const std::size_t end = std::min(row_values, start + 32768);
      std::uint32_t part = 0;
      for (std::size_t i = start; i < end; ++i) {
        const int d = static_cast<int>(p[i]) - static_cast<int>(q[i]);
        part += static_cast<std::uint32_t>(d * d);
      }
      sum += part;
    }
  }
  return sum / static_cast<double>(a.pixels.size());
}

double psnr_db(double mse) {
  if (mse <= 0) return kPsnrCeilingDb;
  return std::min(kPsnrCeilingDb, 10 * std::log10(255.0 * 255.0 / mse));
}

double psnr_db(const Image& a, const Image& b) {
  return psnr_db(mean_squared_error(a, b));
}

double weighted_mean_squared_error(const Image& a, const Image& b, const Image& weight) {
  require_same_form(a, b);
  if (weight.width != a.width || weight.height != a.height || weight.channels != 1) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a weight of {}x{}x{} does not fit a picture of {}x{}", weight.width,
                            weight.height, weight.channels, a.width, a.height),
                "give one weight per pixel");
  }
  double sum = 0;
  double total_weight = 0;
  const std::size_t count = weight.pixels.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (weight.pixels[i] == 0) continue;
    int squared = 0;
    for (int c = 0; c < a.channels; ++c) {
      const int d =
          static_cast<int>(a.pixels[i * a.channels + c]) - static_cast<int>(b.pixels[i * a.channels + c]);
      squared += d * d;
    }
    sum += static_cast<double>(weight.pixels[i]) * squared;
    total_weight += weight.pixels[i];
  }
  if (total_weight == 0) {
    throw Error(ErrorCode::kInvalidArgument, "the weight mask is zero everywhere",
                "score a region that lies in the picture");
  }
  return sum / (total_weight * a.channels);
}

double ssim(const Image& a, const Image& b) {
  require_same_form(a, b);
  if (a.width < kWindow || a.height < kWindow) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("SSIM needs pictures of at least 11x11, not {}x{}", a.width, a.height),
                "score a larger region");
  }
  double sum = 0;
  for (int c = 0; c < a.channels; ++c) sum += ssim_of_channel(a, b, c);
  return sum / a.channels;
}

}  // namespace anima::evaluate
