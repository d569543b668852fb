// The spectral envelope of a voice without the ripple of its harmonics.
//
// CheapTrick (Morise, "CheapTrick, a spectral envelope estimator for high-quality speech
// synthesis", Speech Communication 67, 2015): a window of three periods makes the power
// independent of where it stands (eq. 2-5), a rectangle of 2/3 F0 removes the harmonics (eq. 6),
// and a lifter takes out the rest and sharpens what the rectangle dulled (eq. 7-10, q1 = -0.15).
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "audio/fourier.h"
#include "audio/vocoder_frames.h"

namespace anima::audio {

// Holds scratch memory: one object per thread.
class SpectralEnvelope {
 public:
  SpectralEnvelope();

  // Envelope of `samples` (kVocoderRateHz) around sample `center`, for a voice of f0_hz there
  // (0: unvoiced). `log_power` has kEnvelopeBins values: natural log of the power density, in
  // which white noise of variance s^2 has the constant value ln(s^2).
  void compute(std::span<const float> samples, double center, double f0_hz, std::span<float> log_power);

 private:
  RealFourier fourier_;
  std::vector<float> frame_;
  std::vector<float> window_;
  std::vector<float> power_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<float> fill_scratch_;
  std::vector<double> smooth_scratch_;
};

}  // namespace anima::audio
