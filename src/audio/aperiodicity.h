// How much of a voice is noise, in bands of frequency.
//
// D4C (Morise, "D4C, a band-aperiodicity estimator for high-quality speech synthesis", Speech
// Communication 84, 2016): the group delay of a periodic sound, averaged over two positions a
// half period apart and freed of its trend (eq. 5-12), is a sinusoid along frequency; what power
// of it lies outside of that sinusoid is noise (eq. 13-15). "Love Train" (section 3.3) first
// tells whether the frame is voiced at all, by how much of its power is below 4 kHz.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "audio/fourier.h"
#include "audio/vocoder_frames.h"

namespace anima::audio {

// Holds scratch memory: one object per thread.
class Aperiodicity {
 public:
  Aperiodicity();

  // Of `samples` (kVocoderRateHz) around sample `center`, for a voice of f0_hz > 0 there.
  BandAperiodicity compute(std::span<const float> samples, double center, double f0_hz);

  // Whether a frame that the pitch tracker calls voiced has the spectrum of voiced speech.
  bool is_voiced(std::span<const float> samples, double center, double f0_hz);

 private:
  enum class Shape { kHann, kBlackman };
  int cut(std::span<const float> samples, double center, double f0_hz, Shape shape, double periods);
  void add_centroid(std::span<const float> samples, double center, double f0_hz);

  RealFourier fourier_;
  RealFourier band_fourier_;
  std::vector<float> frame_;
  std::vector<float> window_;
  std::vector<float> ramp_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<std::complex<float>> ramp_spectrum_;
  std::vector<float> centroid_;
  std::vector<float> power_;
  std::vector<float> delay_;
  std::vector<float> smooth_delay_;
  std::vector<float> band_window_;
  std::vector<float> band_;
  std::vector<std::complex<float>> band_spectrum_;
  std::vector<float> band_power_;
  std::vector<float> fill_scratch_;
  std::vector<double> smooth_scratch_;
};

}  // namespace anima::audio
