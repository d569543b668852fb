// Sample rate conversion: streaming, linear phase, time-aligned with its input.
#pragma once

#include <span>
#include <vector>

#include "core/sound.h"

namespace anima::audio {

// A polyphase windowed-sinc filter (Kaiser window, beta 9: stop band below -90 dB; pass band to
// 0.92 of the lower Nyquist frequency; Smith, "Digital Audio Resampling"). Output sample n lies
// at the time n / to_hz exactly: the delay of the filter is taken out.
class Resampler {
 public:
  // Rates in 1 .. 768000 Hz. Throws Error(kInvalidArgument).
  Resampler(int from_hz, int to_hz);

  // Appends to `output` what can be said so far: the last 32 periods of the lower rate wait for
  // what follows.
  void process(std::span<const float> input, std::vector<float>& output);
  // The rest, with silence after the end: in all, ceil(inputs * to_hz / from_hz) samples. Ready
  // for another stream afterwards.
  void finish(std::vector<float>& output);

 private:
  void produce(std::vector<float>& output);

  int up_;                     // L of the ratio L / M in lowest terms
  int down_;                   // M
  int half_width_;             // taps on each side, in input samples
  std::vector<float> filter_;  // [up][2 * half_width]
  std::vector<float> history_;
  long long history_begin_ = 0;  // index of history_[0] in the input stream
  long long input_count_ = 0;
  long long output_count_ = 0;
};

// The whole of `sound` at another rate.
Sound resample(const Sound& sound, int to_hz);

}  // namespace anima::audio
