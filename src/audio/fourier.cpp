#include "audio/fourier.h"

#include <kissfft/kiss_fftr.h>

#include <string>

#include "core/error.h"

namespace anima::audio {

struct RealFourier::Plans {
  kiss_fftr_cfg forward = nullptr;
  kiss_fftr_cfg inverse = nullptr;
  ~Plans() {
    kiss_fftr_free(forward);
    kiss_fftr_free(inverse);
  }
};

RealFourier::RealFourier(int size) : size_(size), plans_(std::make_unique<Plans>()) {
  if (size < 4 || size % 2 != 0) {
    throw Error(ErrorCode::kInvalidArgument, "a Fourier transform of length " + std::to_string(size),
                "use an even length of at least 4");
  }
  plans_->forward = kiss_fftr_alloc(size, 0, nullptr, nullptr);
  plans_->inverse = kiss_fftr_alloc(size, 1, nullptr, nullptr);
  if (plans_->forward == nullptr || plans_->inverse == nullptr) {
    throw Error(ErrorCode::kResourceExhausted,
                "no memory for a Fourier transform of " + std::to_string(size));
  }
}

RealFourier::~RealFourier() = default;
RealFourier::RealFourier(RealFourier&&) noexcept = default;
RealFourier& RealFourier::operator=(RealFourier&&) noexcept = default;

// std::complex<float> and kiss_fft_cpx are both two floats, real part first ([complex.numbers.general]).
void RealFourier::forward(std::span<const float> signal, std::span<std::complex<float>> spectrum) {
  if (static_cast<int>(signal.size()) != size_ || static_cast<int>(spectrum.size()) != bin_count()) {
    throw Error(ErrorCode::kInternal, "Fourier transform called with " + std::to_string(signal.size()) +
                                          " samples, planned for " + std::to_string(size_));
  }
  kiss_fftr(plans_->forward, signal.data(), reinterpret_cast<kiss_fft_cpx*>(spectrum.data()));
}

void RealFourier::inverse(std::span<const std::complex<float>> spectrum, std::span<float> signal) {
  if (static_cast<int>(signal.size()) != size_ || static_cast<int>(spectrum.size()) != bin_count()) {
    throw Error(ErrorCode::kInternal, "inverse Fourier transform called with " +
                                          std::to_string(spectrum.size()) + " bins, planned for " +
                                          std::to_string(bin_count()));
  }
  kiss_fftri(plans_->inverse, reinterpret_cast<const kiss_fft_cpx*>(spectrum.data()), signal.data());
  const float scale = 1.0F / static_cast<float>(size_);
  for (float& value : signal) value *= scale;
}

}  // namespace anima::audio
