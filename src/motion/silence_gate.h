// When the mouth may move: it is at rest wherever there is no speech.
#pragma once

#include <deque>

#include "audio/speech_features.h"

namespace anima::motion {

struct SilenceGateOptions {
  float above_floor_db = 7;     // speech is at least this much above the noise floor,
  float part_of_range = 0.30F;  // and at least this part of the way from it to the voice's level
  float quietest_db = -58;      // of full scale; anything lower is silence
  int before_frames = 16;       // 10 ms each: the mouth gets ready before the first sound,
  int after_frames = 30;        // and closes this long after the last; shorter gaps stay open
  int smooth_frames = 7;        // half width of the transition between rest and motion
};

// Streams: one speech frame in, one value out some frames later: 0 = at rest, 1 = speaking,
// smooth in between. Decides by energy against a tracked noise floor and voice level, and by
// the silence states of the phone posteriors.
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
  float level_db_ = -30;
  float energy_db_ = -100;           // smoothed
  std::deque<std::uint8_t> speech_;  // decisions from `history` frames before the next output on
  long long pushed_ = 0;
  long long pulled_ = 0;
  bool finished_ = false;
};

}  // namespace anima::motion
