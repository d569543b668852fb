#include "audio/aperiodicity.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "audio/spectrum_smoothing.h"

namespace anima::audio {
namespace {

constexpr int kFourierSize = 2048;  // four periods of 47 Hz at 24 kHz
constexpr int kBins = kFourierSize / 2 + 1;
constexpr double kBin_hz = static_cast<double>(kVocoderRateHz) / kFourierSize;
constexpr double kLowestF0Hz = 47;
constexpr int kBandLength = static_cast<int>(kAperiodicityBandWidth_hz / kBin_hz) * 2 + 1;  // bins: 513
constexpr int kBandFourierSize = 1024;
// The main lobe of the Nuttall window: 8 bins of its own length.
constexpr int kMainLobe = (8 * kBandFourierSize + kBandLength / 2) / kBandLength;
constexpr double kVoicedShare = 0.85;

}  // namespace

Aperiodicity::Aperiodicity()
    : fourier_(kFourierSize),
      band_fourier_(kBandFourierSize),
      frame_(kFourierSize),
      window_(kFourierSize),
      ramp_(kFourierSize),
      spectrum_(kBins),
      ramp_spectrum_(kBins),
      centroid_(kBins),
      power_(kBins),
      delay_(kBins),
      smooth_delay_(kBins),
      band_window_(kBandLength),
      band_(kBandFourierSize),
      band_spectrum_(kBandFourierSize / 2 + 1),
      band_power_(kBandFourierSize / 2 + 1) {
  // Nuttall's four-term window: side lobes 98 dB down, so that the sinusoid does not leak.
  for (int i = 0; i < kBandLength; ++i) {
    const double x = 2 * std::numbers::pi * i / (kBandLength - 1);
    band_window_[i] = static_cast<float>(0.355768 - 0.487396 * std::cos(x) + 0.144232 * std::cos(2 * x) -
                                         0.012604 * std::cos(3 * x));
  }
}

// Fills frame_ with `periods` periods around `center`, windowed, without their mean; returns the length.
int Aperiodicity::cut(std::span<const float> samples, double center, double f0_hz, Shape shape,
                      double periods) {
  const double half = 0.5 * periods * kVocoderRateHz / f0_hz;
  const auto first = static_cast<long long>(std::ceil(center - half));
  const auto last = static_cast<long long>(std::floor(center + half));
  const int length = static_cast<int>(std::min<long long>(last - first + 1, kFourierSize));
  const double step = std::numbers::pi / half;
  std::complex<double> phase = std::polar(1.0, (static_cast<double>(first) - center) * step);
  const std::complex<double> turn = std::polar(1.0, step);
  const auto count = static_cast<long long>(samples.size());
  double window_sum = 0;
  double weighted_sum = 0;
  for (int i = 0; i < length; ++i) {
    const double c = phase.real();
    const double w = shape == Shape::kHann ? 0.5 + 0.5 * c : 0.42 + 0.5 * c + 0.08 * (2 * c * c - 1);
    const long long index = first + i;
    window_[i] = static_cast<float>(w);
    frame_[i] = index >= 0 && index < count ? samples[index] * window_[i] : 0.0F;
    window_sum += w;
    weighted_sum += frame_[i];
    phase = {phase.real() * turn.real() - phase.imag() * turn.imag(),
             phase.real() * turn.imag() + phase.imag() * turn.real()};
  }
  const auto mean = static_cast<float>(weighted_sum / window_sum);
  for (int i = 0; i < length; ++i) frame_[i] -= mean * window_[i];
  std::fill(frame_.begin() + length, frame_.end(), 0.0F);
  return length;
}

// Adds Re(X conj(N)) with N the transform of n x[n]: power times group delay (eq. 5).
void Aperiodicity::add_centroid(std::span<const float> samples, double center, double f0_hz) {
  const int length = cut(samples, center, f0_hz, Shape::kBlackman, 4);
  double energy = 1e-20;
  for (int i = 0; i < length; ++i) energy += frame_[i] * frame_[i];
  const auto gain = static_cast<float>(1 / std::sqrt(energy));
  for (int i = 0; i < length; ++i) {
    frame_[i] *= gain;
    ramp_[i] = frame_[i] * static_cast<float>(i + 1);
  }
  std::fill(ramp_.begin() + length, ramp_.end(), 0.0F);
  fourier_.forward(frame_, spectrum_);
  fourier_.forward(ramp_, ramp_spectrum_);
  for (int k = 0; k < kBins; ++k) {
    centroid_[k] +=
        spectrum_[k].real() * ramp_spectrum_[k].real() + spectrum_[k].imag() * ramp_spectrum_[k].imag();
  }
}

BandAperiodicity Aperiodicity::compute(std::span<const float> samples, double center, double f0_hz) {
  const double f0 = std::max(f0_hz, kLowestF0Hz);
  const double quarter = 0.25 * kVocoderRateHz / f0;
  std::fill(centroid_.begin(), centroid_.end(), 0.0F);
  add_centroid(samples, center - quarter, f0);
  add_centroid(samples, center + quarter, f0);
  fill_below_fundamental(centroid_, kBin_hz, f0, fill_scratch_);

  const int length = cut(samples, center, f0, Shape::kHann, 4);
  double energy = 1e-20;
  for (int i = 0; i < length; ++i) energy += frame_[i] * frame_[i];
  fourier_.forward(frame_, spectrum_);
  const auto scale = static_cast<float>(1 / energy);
  for (int k = 0; k < kBins; ++k) power_[k] = std::norm(spectrum_[k]) * scale;
  fill_below_fundamental(power_, kBin_hz, f0, fill_scratch_);
  smooth_rectangular(power_, kBin_hz, f0, power_, smooth_scratch_);

  for (int k = 0; k < kBins; ++k) delay_[k] = centroid_[k] / (power_[k] + 1e-12F);
  smooth_rectangular(delay_, kBin_hz, f0 / 2, delay_, smooth_scratch_);
  smooth_rectangular(delay_, kBin_hz, f0, smooth_delay_, smooth_scratch_);
  for (int k = 0; k < kBins; ++k) delay_[k] -= smooth_delay_[k];

  BandAperiodicity bands{};
  for (int b = 0; b < kAperiodicityBands; ++b) {
    const int middle = static_cast<int>((b + 1) * kAperiodicityBandWidth_hz / kBin_hz);
    std::fill(band_.begin(), band_.end(), 0.0F);
    for (int i = 0; i < kBandLength; ++i) band_[i] = delay_[middle - kBandLength / 2 + i] * band_window_[i];
    band_fourier_.forward(band_, band_spectrum_);
    double total = 1e-30;
    for (std::size_t k = 0; k < band_power_.size(); ++k) {
      band_power_[k] = std::norm(band_spectrum_[k]);
      total += band_power_[k];
    }
    // The strongest main lobe is the sinusoid; the rest is noise.
    const auto split = band_power_.end() - kMainLobe - 1;
    std::nth_element(band_power_.begin(), split, band_power_.end());
    double rest = 1e-36;
    for (auto it = band_power_.begin(); it != split; ++it) rest += *it;
    const double decibel = 10 * std::log10(rest / total) + (f0 - 100) / 50;  // eq. 16: high voices look noisy
    bands[b] = static_cast<float>(std::clamp(decibel, -60.0, 0.0));
  }
  return bands;
}

bool Aperiodicity::is_voiced(std::span<const float> samples, double center, double f0_hz) {
  cut(samples, center, std::max(f0_hz, kLowestF0Hz), Shape::kBlackman, 3);
  fourier_.forward(frame_, spectrum_);
  double below_4k = 0;
  double below_8k = 1e-20;
  for (int k = static_cast<int>(100 / kBin_hz) + 1; k <= static_cast<int>(7900 / kBin_hz); ++k) {
    const double power = std::norm(spectrum_[k]);
    below_8k += power;
    if (k <= static_cast<int>(4000 / kBin_hz)) below_4k += power;
  }
  return below_4k / below_8k > kVoicedShare;
}

}  // namespace anima::audio
