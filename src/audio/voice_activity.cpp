#include "audio/voice_activity.h"

#include <algorithm>

namespace anima::audio {
namespace {

constexpr double kFrame_s = static_cast<double>(kFrameHop) / kSpeechRateHz;
constexpr int kLearningFrames = 10;  // the first 100 ms are taken for noise
constexpr int kWindowFrames = 150;
constexpr float kSmoothing = 0.3F;
constexpr float kFall = 0.10F;            // share of the way down, per frame
constexpr float kRiseQuiet = 0.02F;       // up, while nobody speaks
constexpr float kRiseSpeaking = 0.0015F;  // up, while somebody does: a new noise is learnt in some seconds
constexpr float kGreatestExcess = 4;      // nats: one loud band is no speech
constexpr float kUnknownNoise = 3.0F;     // log mel of a quiet room

}  // namespace

VoiceActivity::VoiceActivity(const VoiceActivityOptions& options) : options_(options) {}

void VoiceActivity::push(std::span<const float> samples, std::vector<VoiceActivityEvent>& events) {
  spectra_.push(samples);
  FrameSpectrum frame;
  while (spectra_.pull(frame)) take(frame, events);
}

void VoiceActivity::finish(std::vector<VoiceActivityEvent>& events) {
  spectra_.finish();
  FrameSpectrum frame;
  while (spectra_.pull(frame)) take(frame, events);
  if (speaking_) events.push_back({false, static_cast<double>(frames_) * kFrame_s - quiet_run_s_});
  speaking_ = false;
}

void VoiceActivity::take(const FrameSpectrum& frame, std::vector<VoiceActivityEvent>& events) {
  const MelBands mel = log_mel_.compute(frame);
  const bool learning = frames_ < kLearningFrames;
  if (frames_ == 0) smooth_ = least_ = least_before_ = mel;
  float excess = 0;
  for (int b = 0; b < kMelBands; ++b) excess += std::clamp(mel[b] - noise_[b], 0.0F, kGreatestExcess);
  excess /= kMelBands;
  const bool speech = !learning && frame.energy_db > options_.quietest_db && excess > options_.threshold_nats;
  for (int b = 0; b < kMelBands; ++b) {
    const float difference = mel[b] - noise_[b];
    float rate = difference < 0 ? kFall : (speech || speaking_ ? kRiseSpeaking : kRiseQuiet);
    if (learning) rate = 1.0F / static_cast<float>(frames_ + 1);
    noise_[b] += rate * difference;
    smooth_[b] += kSmoothing * (mel[b] - smooth_[b]);
    least_[b] = std::min(least_[b], smooth_[b]);
  }
  ++frames_;
  if (frames_ % kWindowFrames == 0) {
    for (int b = 0; b < kMelBands; ++b)
      noise_[b] = std::max(noise_[b], std::min(least_[b], least_before_[b]));
    least_before_ = least_;
    least_ = smooth_;
  }
  const double now_s = static_cast<double>(frames_) * kFrame_s;
  if (speech) {
    speech_run_s_ += kFrame_s;
    quiet_run_s_ = 0;
  } else {
    quiet_run_s_ += kFrame_s;
    // A short dip inside a word must not start the count again.
    if (quiet_run_s_ > 0.03) speech_run_s_ = 0;
  }
  if (!speaking_ && speech_run_s_ >= options_.begin_after_s) {
    speaking_ = true;
    events.push_back({true, std::max(0.0, now_s - speech_run_s_ - options_.lead_s)});
  } else if (speaking_ && quiet_run_s_ >= options_.end_after_s) {
    speaking_ = false;
    events.push_back({false, now_s - quiet_run_s_});
  }
}

}  // namespace anima::audio
