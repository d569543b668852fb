#include "audio/pitch_tracker.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "audio/frame_spectrum.h"
#include "core/error.h"

namespace anima::audio {
namespace {

constexpr int kWindow = 400;  // samples that are compared: 25 ms
// Correlation below about -80 dB of full scale counts as none.
constexpr double kQuiet = kWindow * 1e-8;
constexpr float kLagWeight = 0.3F;  // shorter lags win ties: against octaves too low
constexpr float kCandidateThreshold = 0.3F;
constexpr std::size_t kCandidates = 12;
constexpr float kJumpCost = 2.0F;     // per neper of pitch change in 10 ms
constexpr float kOctaveCost = 0.35F;  // of a jump by exactly an octave (a creaky voice does it)
constexpr float kVoicingChangeCost = 0.2F;

// Low-pass: two real poles at 900 Hz. High-pass: one at 40 Hz.
const double kLowPole = std::exp(-2 * std::numbers::pi * 900 / kSpeechRateHz);
const double kHighPole = std::exp(-2 * std::numbers::pi * 40 / kSpeechRateHz);

float transition_cost(float lag_before, float lag_now) {
  if ((lag_before == 0) != (lag_now == 0)) return kVoicingChangeCost;
  if (lag_now == 0) return 0;
  const float jump = std::fabs(std::log(lag_now / lag_before));
  const float octave = kOctaveCost + std::fabs(jump - std::numbers::ln2_v<float>);
  return kJumpCost * std::min(jump, octave);
}

}  // namespace

PitchTracker::PitchTracker(const PitchOptions& options) {
  if (!(options.lowest_hz >= 50 && options.highest_hz <= 1000 && options.lowest_hz < options.highest_hz)) {
    throw Error(ErrorCode::kInvalidArgument,
                "the pitch range " + std::to_string(options.lowest_hz) + " to " +
                    std::to_string(options.highest_hz) + " Hz is not usable",
                "choose a range inside of 50 to 1000 Hz");
  }
  shortest_lag_ = static_cast<int>(kSpeechRateHz / options.highest_hz);
  longest_lag_ = static_cast<int>(kSpeechRateHz / options.lowest_hz) + 1;
  correlation_.resize(static_cast<std::size_t>(longest_lag_) + 2);
  // The window of frame 0 begins before the sound: its centre is that of the spectrum's frame.
  buffer_.assign(static_cast<std::size_t>(std::max(0, (kWindow + longest_lag_) / 2 - kFrameLength / 2)),
                 0.0F);
}

void PitchTracker::push(std::span<const float> samples) {
  if (start_ > buffer_.size() / 2) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
    start_ = 0;
  }
  for (const float s : samples) {
    const double x = std::isfinite(s) ? std::clamp(s, -1.0F, 1.0F) : 0.0F;
    high_ += (1 - kHighPole) * (x - high_);
    low_1_ += (1 - kLowPole) * (x - high_ - low_1_);
    low_2_ += (1 - kLowPole) * (low_1_ - low_2_);
    buffer_.push_back(static_cast<float>(low_2_));
  }
  samples_ += static_cast<long long>(samples.size());
}

void PitchTracker::finish() {
  if (finished_) return;
  finished_ = true;
  buffer_.resize(buffer_.size() + kWindow + longest_lag_ + kFrameLength);
}

bool PitchTracker::analyse_next() {
  const std::size_t length = static_cast<std::size_t>(kWindow + longest_lag_ + 1);
  if (finished_ ? analysed_ * kFrameHop >= samples_ : start_ + length > buffer_.size()) return false;
  const float* x = buffer_.data() + start_;

  // 1. Normalised cross-correlation at every lag.
  double energy_here = 0;
  for (int i = 0; i < kWindow; ++i) energy_here += static_cast<double>(x[i]) * x[i];
  double energy_there = 0;
  for (int i = 0; i < kWindow; ++i) {
    energy_there += static_cast<double>(x[shortest_lag_ - 1 + i]) * x[shortest_lag_ - 1 + i];
  }
  float best = 0;
  for (int lag = shortest_lag_ - 1; lag <= longest_lag_ + 1; ++lag) {
    // Four sums, so that the compiler may use vectors without reordering one of them.
    float sum[4] = {};
    for (int i = 0; i < kWindow; i += 4) {
      for (int k = 0; k < 4; ++k) sum[k] += x[i + k] * x[lag + i + k];
    }
    const double product = static_cast<double>(sum[0]) + sum[1] + sum[2] + sum[3];
    const double value = product / std::sqrt(energy_here * std::max(energy_there, 0.0) + kQuiet * kQuiet);
    correlation_[lag] = static_cast<float>(std::clamp(value, -1.0, 1.0));
    if (lag >= shortest_lag_ && lag <= longest_lag_) best = std::max(best, correlation_[lag]);
    if (lag <= longest_lag_) {
      const double in = x[lag + kWindow], out = x[lag];
      energy_there += in * in - out * out;
    }
  }

  // 2. Its peaks, and "unvoiced", are the candidates.
  std::vector<Candidate> candidates;
  for (int lag = shortest_lag_; lag <= longest_lag_; ++lag) {
    const float before = correlation_[lag - 1], here = correlation_[lag], after = correlation_[lag + 1];
    if (here < kCandidateThreshold * best || here <= 0 || here < before || here <= after) continue;
    const float curve = before - 2 * here + after;
    const float shift = curve < 0 ? std::clamp(0.5F * (before - after) / curve, -0.5F, 0.5F) : 0;
    candidates.push_back({lag + shift, here, 0, 0});
  }
  if (candidates.size() > kCandidates) {
    std::ranges::partial_sort(
        candidates, candidates.begin() + kCandidates,
        [](const Candidate& a, const Candidate& b) { return a.correlation > b.correlation; });
    candidates.resize(kCandidates);
  }
  candidates.push_back({0, best, 0, 0});

  // 3. The cheapest path to each.
  for (Candidate& candidate : candidates) {
    const float local = candidate.lag == 0
                            ? candidate.correlation
                            : 1 - candidate.correlation * (1 - kLagWeight * candidate.lag / longest_lag_);
    if (lattice_.empty()) {
      candidate.cost = local;
      continue;
    }
    float cheapest = INFINITY;
    const auto& before = lattice_.back();
    for (std::size_t p = 0; p < before.size(); ++p) {
      const float cost = before[p].cost + transition_cost(before[p].lag, candidate.lag);
      if (cost < cheapest) {
        cheapest = cost;
        candidate.previous = static_cast<int>(p);
      }
    }
    candidate.cost = cheapest + local;
  }
  // Costs only matter relative to one another: keep them small however long the sound.
  const float least = std::ranges::min_element(candidates, {}, &Candidate::cost)->cost;
  for (Candidate& candidate : candidates) candidate.cost -= least;
  lattice_.push_back(std::move(candidates));
  start_ += kFrameHop;
  ++analysed_;
  return true;
}

PitchFrame PitchTracker::traced(std::size_t frame) const {
  std::size_t at = lattice_.size() - 1;
  auto index = static_cast<std::size_t>(std::ranges::min_element(lattice_[at], {}, &Candidate::cost) -
                                        lattice_[at].begin());
  for (; at > frame; --at) index = static_cast<std::size_t>(lattice_[at][index].previous);
  const Candidate& chosen = lattice_[frame][index];
  return {chosen.lag > 0 ? kSpeechRateHz / chosen.lag : 0.0F, std::max(0.0F, chosen.correlation)};
}

bool PitchTracker::pull(PitchFrame& frame) {
  // One frame more than the trace-back stays in the lattice: the next one's path starts there.
  while (lattice_.size() < kTraceBackFrames + 1 && analyse_next()) {
  }
  if (lattice_.empty() || (lattice_.size() < kTraceBackFrames + 1 && !finished_)) return false;
  if (finished_ && lattice_.size() == 1 && lattice_[0].empty()) return false;
  frame = traced(0);
  if (lattice_.size() == 1) {
    // The last frame of all: leave an empty mark instead of a lattice without a past.
    lattice_[0].clear();
  } else {
    lattice_.erase(lattice_.begin());
  }
  return true;
}

std::vector<PitchFrame> track_pitch(const Sound& sound, const PitchOptions& options) {
  if (sound.sample_rate_hz != kSpeechRateHz) {
    throw Error(ErrorCode::kInvalidArgument,
                "pitch is tracked at 16000 Hz, not at " + std::to_string(sound.sample_rate_hz) + " Hz",
                "resample the sound first");
  }
  PitchTracker tracker(options);
  tracker.push(sound.samples);
  tracker.finish();
  std::vector<PitchFrame> frames;
  PitchFrame frame;
  while (tracker.pull(frame)) frames.push_back(frame);
  return frames;
}

}  // namespace anima::audio
