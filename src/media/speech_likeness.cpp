#include "media/speech_likeness.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace anima::media {
namespace {

constexpr int kFrames_hz = 100;
// The difference of two running means passes about 2 to 8 Hz: the short one is blind above, the long one
// below.
constexpr std::size_t kShort_frames = 6;
constexpr std::size_t kLong_frames = 40;

}  // namespace

SpeechLikeness::SpeechLikeness(int sample_rate_hz)
    : frame_samples_(std::max(1, sample_rate_hz / kFrames_hz)) {}

void SpeechLikeness::push(std::span<const float> samples, std::size_t stride) {
  for (std::size_t i = 0; i < samples.size(); i += stride) {
    const float value = std::isfinite(samples[i]) ? samples[i] : 0.0F;
    const float bright = value - 0.95F * before_;
    before_ = value;
    frame_energy_ += bright * bright;
    energy_ += value * value;
    ++count_;
    if (++in_frame_ < frame_samples_) continue;
    loudness_.push_back(static_cast<float>(std::sqrt(frame_energy_ / frame_samples_)));
    in_frame_ = 0;
    frame_energy_ = 0;
  }
}

double SpeechLikeness::rms() const {
  return count_ > 0 ? std::sqrt(energy_ / static_cast<double>(count_)) : 0;
}

double SpeechLikeness::value() const {
  if (loudness_.size() < 2 * kLong_frames || rms() < kSilence_rms) return 0;
  std::vector<double> sums(loudness_.size() + 1);
  for (std::size_t i = 0; i < loudness_.size(); ++i) sums[i + 1] = sums[i] + loudness_[i];
  const double mean = sums.back() / static_cast<double>(loudness_.size());
  const auto mean_around = [&](std::size_t middle, std::size_t width) {
    return (sums[middle + width / 2] - sums[middle - width / 2]) / static_cast<double>(width);
  };
  double power = 0;
  std::size_t counted = 0;
  for (std::size_t i = kLong_frames / 2; i + kLong_frames / 2 <= loudness_.size(); ++i, ++counted) {
    const double swing = mean_around(i, kShort_frames) - mean_around(i, kLong_frames);
    power += swing * swing;
  }
  return mean > 0 ? std::sqrt(power / static_cast<double>(counted)) / mean : 0;
}

}  // namespace anima::media
