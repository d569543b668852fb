#include "motion/silence_gate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anima::motion {
namespace {

constexpr float kFloorRise_db = 0.03F;  // per frame: 3 dB a second
constexpr float kHighestFloor_db = -40;
constexpr float kKeep = 0.6F;  // of the past, in the smoothed values

}  // namespace

SilenceGate::SilenceGate(int silence_phone, const SilenceGateOptions& options)
    : options_(options), silence_phone_(silence_phone) {
  // What lies before the first frame is silence.
  speech_.assign(static_cast<std::size_t>(options_.after_frames + options_.smooth_frames), 0);
}

bool SilenceGate::is_speech(const audio::SpeechFrame& frame) {
  float silence = 1e-6F;
  for (int j = 0; j < audio::kStatesPerPhone; ++j) {
    silence += frame.posteriors[silence_phone_ * audio::kStatesPerPhone + j];
  }
  const float keep = pushed_ == 0 ? 0 : kKeep;
  energy_db_ = keep * energy_db_ + (1 - keep) * frame.energy_db;
  log_silence_ = keep * log_silence_ + (1 - keep) * std::log(silence);
  floor_db_ = std::clamp(std::min(floor_db_ + kFloorRise_db, energy_db_), -90.0F, kHighestFloor_db);
  if (energy_db_ < std::max(options_.quietest_db, floor_db_ + options_.above_floor_db)) return false;
  return log_silence_ < std::log(options_.silence_posterior);
}

void SilenceGate::push(const audio::SpeechFrame& frame) {
  speech_.push_back(is_speech(frame) ? 1 : 0);
  ++pushed_;
}

void SilenceGate::finish() {
  if (finished_) return;
  finished_ = true;
  speech_.insert(speech_.end(), static_cast<std::size_t>(look_ahead_frames()), 0);
}

bool SilenceGate::pull(float& gate) {
  const int smooth = options_.smooth_frames;
  const auto needed =
      static_cast<std::size_t>(options_.after_frames + smooth + 1 + options_.before_frames + smooth);
  if (pulled_ >= pushed_ || speech_.size() < needed) return false;
  // Open where any of the frames [t - after, t + before] is speech; then a raised-cosine mean.
  float sum = 0, total = 0;
  for (int s = -smooth; s <= smooth; ++s) {
    const auto centre = speech_.begin() + options_.after_frames + smooth + s;
    int heard = 0;
    for (auto at = centre - options_.after_frames; at <= centre + options_.before_frames; ++at) heard += *at;
    const float weight =
        1 + std::cos(std::numbers::pi_v<float> * static_cast<float>(s) / static_cast<float>(smooth + 1));
    // One lonely frame is a click, not a word.
    if (heard >= 2) sum += weight;
    total += weight;
  }
  gate = sum / total;
  speech_.pop_front();
  ++pulled_;
  return true;
}

}  // namespace anima::motion
