// Logarithmic mel spectrum: 40 bands, 20 to 7,600 Hz.
#pragma once

#include <array>

#include "audio/mel_filters.h"

namespace anima::audio {

inline constexpr int kMelBands = 40;
using MelBands = std::array<float, kMelBands>;

class LogMel {
 public:
  LogMel();
  // ln(band power + 1e-4) of the pre-emphasised 16-bit-scale spectrum: about -9 for digital
  // silence, 5 to 18 for speech.
  MelBands compute(const FrameSpectrum& frame) const;

 private:
  MelFilters filters_;
};

}  // namespace anima::audio
