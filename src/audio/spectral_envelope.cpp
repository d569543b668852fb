#include "audio/spectral_envelope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "audio/spectrum_smoothing.h"

namespace anima::audio {
namespace {

constexpr double kUnvoicedF0Hz = 500;  // a short window where there is no period to respect
constexpr double kLowestF0Hz = 3.0 * kVocoderRateHz / (kEnvelopeFourierSize - 3);
constexpr double kRecovery = -0.15;    // q1 of eq. 10
constexpr float kPowerFloor = 1e-13F;  // far below the noise of 16-bit samples

}  // namespace

SpectralEnvelope::SpectralEnvelope()
    : fourier_(kEnvelopeFourierSize),
      frame_(kEnvelopeFourierSize),
      window_(kEnvelopeFourierSize),
      power_(kEnvelopeBins),
      spectrum_(kEnvelopeBins) {}

void SpectralEnvelope::compute(std::span<const float> samples, double center, double f0_hz,
                               std::span<float> log_power) {
  const double f0 = std::max(kLowestF0Hz, f0_hz > 0 ? f0_hz : kUnvoicedF0Hz);
  const double fs = kVocoderRateHz;
  const double bin_hz = fs / kEnvelopeFourierSize;
  const double half = 1.5 * fs / f0;

  // Hann window of three periods, unit energy; the mean under the window is taken out.
  const auto first = static_cast<long long>(std::ceil(center - half));
  const auto last = static_cast<long long>(std::floor(center + half));
  const int length = static_cast<int>(std::min<long long>(last - first + 1, kEnvelopeFourierSize));
  const double step = std::numbers::pi / half;
  std::complex<double> phase = std::polar(1.0, (static_cast<double>(first) - center) * step);
  const std::complex<double> turn = std::polar(1.0, step);
  double energy = 0;
  double window_sum = 0;
  double weighted_sum = 0;
  const auto count = static_cast<long long>(samples.size());
  for (int i = 0; i < length; ++i) {
    const auto w = static_cast<float>(0.5 + 0.5 * phase.real());
    const long long index = first + i;
    window_[i] = w;
    frame_[i] = index >= 0 && index < count ? samples[index] * w : 0.0F;
    energy += w * w;
    window_sum += w;
    weighted_sum += frame_[i];
    phase = {phase.real() * turn.real() - phase.imag() * turn.imag(),
             phase.real() * turn.imag() + phase.imag() * turn.real()};
  }
  const auto mean = static_cast<float>(weighted_sum / window_sum);
  const auto gain = static_cast<float>(1 / std::sqrt(energy));
  for (int i = 0; i < length; ++i) frame_[i] = (frame_[i] - mean * window_[i]) * gain;
  std::fill(frame_.begin() + length, frame_.end(), 0.0F);

  fourier_.forward(frame_, spectrum_);
  for (int k = 0; k < kEnvelopeBins; ++k) power_[k] = std::norm(spectrum_[k]);
  fill_below_fundamental(power_, bin_hz, f0, fill_scratch_);
  smooth_rectangular(power_, bin_hz, f0 * 2 / 3, power_, smooth_scratch_);

  // Liftering: the log spectrum is even and real, so is its cepstrum.
  for (int k = 0; k < kEnvelopeBins; ++k) spectrum_[k] = std::log(std::max(power_[k], 0.0F) + kPowerFloor);
  fourier_.inverse(spectrum_, frame_);
  const double angle = std::numbers::pi * f0 / fs;  // per quefrency sample: pi F0 tau
  const std::complex<double> lifter_turn = std::polar(1.0, angle);
  std::complex<double> lifter_phase = lifter_turn;
  for (int n = 1; n <= kEnvelopeFourierSize / 2; ++n) {
    const double sinc = lifter_phase.imag() / (angle * n);
    const double cos_double = 2 * lifter_phase.real() * lifter_phase.real() - 1;
    const auto lifter = static_cast<float>(sinc * (1 - 2 * kRecovery + 2 * kRecovery * cos_double));
    frame_[n] *= lifter;
    if (n < kEnvelopeFourierSize / 2) frame_[kEnvelopeFourierSize - n] *= lifter;
    lifter_phase = {lifter_phase.real() * lifter_turn.real() - lifter_phase.imag() * lifter_turn.imag(),
                    lifter_phase.real() * lifter_turn.imag() + lifter_phase.imag() * lifter_turn.real()};
  }
  fourier_.forward(frame_, spectrum_);
  for (int k = 0; k < kEnvelopeBins; ++k) log_power[k] = spectrum_[k].real();
}

}  // namespace anima::audio
