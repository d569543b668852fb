// Sound cut into overlapping frames, and the power spectrum of each: the common first step of
// the MFCC and of the mel spectrum, so that one Fourier transform serves both.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace anima::audio {

class RealFourier;

inline constexpr int kSpeechRateHz = 16000;
inline constexpr int kFrameHop = 160;     // samples: 100 frames a second
inline constexpr int kFrameLength = 410;  // samples: 25.6 ms
inline constexpr int kFourierLength = 512;
inline constexpr int kSpectrumBins = kFourierLength / 2 + 1;
inline constexpr double kBinWidth_hz = static_cast<double>(kSpeechRateHz) / kFourierLength;

struct FrameSpectrum {
  // |FFT|^2 of the pre-emphasised (y[n] = x[n] - 0.97 x[n-1]) Hamming-windowed frame, samples in
  // 16-bit scale (x 32768), as the sphinx front end has it.
  std::array<float, kSpectrumBins> power;
  float energy_db;  // mean square of the plain samples, dB of full scale; -100 for digital silence
};

// Streams: push samples at 16 kHz, pull frames. Frame t starts at sample 160 t. The sound's end
// is padded with zeros: n samples give ceil(n / 160) frames once `finish` was called. How the
// sound is cut into pushes does not change a frame. Not safe for concurrent use.
class FrameSpectrumStream {
 public:
  FrameSpectrumStream();
  ~FrameSpectrumStream();
  FrameSpectrumStream(FrameSpectrumStream&&) noexcept;

  void push(std::span<const float> samples);
  void finish();
  bool pull(FrameSpectrum& frame);

 private:
  std::unique_ptr<RealFourier> fourier_;
  std::vector<double> window_;
  std::vector<float> buffer_;  // plain samples from `first_` on; index 0 is the sample before the frame
  std::size_t start_ = 0;      // of the next frame in `buffer_`
  long long samples_ = 0;      // pushed in all
  long long frames_ = 0;       // pulled in all
  bool finished_ = false;
};

}  // namespace anima::audio
