#include "audio/mfcc.h"

#include <cmath>
#include <numbers>

namespace anima::audio {
namespace {

constexpr int kFilters = 25;
constexpr double kLifter = 22;
constexpr float kLogFloor = 1e-4F;

}  // namespace

Mfcc::Mfcc() : filters_(MelFilterOptions{}), transform_(kCepstra * kFilters) {
  for (int c = 0; c < kCepstra; ++c) {
    const double scale = std::sqrt((c == 0 ? 1.0 : 2.0) / kFilters);
    const double lifter = 1 + kLifter / 2 * std::sin(std::numbers::pi * c / kLifter);
    for (int f = 0; f < kFilters; ++f) {
      transform_[c * kFilters + f] =
          static_cast<float>(lifter * scale * std::cos(std::numbers::pi * c * (f + 0.5) / kFilters));
    }
  }
}

Cepstra Mfcc::compute(const FrameSpectrum& frame) const {
  std::array<float, kFilters> mel;
  filters_.apply(frame, mel);
  for (float& value : mel) value = std::log(value + kLogFloor);
  Cepstra result{};
  for (int c = 0; c < kCepstra; ++c) {
    for (int f = 0; f < kFilters; ++f) result[c] += transform_[c * kFilters + f] * mel[f];
  }
  return result;
}

}  // namespace anima::audio
