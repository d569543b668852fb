// The fundamental frequency of a voice, robust against octave errors.
//
// After Talkin, "A Robust Algorithm for Pitch Tracking (RAPT)", 1995: candidates are peaks of
// the normalised cross-correlation of the low-passed sound; dynamic programming chooses among
// them and "unvoiced", paying for jumps of pitch and for changes of voicing. Its trace-back has
// a fixed length, so the tracker streams.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/sound.h"

namespace anima::audio {

struct PitchFrame {
  float f0_hz = 0;    // 0 where unvoiced
  float voicing = 0;  // 0 to 1: the normalised correlation of the chosen (or best) period
};

struct PitchOptions {
  float lowest_hz = 60;    // at least 50
  float highest_hz = 500;  // at most 1000
};

// Streams: push samples at 16 kHz, pull frames of 10 ms, centred where those of
// FrameSpectrumStream are; n samples give ceil(n / 160) frames. How the sound is cut into
// pushes does not change a frame. About 9 million multiplications per second of sound.
class PitchTracker {
 public:
  static constexpr int kTraceBackFrames = 15;  // the look-ahead, beside 35 ms of window

  explicit PitchTracker(const PitchOptions& options = {});
  void push(std::span<const float> samples);
  void finish();
  bool pull(PitchFrame& frame);

 private:
  struct Candidate {
    float lag = 0;          // samples; 0 = unvoiced
    float correlation = 0;  // of this lag; of the best lag for the unvoiced one
    float cost = 0;         // of the cheapest path that ends here
    int previous = 0;       // candidate of the frame before on that path
  };
  bool analyse_next();
  PitchFrame traced(std::size_t frame) const;

  int shortest_lag_;
  int longest_lag_;
  std::vector<float> buffer_;                // low-passed samples
  std::size_t start_ = 0;                    // of the next frame's window in `buffer_`
  double low_1_ = 0, low_2_ = 0, high_ = 0;  // filter memory
  long long samples_ = 0;
  long long analysed_ = 0;
  std::vector<std::vector<Candidate>> lattice_;  // of the frames analysed and not yet pulled
  std::vector<float> correlation_;               // by lag, of one frame
  bool finished_ = false;
};

// The pitch of a whole sound at 16 kHz. Throws Error(kInvalidArgument) for another rate.
std::vector<PitchFrame> track_pitch(const Sound& sound, const PitchOptions& options = {});

}  // namespace anima::audio
