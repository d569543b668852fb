#include "motion/blinks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.h"
#include "motion/film_motion.h"

namespace anima::motion {
namespace {

constexpr float kDeepEnough = 0.5F;
constexpr int kLeastInterval = 8;  // frames between the deepest ones of two blinks
constexpr int kLongestBlink = 20;  // frames; longer is a look down or a nap
constexpr double kLongest_s = 12;

float closure(const face::Weights& w) {
  return 0.5F * (w[face::kFirstBlink] + w[face::kFirstBlink + 1]);
}

}  // namespace

std::vector<int> find_blinks(std::span<const face::Weights> weights) {
  std::vector<int> peaks;
  const int frames = static_cast<int>(weights.size());
  for (int t = 0; t < frames;) {
    if (closure(weights[t]) < kDeepEnough) {
      ++t;
      continue;
    }
    const int start = t;
    int peak = t;
    for (; t < frames && closure(weights[t]) >= kDeepEnough; ++t) {
      if (closure(weights[t]) > closure(weights[peak])) peak = t;
    }
    if (t - start > kLongestBlink) continue;
    if (!peaks.empty() && peak - peaks.back() < kLeastInterval) {
      if (closure(weights[peak]) > closure(weights[peaks.back()])) peaks.back() = peak;
    } else {
      peaks.push_back(peak);
    }
  }
  return peaks;
}

BlinkStatistics learn_blinks(std::span<const face::Weights> weights) {
  BlinkStatistics statistics;
  const std::vector<int> peaks = find_blinks(weights);
  statistics.seen = static_cast<int>(peaks.size());
  if (peaks.size() >= 4) {
    double sum = 0, squares = 0;
    for (std::size_t i = 1; i < peaks.size(); ++i) {
      const double log_interval = std::log(static_cast<double>(peaks[i] - peaks[i - 1]) / kFrameRateHz);
      sum += log_interval;
      squares += log_interval * log_interval;
    }
    const double count = static_cast<double>(peaks.size() - 1);
    const double mean = sum / count;
    const double variance = std::max(0.0, squares / count - mean * mean);
    // Few intervals say little: lean on the common ones as if three more had been seen.
    const BlinkStatistics common;
    statistics.log_interval_mean = static_cast<float>((sum + 3 * common.log_interval_mean) / (count + 3));
    statistics.log_interval_deviation =
        static_cast<float>((count * std::sqrt(variance) + 3 * common.log_interval_deviation) / (count + 3));
  } else if (weights.size() > 20U * kFrameRateHz) {
    // Too few for a distribution, enough to know that this person blinks rarely.
    const double mean_s =
        static_cast<double>(weights.size()) / kFrameRateHz / static_cast<double>(peaks.size() + 1);
    statistics.log_interval_mean = static_cast<float>(
        std::clamp(std::log(mean_s), static_cast<double>(statistics.log_interval_mean), std::log(6.0)));
  }
  std::array<double, kBlinkShapeFrames> shape{};
  int whole = 0;
  for (const int peak : peaks) {
    if (peak < kBlinkPeak || peak - kBlinkPeak + kBlinkShapeFrames > static_cast<int>(weights.size()))
      continue;
    const float depth = closure(weights[peak]);
    for (int i = 0; i < kBlinkShapeFrames; ++i) shape[i] += closure(weights[peak - kBlinkPeak + i]) / depth;
    ++whole;
  }
  if (whole >= 2) {
    // The ends fall to open eyes, whatever the lids did there in the film.
    double floor = 1;
    for (const double v : shape) floor = std::min(floor, v / whole);
    for (int i = 0; i < kBlinkShapeFrames; ++i) {
      statistics.shape[i] =
          static_cast<float>(std::clamp((shape[i] / whole - floor) / (1 - floor), 0.0, 1.0));
    }
    statistics.shape.front() *= 0.5F;
    statistics.shape.back() *= 0.5F;
    // Closing rises, opening falls: a second blink close by must not show in the mean.
    for (int i = kBlinkPeak - 1; i >= 0; --i)
      statistics.shape[i] = std::min(statistics.shape[i], statistics.shape[i + 1]);
    for (int i = kBlinkPeak + 1; i < kBlinkShapeFrames; ++i) {
      statistics.shape[i] = std::min(statistics.shape[i], statistics.shape[i - 1]);
    }
  }
  return statistics;
}

void carry_across_blinks(std::span<face::Weights> weights) {
  const int frames = static_cast<int>(weights.size());
  for (int t = 0; t < frames;) {
    if (closure(weights[t]) < 0.3F) {
      ++t;
      continue;
    }
    int end = t;
    while (end < frames && closure(weights[end]) >= 0.3F) ++end;
    const int before = t - 2, after = end + 1;  // the frames next to it are disturbed too
    if (end - t <= kLongestBlink && before >= 0 && after < frames) {
      for (int s = before + 1; s < after; ++s) {
        const float x = static_cast<float>(s - before) / static_cast<float>(after - before);
        const auto carry = [&](int first, int count) {
          for (int k = first; k < first + count; ++k)
            weights[s][k] = (1 - x) * weights[before][k] + x * weights[after][k];
        };
        carry(face::kFirstBrow, face::kBrowModes);
        carry(face::kFirstGaze, face::kGazeModes);
      }
    }
    t = end;
  }
}

BlinkGenerator::BlinkGenerator(const BlinkStatistics& statistics, BlinkMode mode, double period_s,
                               std::uint64_t seed)
    : statistics_(statistics), mode_(mode), period_s_(period_s), random_(seed, 12) {
  if (mode == BlinkMode::kPeriodic &&
      !(period_s >= kShortestBlinkPeriod_s && period_s <= kLongestBlinkPeriod_s)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a blink period of {} s is not possible", period_s),
                fmt::format("choose {} to {} seconds", kShortestBlinkPeriod_s, kLongestBlinkPeriod_s));
  }
  // The first one after a part of an interval: the sound begins anywhere between two blinks.
  const double first_s =
      mode == BlinkMode::kPeriodic ? period_s : draw_interval_s() * random_.uniform(0.3, 1);
  until_start_ = std::max(0, static_cast<int>(first_s * kFrameRateHz) - kBlinkPeak);
}

double BlinkGenerator::draw_interval_s() {
  const double drawn =
      std::exp(statistics_.log_interval_mean + statistics_.log_interval_deviation * random_.normal());
  return std::clamp(drawn, kShortestBlinkPeriod_s, kLongest_s);
}

std::array<float, 2> BlinkGenerator::next() {
  if (mode_ == BlinkMode::kOff) return {0, 0};
  if (step_ < 0 && until_start_-- <= 0) {
    step_ = 0;
    depth_ = mode_ == BlinkMode::kPeriodic ? 1.0F : static_cast<float>(random_.uniform(0.9, 1));
    const double interval_s = mode_ == BlinkMode::kPeriodic ? period_s_ : draw_interval_s();
    until_start_ = std::max(1, static_cast<int>(std::lround(interval_s * kFrameRateHz)) - 1);
  } else if (step_ >= 0) {
    --until_start_;
  }
  if (step_ < 0) {
    ++since_end_;
    return {0, 0};
  }
  const float lid = depth_ * statistics_.shape[step_];
  if (++step_ == kBlinkShapeFrames) {
    step_ = -1;
    since_end_ = 0;
  }
  return {lid, lid};
}

void BlinkGenerator::suggest() {
  if (mode_ == BlinkMode::kNatural && step_ < 0 && since_end_ > kFrameRateHz) until_start_ = 0;
}

}  // namespace anima::motion
