// Pieces of speech put one after the other so that nobody hears where.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace anima::audio {

// A piece comes in parts of any size; its first and last 5 ms are faded (raised cosine), and
// silence of the asked length follows it. Holds 5 ms back until it knows that the piece goes on.
class SoundJoiner {
 public:
  explicit SoundJoiner(int sample_rate_hz, double fade_s = 0.005);
  void add(std::span<const float> part, std::vector<float>& output);
  // Ends the piece. A piece without a sample leaves no pause either.
  void end_piece(double pause_s, std::vector<float>& output);
  // Samples put out so far: the time at which the next piece begins, once the last one has ended.
  long long position() const { return position_; }

 private:
  int rate_hz_;
  std::size_t fade_;
  std::size_t seen_ = 0;  // samples of this piece
  std::vector<float> held_;
  long long position_ = 0;
};

// The greatest step between two neighbouring samples: what a click would be seen by.
float greatest_step(std::span<const float> samples);

}  // namespace anima::audio
