#include "audio/log_mel.h"

#include <cmath>

namespace anima::audio {

LogMel::LogMel() : filters_({.filters = kMelBands, .low_hz = 20, .high_hz = 7600, .round_to_bins = false}) {}

MelBands LogMel::compute(const FrameSpectrum& frame) const {
  MelBands bands;
  filters_.apply(frame, bands);
  for (float& value : bands) value = std::log(value + 1e-4F);
  return bands;
}

}  // namespace anima::audio
