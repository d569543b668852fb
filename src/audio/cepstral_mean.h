// Cepstral mean normalisation: what the microphone and the voice add to every frame, so that it
// can be taken away. A whole sound has one mean; a live stream has a running one.
#pragma once

#include <span>

#include "audio/mfcc.h"

namespace anima::audio {

// The mean that feat.params of en-us gives for a start ("cmninit").
inline constexpr Cepstra kInitialCepstralMean = {41.00F, -5.29F, -0.12F, 5.09F,  2.48F,  -4.07F, -1.37F,
                                                 -1.78F, -5.08F, -2.05F, -6.45F, -1.42F, 1.17F};

struct CepstralMeanOptions {
  Cepstra initial = kInitialCepstralMean;
  float initial_frames = 40;   // how many frames of speech the start is worth
  float memory_frames = 1500;  // time constant of forgetting, counted in frames of speech
  float range = 35;            // frames more than this below the peak of c0 are no speech (5 = 4.3 dB)
  float peak_fall = 0.01F;     // per frame, so that a quieter voice is heard after a while
};

// Mean over the frames of speech so far, forgetting exponentially, starting from
// `options.initial`. Pauses do not move it, or a long silence would make speech look alien.
class RunningCepstralMean {
 public:
  explicit RunningCepstralMean(const CepstralMeanOptions& options = {});
  // Takes frame t in and returns the mean up to and with it.
  const Cepstra& update(const Cepstra& frame);

 private:
  CepstralMeanOptions options_;
  Cepstra sum_{};
  Cepstra mean_;
  float weight_ = 0;
  float peak_;
};

// One mean for a whole sound, over its frames of speech (c0 within `range` of the 95th
// percentile); `options.initial` for no frames at all.
Cepstra whole_cepstral_mean(std::span<const Cepstra> frames, const CepstralMeanOptions& options = {});

}  // namespace anima::audio
