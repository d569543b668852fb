// Whether two voices take turns in a recording.
#pragma once

#include <Eigen/Core>

namespace anima::voice {

struct SpeakerTurns {
  // How much better two normal distributions of cepstra describe the speech, each second given to the one
  // that fits it, than one for all: nats per frame (the criterion of Chen and Gopalakrishnan, "Speaker,
  // environment and channel change detection and clustering via the Bayesian information criterion", 1998,
  // without its penalty). Measured: one person up to 0.75 in 9 s of speech, 0.6 in 20 s; a woman and a man in
  // turns 1.8.
  double gain = 0;
  double second_share = 0;    // of the seconds, of the voice that has fewer
  double first_change_s = 0;  // in seconds of speech
};
inline constexpr double kTwoVoices = 1.0;

// `cepstra`: [frame of speech][coefficient], 100 frames a second, at most some minutes. Nothing is found in
// under six seconds of speech. The best of twelve starts of hard expectation maximisation; no chance is in
// it.
SpeakerTurns find_speaker_turns(const Eigen::MatrixXd& cepstra);

}  // namespace anima::voice
