#include "audio/join.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anima::audio {
namespace {

float raised_cosine(std::size_t at, std::size_t length) {
  const double x = (static_cast<double>(at) + 0.5) / static_cast<double>(length);
  return static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * x));
}

}  // namespace

SoundJoiner::SoundJoiner(int sample_rate_hz, double fade_s)
    : rate_hz_(sample_rate_hz), fade_(static_cast<std::size_t>(std::max(1.0, fade_s * sample_rate_hz))) {}

void SoundJoiner::add(std::span<const float> part, std::vector<float>& output) {
  for (const float sample : part) {
    held_.push_back(seen_ < fade_ ? sample * raised_cosine(seen_, fade_) : sample);
    ++seen_;
  }
  if (held_.size() <= fade_) return;
  const auto ready = static_cast<std::ptrdiff_t>(held_.size() - fade_);
  output.insert(output.end(), held_.begin(), held_.begin() + ready);
  held_.erase(held_.begin(), held_.begin() + ready);
  position_ += ready;
}

void SoundJoiner::end_piece(double pause_s, std::vector<float>& output) {
  if (seen_ == 0) return;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    output.push_back(held_[i] * raised_cosine(held_.size() - 1 - i, held_.size()));
  }
  const auto pause = static_cast<std::size_t>(std::max(0.0, pause_s) * rate_hz_);
  output.insert(output.end(), pause, 0.0F);
  position_ += static_cast<long long>(held_.size() + pause);
  held_.clear();
  seen_ = 0;
}

float greatest_step(std::span<const float> samples) {
  float step = 0;
  for (std::size_t i = 1; i < samples.size(); ++i)
    step = std::max(step, std::abs(samples[i] - samples[i - 1]));
  return step;
}

}  // namespace anima::audio
