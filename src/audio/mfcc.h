// Mel-frequency cepstral coefficients, exactly as the sphinx front end makes them for en-us
// (feat.params: 25 filters 130-6800 Hz, orthonormal DCT, lifter 22, no noise removal).
#pragma once

#include <array>

#include "audio/acoustic_model.h"
#include "audio/mel_filters.h"

namespace anima::audio {

using Cepstra = std::array<float, kCepstra>;

class Mfcc {
 public:
  Mfcc();
  // Without mean normalisation; c[0] is the level.
  Cepstra compute(const FrameSpectrum& frame) const;

 private:
  MelFilters filters_;
  std::vector<float> transform_;  // [kCepstra][filters], liftered
};

}  // namespace anima::audio
