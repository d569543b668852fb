#include "audio/loudness.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "audio/resampler.h"

namespace anima::audio {
namespace {

struct Biquad {
  double b0, b1, b2, a1, a2;
  double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  double operator()(double x) {
    const double y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    return y;
  }
};

// The two filters of BS.1770 annex 1, designed for any rate from their analogue parameters (the
// standard tabulates 48 kHz only, and these give its table there).
Biquad shelf_filter(double rate_hz) {
  const double f0 = 1681.974450955533;
  const double gain_db = 3.999843853973347;
  const double q = 0.7071752369554196;
  const double k = std::tan(std::numbers::pi * f0 / rate_hz);
  const double vh = std::pow(10.0, gain_db / 20);
  const double vb = std::pow(vh, 0.4996667741545416);
  const double a0 = 1 + k / q + k * k;
  return {(vh + vb * k / q + k * k) / a0, 2 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0,
          2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0};
}

Biquad high_pass_filter(double rate_hz) {
  const double f0 = 38.13547087602444;
  const double q = 0.5003270373238773;
  const double k = std::tan(std::numbers::pi * f0 / rate_hz);
  const double a0 = 1 + k / q + k * k;
  return {1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0};
}

double lufs_of(double mean_square) {
  return -0.691 + 10 * std::log10(std::max(mean_square, 1e-20));
}

}  // namespace

double integrated_loudness_lufs(const Sound& sound) {
  if (sound.sample_rate_hz < 100) return kSilenceLufs;
  const auto hop = static_cast<std::size_t>(sound.sample_rate_hz / 10);
  Biquad shelf = shelf_filter(sound.sample_rate_hz);
  Biquad high_pass = high_pass_filter(sound.sample_rate_hz);
  std::vector<double> energy;  // of each 100 ms
  double sum = 0;
  std::size_t filled = 0;
  for (const float sample : sound.samples) {
    const double y = high_pass(shelf(sample));
    sum += y * y;
    if (++filled == hop) {
      energy.push_back(sum / static_cast<double>(hop));
      sum = 0;
      filled = 0;
    }
  }
  std::vector<double> blocks;
  for (std::size_t i = 3; i < energy.size(); ++i) {
    blocks.push_back((energy[i] + energy[i - 1] + energy[i - 2] + energy[i - 3]) / 4);
  }
  const auto mean_above = [&](double gate_lufs) {
    double total = 0;
    int count = 0;
    for (const double block : blocks) {
      if (lufs_of(block) <= gate_lufs) continue;
      total += block;
      ++count;
    }
    return count > 0 ? total / count : 0;
  };
  const double ungated = mean_above(-70);
  if (ungated <= 0) return kSilenceLufs;
  const double gated = mean_above(lufs_of(ungated) - 10);
  return std::max(kSilenceLufs, lufs_of(gated));
}

double true_peak_db(const Sound& sound) {
  if (sound.samples.empty() || sound.sample_rate_hz < 1) return -100;
  const Sound dense = sound.sample_rate_hz <= 192000 ? resample(sound, 4 * sound.sample_rate_hz) : sound;
  float peak = 0;
  for (const float sample : sound.samples) peak = std::max(peak, std::abs(sample));
  for (const float sample : dense.samples) peak = std::max(peak, std::abs(sample));
  return std::max(-100.0, 20 * std::log10(std::max(static_cast<double>(peak), 1e-6)));
}

double normalise_loudness(Sound& sound, double target_lufs, double peak_limit_db) {
  const double loudness = integrated_loudness_lufs(sound);
  if (loudness <= kSilenceLufs) return 0;
  const double gain_db = std::min(target_lufs - loudness, peak_limit_db - true_peak_db(sound));
  const auto gain = static_cast<float>(std::pow(10.0, gain_db / 20));
  for (float& sample : sound.samples) sample *= gain;
  return gain_db;
}

float soft_limit(float sample) {
  constexpr float kKnee = 0.8F;
  const float magnitude = std::abs(sample);
  if (magnitude <= kKnee) return sample;
  const float limited = kKnee + (0.999F - kKnee) * std::tanh((magnitude - kKnee) / (0.999F - kKnee));
  return std::copysign(limited, sample);
}

}  // namespace anima::audio
