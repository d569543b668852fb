#include "media/image_resampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/error.h"

namespace anima::media {
namespace {

constexpr int kSizeLimit_px = 16384;

double cubic(double x) {
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

}  // namespace

ImageResampler::Axis ImageResampler::make_axis(int source_px, double start_px, double length_px,
                                               int output_px) {
  const double scale = length_px / output_px;
  const double widening = std::max(1.0, scale);
  const auto last = static_cast<double>(source_px - 1);
  const int span = static_cast<int>(std::floor(4 * widening)) + 1;
  Axis axis;
  axis.taps = std::min(span, source_px);
  axis.first.resize(static_cast<std::size_t>(output_px));
  axis.weights.assign(static_cast<std::size_t>(output_px) * static_cast<std::size_t>(axis.taps), 0.0F);
  std::vector<double> weights(static_cast<std::size_t>(axis.taps));
  for (int i = 0; i < output_px; ++i) {
    const double center = start_px + (i + 0.5) * scale - 0.5;
    const double lowest = std::ceil(center - 2 * widening);
    const int first = static_cast<int>(std::clamp(lowest, 0.0, static_cast<double>(source_px - axis.taps)));
    std::fill(weights.begin(), weights.end(), 0.0);
    double total = 0;
    for (int k = 0; k < span; ++k) {
      const double position = lowest + k;
      const double weight = cubic((position - center) / widening);
      const int tap = static_cast<int>(std::clamp(position, 0.0, last)) - first;
      if (weight == 0 || tap < 0 || tap >= axis.taps) continue;
      weights[static_cast<std::size_t>(tap)] += weight;
      total += weight;
    }
    axis.first[static_cast<std::size_t>(i)] = first;
    for (int k = 0; k < axis.taps; ++k) {
      axis.weights[static_cast<std::size_t>(i) * static_cast<std::size_t>(axis.taps) +
                   static_cast<std::size_t>(k)] =
          static_cast<float>(weights[static_cast<std::size_t>(k)] / total);
    }
  }
  return axis;
}

ImageResampler::ImageResampler(int source_width_px, int source_height_px, const SourceWindow& window,
                               int width_px, int height_px) {
  const auto usable = [](double size) { return size >= 1 && size <= kSizeLimit_px; };
  const auto near = [](double position) { return std::abs(position) <= 4.0 * kSizeLimit_px; };
  if (!usable(source_width_px) || !usable(source_height_px) || !usable(width_px) || !usable(height_px) ||
      !(window.width_px > 0 && near(window.width_px)) || !(window.height_px > 0 && near(window.height_px)) ||
      !near(window.left_px) || !near(window.top_px)) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format(
            "a window of {}x{} pixels at ({}, {}) of a {}x{} picture cannot be made {}x{} pixels large",
            window.width_px, window.height_px, window.left_px, window.top_px, source_width_px,
            source_height_px, width_px, height_px),
        "use sizes of 1 to 16384 pixels near the picture");
  }
  copy_ = window.left_px == 0 && window.top_px == 0 && window.width_px == source_width_px &&
          window.height_px == source_height_px && width_px == source_width_px &&
          height_px == source_height_px;
  horizontal_ = make_axis(source_width_px, window.left_px, window.width_px, width_px);
  vertical_ = make_axis(source_height_px, window.top_px, window.height_px, height_px);
}

void ImageResampler::resample(const std::uint8_t* source, std::size_t stride_bytes, int channels,
                              Image& output) {
  const auto width = static_cast<int>(horizontal_.first.size());
  const auto height = static_cast<int>(vertical_.first.size());
  output.width = width;
  output.height = height;
  output.channels = channels;
  const std::size_t row_values = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  output.pixels.resize(row_values * static_cast<std::size_t>(height));
  if (copy_) {
    for (int y = 0; y < height; ++y)
      std::memcpy(output.row(y), source + static_cast<std::size_t>(y) * stride_bytes, row_values);
    return;
  }

  const auto [lowest, highest] = std::minmax_element(vertical_.first.begin(), vertical_.first.end());
  const int first_row = *lowest;
  const int row_count = *highest + vertical_.taps - first_row;
  rows_.resize(row_values * static_cast<std::size_t>(row_count));
  for (int row = 0; row < row_count; ++row) {
    const std::uint8_t* in = source + static_cast<std::size_t>(first_row + row) * stride_bytes;
    float* out = rows_.data() + static_cast<std::size_t>(row) * row_values;
    const float* weights = horizontal_.weights.data();
    for (int x = 0; x < width; ++x, weights += horizontal_.taps) {
      const std::uint8_t* from =
          in + static_cast<std::size_t>(horizontal_.first[static_cast<std::size_t>(x)]) *
                   static_cast<std::size_t>(channels);
      for (int c = 0; c < channels; ++c) {
        float sum = 0;
        for (int k = 0; k < horizontal_.taps; ++k)
          sum += weights[k] * static_cast<float>(from[k * channels + c]);
        *out++ = sum;
      }
    }
  }
  std::vector<float> sums(row_values);
  for (int y = 0; y < height; ++y) {
    const float* weights =
        vertical_.weights.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(vertical_.taps);
    const float* from =
        rows_.data() +
        static_cast<std::size_t>(vertical_.first[static_cast<std::size_t>(y)] - first_row) * row_values;
    std::fill(sums.begin(), sums.end(), 0.5F);  // the half rounds to nearest
    for (int k = 0; k < vertical_.taps; ++k, from += row_values) {
      const float weight = weights[k];
      if (weight == 0) continue;
      for (std::size_t i = 0; i < row_values; ++i) sums[i] += weight * from[i];
    }
    std::uint8_t* out = output.row(y);
    for (std::size_t i = 0; i < row_values; ++i)
      out[i] = static_cast<std::uint8_t>(std::clamp(sums[i], 0.0F, 255.0F));
  }
}

}  // namespace anima::media
