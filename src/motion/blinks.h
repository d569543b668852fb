// Blinks: how this person blinks, learned from the film, and new ones drawn from that.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/random.h"
#include "face/expression_basis.h"

namespace anima::motion {

// How closed the lids are in the frames around a blink's deepest one.
inline constexpr int kBlinkShapeFrames = 11;
inline constexpr int kBlinkPeak = 4;  // of those, the deepest

struct BlinkStatistics {
  float log_interval_mean = 1.2F;  // ln seconds between the deepest frames of two blinks
  float log_interval_deviation = 0.5F;
  std::array<float, kBlinkShapeFrames> shape = {0, 0.05F, 0.3F, 0.8F, 1, 0.85F, 0.55F, 0.3F, 0.12F, 0.04F, 0};
  int seen = 0;  // blinks in the film; under 4 the rate is a guess, under 2 the shape is the common one
};

// Frames of the deepest lid closure of each blink in the film; its blink weights are 0 for
// open and 1 for closed.
std::vector<int> find_blinks(std::span<const face::Weights> weights);
// Intervals are log-normal (Bentivoglio et al. 1997 found them skewed so); the shape is the mean.
BlinkStatistics learn_blinks(std::span<const face::Weights> weights);
// Brow and gaze weights measured while the eyes are shut mean nothing: they are carried across
// each blink in a straight line.
void carry_across_blinks(std::span<face::Weights> weights);

// Between the deepest frames of two blinks: what fits without overlap, and what anybody may ask for.
inline constexpr double kShortestBlinkPeriod_s = 0.6;
inline constexpr double kLongestBlinkPeriod_s = 3600;

enum class BlinkMode {
  kNatural,   // at this person's rate
  kPeriodic,  // every `period_s`
  kOff,
};

class BlinkGenerator {
 public:
  BlinkGenerator(const BlinkStatistics& statistics, BlinkMode mode, double period_s, std::uint64_t seed);
  // Lid closure of the next frame, 25 a second: 0 open, 1 closed, for {right eye, left eye}.
  std::array<float, 2> next();
  // A large shift of gaze comes up: people mostly blink with it, unless they just did.
  void suggest();

 private:
  double draw_interval_s();

  BlinkStatistics statistics_;
  BlinkMode mode_;
  double period_s_;
  Random random_;
  int until_start_ = 0;   // frames until the next blink begins
  int since_end_ = 1000;  // frames since the last one ended
  int step_ = -1;         // frame within the blink; -1: eyes open
  float depth_ = 1;
};

}  // namespace anima::motion
