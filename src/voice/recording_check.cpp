#include "voice/recording_check.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "audio/fourier.h"
#include "voice/speaker_likeness.h"

namespace anima::voice {
namespace {

constexpr double kLimit_s = 120;
constexpr double kShortest_s = 2;
constexpr double kFrame_s = 0.01;
constexpr int kAround = 50;  // frames on each side: a second
constexpr int kFourierSize = 1024;
constexpr double kFloor = 1e-7;  // of the peak's power
constexpr int kCepstra = 12;

double energy_dips(const Sound& sound) {
  const auto frame = static_cast<std::size_t>(kFrame_s * sound.sample_rate_hz);
  std::vector<double> energy;
  for (std::size_t at = 0; at + frame <= sound.samples.size(); at += frame) {
    double sum = 0;
    for (std::size_t i = at; i < at + frame; ++i) sum += sound.samples[i] * sound.samples[i];
    energy.push_back(sum);
  }
  const auto count = static_cast<std::ptrdiff_t>(energy.size());
  int dips = 0;
  for (std::ptrdiff_t t = 0; t < count; ++t) {
    const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(0, t - kAround);
    const std::ptrdiff_t end = std::min(count, t + kAround);
    double mean = 0;
    for (std::ptrdiff_t i = begin; i < end; ++i) mean += energy[static_cast<std::size_t>(i)];
    mean /= static_cast<double>(end - begin);
    dips += energy[static_cast<std::size_t>(t)] < 0.5 * mean ? 1 : 0;
  }
  return count > 0 ? static_cast<double>(dips) / static_cast<double>(count) : 0;
}

double bandwidth(const Sound& sound) {
  audio::RealFourier fourier(kFourierSize);
  std::vector<float> frame(kFourierSize);
  std::vector<std::complex<float>> spectrum(kFourierSize / 2 + 1);
  std::vector<double> power(spectrum.size(), 0.0);
  for (std::size_t at = 0; at + kFourierSize <= sound.samples.size(); at += kFourierSize / 2) {
    for (int i = 0; i < kFourierSize; ++i) {
      const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / kFourierSize);
      frame[static_cast<std::size_t>(i)] =
          static_cast<float>(window) * sound.samples[at + static_cast<std::size_t>(i)];
    }
    fourier.forward(frame, spectrum);
    for (std::size_t k = 0; k < spectrum.size(); ++k) power[k] += std::norm(spectrum[k]);
  }
  const double floor = kFloor * *std::max_element(power.begin(), power.end());
  std::size_t highest = power.size() - 1;
  while (highest > 0 && power[highest] <= floor) --highest;
  return static_cast<double>(highest) * sound.sample_rate_hz / kFourierSize;
}

}  // namespace

RecordingCheck check_recording(const Sound& recording) {
  Sound sound = recording;
  sound.samples.resize(
      std::min(sound.samples.size(), static_cast<std::size_t>(kLimit_s * sound.sample_rate_hz)));
  RecordingCheck check{.dips = 1, .bandwidth_hz = sound.sample_rate_hz / 2.0};
  if (sound.duration_s() < kShortest_s) return check;
  check.dips = energy_dips(sound);
  check.bandwidth_hz = bandwidth(sound);
  check.turns = find_speaker_turns(likeness_features(sound, false).leftCols(kCepstra).cast<double>());
  return check;
}

}  // namespace anima::voice
