#include "voice/spoken_part.h"

#include <algorithm>
#include <cmath>

namespace anima::voice {
namespace {

constexpr double kLead_s = 0.02;         // kept before the first and after the last sound
constexpr float kSilenceShare = 0.003F;  // of the loudest sample

}  // namespace

std::pair<double, double> spoken_part(const Sound& sound) {
  float peak = 0;
  for (const float sample : sound.samples) peak = std::max(peak, std::abs(sample));
  const float threshold = peak * kSilenceShare + 1e-4F;
  const auto loud = [&](float sample) { return std::abs(sample) > threshold; };
  const auto first = std::find_if(sound.samples.begin(), sound.samples.end(), loud);
  if (first == sound.samples.end()) return {0, 0};
  const auto last = std::find_if(sound.samples.rbegin(), sound.samples.rend(), loud);
  const double rate = sound.sample_rate_hz;
  const double begin_s = static_cast<double>(first - sound.samples.begin()) / rate - kLead_s;
  const double end_s =
      sound.duration_s() - static_cast<double>(last - sound.samples.rbegin()) / rate + kLead_s;
  return {std::max(0.0, begin_s), std::min(sound.duration_s(), end_s)};
}

}  // namespace anima::voice
