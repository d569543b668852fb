#include "studio/sound_measures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "audio/voice_activity.h"

namespace anima::studio {
namespace {

constexpr double kFrame_s = 0.02;
constexpr float kFullScale = 0.999F;
constexpr double kSilence_db = 30;

double share_clipped(const std::vector<float>& samples) {
  std::size_t clipped = 0;
  std::size_t run = 0;
  for (const float sample : samples) {
    if (std::abs(sample) >= kFullScale) {
      ++run;
      // A single full-scale sample is a peak; the third in a row makes all of them clipping.
      if (run == 3) clipped += 3;
      if (run > 3) ++clipped;
    } else {
      run = 0;
    }
  }
  return samples.empty() ? 0 : static_cast<double>(clipped) / static_cast<double>(samples.size());
}

double seconds_of_speech(const Sound& sound) {
  audio::VoiceActivity activity;
  std::vector<audio::VoiceActivityEvent> events;
  activity.push(sound.samples, events);
  activity.finish(events);
  double seconds = 0;
  double began_s = 0;
  for (const audio::VoiceActivityEvent& event : events) {
    if (event.speech_began) {
      began_s = event.time_s;
    } else {
      seconds += event.time_s - began_s;
    }
  }
  return seconds;
}

}  // namespace

SoundMeasures measure_sound(const Sound& sound) {
  SoundMeasures measures;
  measures.duration_s = sound.duration_s();
  const auto frame = static_cast<std::size_t>(kFrame_s * sound.sample_rate_hz);
  if (frame == 0 || sound.samples.size() < frame) return measures;

  std::vector<double> levels_db;
  for (std::size_t start = 0; start + frame <= sound.samples.size(); start += frame) {
    double energy = 0;
    for (std::size_t i = start; i < start + frame; ++i)
      energy += static_cast<double>(sound.samples[i]) * sound.samples[i];
    levels_db.push_back(10 * std::log10(energy / static_cast<double>(frame) + 1e-12));
  }
  std::vector<double> sorted = levels_db;
  std::sort(sorted.begin(), sorted.end());
  const auto quantile = [&](double q) {
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
  };
  measures.speech_level_db = quantile(0.9);
  measures.noise_level_db = quantile(0.05);
  measures.signal_to_noise_db = measures.speech_level_db - measures.noise_level_db;
  measures.clipped_share = share_clipped(sound.samples);
  measures.silent = sorted.back() < -60;
  const auto silent_frames = std::count_if(levels_db.begin(), levels_db.end(), [&](double level) {
    return level < measures.speech_level_db - kSilence_db;
  });
  measures.silence_share =
      measures.silent ? 1 : static_cast<double>(silent_frames) / static_cast<double>(levels_db.size());
  if (!measures.silent) measures.speech_s = seconds_of_speech(sound);
  return measures;
}

std::optional<UnusableSound> unusable_sound(const SoundMeasures& measures) {
  if (measures.silent) {
    return UnusableSound{"is silent: nothing in its sound is louder than -60 dB",
                         "switch the microphone on and film again"};
  }
  if (measures.speech_s < kLeastSpeech_s) {
    return UnusableSound{fmt::format("holds only {:.1f} s of speech", measures.speech_s),
                         "lips are learned from speech: film 45 seconds to three minutes of it"};
  }
  return std::nullopt;
}

}  // namespace anima::studio
