#include "audio/mel_filters.h"

#include <algorithm>
#include <cmath>

namespace anima::audio {
namespace {

double mel_of(double hz) {
  return 2595 * std::log10(1 + hz / 700);
}
double hz_of(double mel) {
  return 700 * (std::pow(10, mel / 2595) - 1);
}

}  // namespace

MelFilters::MelFilters(const MelFilterOptions& options) {
  const double low = mel_of(options.low_hz);
  const double step = (mel_of(options.high_hz) - low) / (options.filters + 1);
  const auto edge = [&](int i) {
    const double hz = hz_of(low + i * step);
    return options.round_to_bins ? std::floor(hz / kBinWidth_hz + 0.5) * kBinWidth_hz : hz;
  };
  for (int i = 0; i < options.filters; ++i) {
    const double left = edge(i), centre = edge(i + 1), right = edge(i + 2);
    const double peak = 2 / (right - left);
    Filter filter{0, {}};
    for (int bin = 0; bin < kSpectrumBins; ++bin) {
      const double hz = bin * kBinWidth_hz;
      const double rise = centre > left ? (hz - left) / (centre - left) : (hz >= left ? 1 : 0);
      const double fall = right > centre ? (right - hz) / (right - centre) : (hz <= right ? 1 : 0);
      const double weight = std::min(rise, fall) * peak;
      if (weight <= 0) continue;
      if (filter.weights.empty()) filter.first_bin = bin;
      filter.weights.push_back(static_cast<float>(weight));
    }
    filters_.push_back(std::move(filter));
  }
}

void MelFilters::apply(const FrameSpectrum& frame, std::span<float> out) const {
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    float sum = 0;
    const float* power = frame.power.data() + filters_[i].first_bin;
    for (std::size_t k = 0; k < filters_[i].weights.size(); ++k) sum += filters_[i].weights[k] * power[k];
    out[i] = sum;
  }
}

}  // namespace anima::audio
