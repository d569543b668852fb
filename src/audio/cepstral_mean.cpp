#include "audio/cepstral_mean.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace anima::audio {

RunningCepstralMean::RunningCepstralMean(const CepstralMeanOptions& options)
    : options_(options), mean_(options.initial), peak_(-1e9F) {}

const Cepstra& RunningCepstralMean::update(const Cepstra& frame) {
  // A floor 25 below the initial level keeps room noise before the first word from counting.
  peak_ = std::max({frame[0], peak_ - options_.peak_fall, options_.initial[0] - 25});
  if (frame[0] < peak_ - options_.range) return mean_;
  const float keep = std::exp(-1 / options_.memory_frames);
  weight_ = weight_ * keep + 1;
  for (int i = 0; i < kCepstra; ++i) {
    sum_[i] = sum_[i] * keep + frame[i];
    mean_[i] =
        (options_.initial_frames * options_.initial[i] + sum_[i]) / (options_.initial_frames + weight_);
  }
  return mean_;
}

Cepstra whole_cepstral_mean(std::span<const Cepstra> frames, const CepstralMeanOptions& options) {
  if (frames.empty()) return options.initial;
  std::vector<float> levels;
  levels.reserve(frames.size());
  for (const Cepstra& frame : frames) levels.push_back(frame[0]);
  const auto percentile = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() * 95 / 100);
  std::ranges::nth_element(levels, percentile);
  const float threshold = *percentile - options.range;
  std::array<double, kCepstra> sum{};
  double count = 0;
  for (const Cepstra& frame : frames) {
    if (frame[0] < threshold) continue;
    ++count;
    for (int i = 0; i < kCepstra; ++i) sum[i] += frame[i];
  }
  Cepstra mean;
  for (int i = 0; i < kCepstra; ++i) mean[i] = static_cast<float>(sum[i] / count);
  return mean;
}

}  // namespace anima::audio
