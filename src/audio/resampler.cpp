#include "audio/resampler.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

#include "core/error.h"

namespace anima::audio {
namespace {

constexpr int kMaximumRateHz = 768000;
constexpr double kKaiserBeta = 9;
constexpr double kZeroCrossings = 32;
constexpr double kPassBand = 0.95;  // middle of the transition, as a share of the lower Nyquist frequency

// Modified Bessel function of order 0, by its power series.
double bessel_i0(double x) {
  double sum = 1;
  double term = 1;
  for (int k = 1; k < 60; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
    if (term < 1e-14 * sum) break;
  }
  return sum;
}

}  // namespace

Resampler::Resampler(int from_hz, int to_hz) {
  if (from_hz < 1 || to_hz < 1 || from_hz > kMaximumRateHz || to_hz > kMaximumRateHz) {
    throw Error(ErrorCode::kInvalidArgument,
                "cannot resample from " + std::to_string(from_hz) + " Hz to " + std::to_string(to_hz) + " Hz",
                "use sample rates between 1 and 768000 Hz");
  }
  const int divisor = std::gcd(from_hz, to_hz);
  up_ = to_hz / divisor;
  down_ = from_hz / divisor;
  // Cut-off in cycles per input sample; going down, the filter widens with the ratio.
  const double cutoff =
      up_ == down_ ? 0.5 : 0.5 * kPassBand * std::min(1.0, static_cast<double>(up_) / down_);
  half_width_ = static_cast<int>(std::ceil(kZeroCrossings / (2 * cutoff)));
  const int taps = 2 * half_width_;
  if (static_cast<double>(up_) * taps > 64e6) {
    throw Error(ErrorCode::kUnsupported,
                "resampling from " + std::to_string(from_hz) + " Hz to " + std::to_string(to_hz) +
                    " Hz needs too large a filter",
                "use a common sample rate such as 16000, 44100 or 48000 Hz");
  }
  filter_.resize(static_cast<std::size_t>(up_) * taps);
  const double normal = bessel_i0(kKaiserBeta);
  for (int phase = 0; phase < up_; ++phase) {
    const double fraction = static_cast<double>(phase) / up_;
    double sum = 0;
    std::vector<double> row(taps);
    for (int k = 0; k < taps; ++k) {
      const double distance = k - half_width_ + 1 - fraction;  // input samples from the output's time
      const double x = 2 * cutoff * distance;
      const double sinc = std::abs(x) < 1e-12 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
      const double edge = distance / half_width_;
      const double window =
          std::abs(edge) >= 1 ? 0 : bessel_i0(kKaiserBeta * std::sqrt(1 - edge * edge)) / normal;
      row[k] = sinc * window;
      sum += row[k];
    }
    // Each phase passes a constant unchanged, so that no phase pattern is heard in silence or DC.
    for (int k = 0; k < taps; ++k) {
      filter_[static_cast<std::size_t>(phase) * taps + k] = static_cast<float>(row[k] / sum);
    }
  }
  history_.assign(half_width_, 0.0F);
  history_begin_ = -half_width_;
}

void Resampler::produce(std::vector<float>& output) {
  const int taps = 2 * half_width_;
  for (;;) {
    const long long position = output_count_ * down_;
    const long long whole = position / up_;
    if (whole + half_width_ >= history_begin_ + static_cast<long long>(history_.size())) break;
    const auto phase = static_cast<std::size_t>(position % up_);
    const float* taps_of_phase = &filter_[phase * taps];
    const float* samples = &history_[static_cast<std::size_t>(whole - half_width_ + 1 - history_begin_)];
    // Four sums that do not wait for each other: the compiler may not reorder one.
    float sums[4] = {0, 0, 0, 0};
    int k = 0;
    for (; k + 4 <= taps; k += 4) {
      for (int lane = 0; lane < 4; ++lane) sums[lane] += taps_of_phase[k + lane] * samples[k + lane];
    }
    for (; k < taps; ++k) sums[0] += taps_of_phase[k] * samples[k];
    output.push_back((sums[0] + sums[1]) + (sums[2] + sums[3]));
    ++output_count_;
  }
  const long long keep_from = output_count_ * down_ / up_ - half_width_;
  if (keep_from > history_begin_ + 4096) {
    const auto drop = static_cast<std::size_t>(
        std::min<long long>(keep_from - history_begin_, static_cast<long long>(history_.size())));
    history_.erase(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(drop));
    history_begin_ += static_cast<long long>(drop);
  }
}

void Resampler::process(std::span<const float> input, std::vector<float>& output) {
  input_count_ += static_cast<long long>(input.size());
  if (up_ == down_) {
    output.insert(output.end(), input.begin(), input.end());
    return;
  }
  history_.insert(history_.end(), input.begin(), input.end());
  produce(output);
}

void Resampler::finish(std::vector<float>& output) {
  if (up_ != down_) {
    const long long total = (input_count_ * up_ + down_ - 1) / down_;
    history_.insert(history_.end(), static_cast<std::size_t>(half_width_) + 1, 0.0F);
    const std::size_t before = output.size();
    const long long already = output_count_;
    produce(output);
    output.resize(before + static_cast<std::size_t>(total - already), 0.0F);
  }
  history_.assign(half_width_, 0.0F);
  history_begin_ = -half_width_;
  input_count_ = 0;
  output_count_ = 0;
}

Sound resample(const Sound& sound, int to_hz) {
  Sound result;
  result.sample_rate_hz = to_hz;
  Resampler resampler(sound.sample_rate_hz, to_hz);
  result.samples.reserve(static_cast<std::size_t>(sound.duration_s() * to_hz) + 64);
  resampler.process(sound.samples, result.samples);
  resampler.finish(result.samples);
  return result;
}

}  // namespace anima::audio
