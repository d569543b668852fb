// A spectral envelope in 50 numbers: cosine transform of the log power at 80 points of the mel
// scale. What is lost is what an ear does not resolve either.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "audio/vocoder_frames.h"

namespace anima::audio {

inline constexpr int kEnvelopeCepstra = 50;
inline constexpr int kEnvelopeMelPoints = 80;

// Immutable: one object serves any number of threads. c[0] / sqrt(80) is the mean log power.
class EnvelopeCepstrum {
 public:
  EnvelopeCepstrum();
  // `log_power` holds frames * kEnvelopeBins values, `cepstra` frames * kEnvelopeCepstra.
  void analyse(std::span<const float> log_power, std::span<float> cepstra) const;
  void synthesise(std::span<const float> cepstra, std::span<float> log_power) const;

 private:
  std::vector<float> analysis_;   // [kEnvelopeCepstra][kEnvelopeBins]
  std::vector<float> synthesis_;  // [kEnvelopeBins][kEnvelopeCepstra]
};

}  // namespace anima::audio
