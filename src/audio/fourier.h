// The discrete Fourier transform of real signals, for the spectral analysis of sound.
//
// kissfft (BSD-3-Clause, single precision) does the work: FFTW is GPL, and at the sizes of
// speech (512 to 4096) the transform is a small part of the analysis around it.
#pragma once

#include <complex>
#include <memory>
#include <span>
#include <vector>

namespace anima::audio {

// A plan for one length with its own scratch memory: one object per thread.
class RealFourier {
 public:
  // `size` is even and at least 4; powers of two are fastest. Throws Error(kInvalidArgument).
  explicit RealFourier(int size);
  ~RealFourier();
  RealFourier(RealFourier&&) noexcept;
  RealFourier& operator=(RealFourier&&) noexcept;

  int size() const { return size_; }
  int bin_count() const { return size_ / 2 + 1; }

  // spectrum[k] = sum_n signal[n] exp(-2 pi i k n / size), k = 0 .. size / 2.
  // `signal` has `size` values, `spectrum` bin_count().
  void forward(std::span<const float> signal, std::span<std::complex<float>> spectrum);
  // The exact inverse: forward followed by inverse gives the signal back (scaled by 1 / size here).
  void inverse(std::span<const std::complex<float>> spectrum, std::span<float> signal);

 private:
  struct Plans;
  int size_;
  std::unique_ptr<Plans> plans_;
};

}  // namespace anima::audio
