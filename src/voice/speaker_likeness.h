// How much a sound resembles a person's voice, in numbers that a machine can give.
//
// The log-likelihood ratio per frame of a model of the person against one of many other voices
// (GMM-UBM; Reynolds, Quatieri and Dunn, 2000): above 0 more like the person, below 0 more like
// anyone. Features are 19 mel cepstra and their differences over speech. The plain ratio judges
// voice and microphone; the channel-normalised one, with the mean of each recording taken away,
// judges the voice only and is the stricter one. Neither hears rhythm or melody, and both can be
// fooled: read them beside the word error rate.
#pragma once

#include <span>
#include <vector>

#include "core/sound.h"
#include "voice/gaussian_mixture.h"

namespace anima::voice {

struct Likeness {
  double plain = 0;  // mean log-likelihood ratio per frame, nats
  double channel_normalised = 0;
};

class SpeakerLikeness {
 public:
  // `person` is speech that enrolment did not see, 8 s or more; `others` many voices, none of them
  // the person's nor the one to be judged. About 1 s of work per minute of speech.
  SpeakerLikeness(const Sound& person, std::span<const Sound> others, std::uint64_t seed = 1);
  Likeness judge(const Sound& sound) const;

 private:
  struct Pair {
    GaussianMixture others;
    GaussianMixture person;
  };
  Pair plain_;
  Pair normalised_;
};

// [frame of speech][38]: what the models see.
RowMatrix likeness_features(const Sound& sound, bool channel_normalised);

}  // namespace anima::voice
