// When the mouth may move: it is at rest wherever there is no speech.
#pragma once

#include <deque>

#include "audio/speech_features.h"

namespace anima::motion {

struct SilenceGateOptions {
  // Speech makes the posterior of the silence phone small, whatever the voice and its level:
  // in three films' sound 90 % of the speech lies below 0.0025, 90 % of the pauses, breath
  // included, above 0.0040 (acoustic scale 0.3).
  float silence_posterior = 0.0033F;
  float above_floor_db = 5;  // speech is at least this much above the noise floor too,
  float quietest_db = -62;   // of full scale; anything lower is silence
  // 10 ms each: the mouth gets ready before the first sound (lips part 100 to 300 ms before the voice:
  // Chandrasekaran et al., "The Natural Statistics of Audiovisual Speech", 2009),
  int before_frames = 24;
  int after_frames = 30;  // and closes this long after the last; shorter gaps stay open
  int smooth_frames = 7;  // half width of the transition between rest and motion
};

// Streams: one speech frame in, one value out some frames later: 0 = at rest, 1 = speaking,
// smooth in between. Decides by the silence states of the phone posteriors, and by energy against
// a tracked noise floor.
class SilenceGate {
 public:
  SilenceGate(int silence_phone, const SilenceGateOptions& options = {});
  int look_ahead_frames() const { return options_.before_frames + options_.smooth_frames; }
  void push(const audio::SpeechFrame& frame);
  void finish();
  bool pull(float& gate);

 private:
  bool is_speech(const audio::SpeechFrame& frame);

  SilenceGateOptions options_;
  int silence_phone_;
  float floor_db_ = -75;
  float energy_db_ = -100;           // smoothed
  float log_silence_ = 0;            // smoothed logarithm of the silence posterior
  std::deque<std::uint8_t> speech_;  // decisions from `history` frames before the next output on
  long long pushed_ = 0;
  long long pulled_ = 0;
  bool finished_ = false;
};

}  // namespace anima::motion
