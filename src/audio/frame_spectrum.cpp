#include "audio/frame_spectrum.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "audio/fourier.h"

namespace anima::audio {
namespace {

constexpr double kPreEmphasis = 0.97;
constexpr double kSampleScale = 32768;

}  // namespace

FrameSpectrumStream::FrameSpectrumStream()
    : fourier_(std::make_unique<RealFourier>(kFourierLength)), window_(kFrameLength), buffer_(1) {
  for (int i = 0; i < kFrameLength; ++i) {
    window_[i] = 0.54 - 0.46 * std::cos(2 * std::numbers::pi * i / (kFrameLength - 1));
  }
  start_ = 1;  // buffer_[0] = 0 is the sample before the first
}

FrameSpectrumStream::~FrameSpectrumStream() = default;
FrameSpectrumStream::FrameSpectrumStream(FrameSpectrumStream&&) noexcept = default;

void FrameSpectrumStream::push(std::span<const float> samples) {
  if (start_ > 1 && start_ > buffer_.size() / 2) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_ - 1));
    start_ = 1;
  }
  for (const float s : samples) buffer_.push_back(std::isfinite(s) ? std::clamp(s, -1.0F, 1.0F) : 0.0F);
  samples_ += static_cast<long long>(samples.size());
}

void FrameSpectrumStream::finish() {
  if (finished_) return;
  finished_ = true;
  buffer_.resize(buffer_.size() + kFrameLength);
}

bool FrameSpectrumStream::pull(FrameSpectrum& frame) {
  if (finished_ ? frames_ * kFrameHop >= samples_ : start_ + kFrameLength > buffer_.size()) return false;
  std::array<float, kFourierLength> in{};
  std::array<std::complex<float>, kSpectrumBins> out;
  double square_sum = 0;
  for (int i = 0; i < kFrameLength; ++i) {
    const double x = buffer_[start_ + i];
    square_sum += x * x;
    in[i] = static_cast<float>(kSampleScale * (x - kPreEmphasis * buffer_[start_ + i - 1]) * window_[i]);
  }
  fourier_->forward(in, out);
  for (int k = 0; k < kSpectrumBins; ++k) frame.power[k] = std::norm(out[k]);
  frame.energy_db = static_cast<float>(10 * std::log10(square_sum / kFrameLength + 1e-10));
  start_ += kFrameHop;
  ++frames_;
  return true;
}

}  // namespace anima::audio
