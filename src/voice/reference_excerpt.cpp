#include "voice/reference_excerpt.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.h"
#include "media/film_reader.h"

namespace anima::voice {
namespace {

constexpr double kFrame_s = 0.02;
constexpr double kSilence_db = -60;         // of full scale: below it there is nothing to clone
constexpr double kSpeechBelowPeak_db = 30;  // frames within this of the loudest count as speech
constexpr double kCutSearch_s = 1.0;        // how far from its ends an excerpt may be shortened

std::vector<double> frame_levels_db(const Sound& sound, int frame) {
  std::vector<double> levels;
  for (std::size_t start = 0; start + static_cast<std::size_t>(frame) <= sound.samples.size();
       start += static_cast<std::size_t>(frame)) {
    double sum = 0;
    for (int i = 0; i < frame; ++i) {
      const double value = sound.samples[start + static_cast<std::size_t>(i)];
      sum += value * value;
    }
    levels.push_back(10 * std::log10(sum / frame + 1e-12));
  }
  return levels;
}

}  // namespace

ReferenceExcerpt cut_excerpt(const Sound& recording, const ReferenceLimits& limits, const std::string& name) {
  if (recording.duration_s() < limits.minimum_s) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("the recording of voice '{}' is {:.1f} s long; this engine needs at least {:g} s",
                            name, recording.duration_s(), limits.minimum_s),
                "enrol the voice with a longer recording, or choose another engine");
  }
  const int frame = std::max(1, static_cast<int>(recording.sample_rate_hz * kFrame_s));
  const std::vector<double> levels_db = frame_levels_db(recording, frame);
  const double loudest_db = levels_db.empty() ? -120 : *std::max_element(levels_db.begin(), levels_db.end());
  if (loudest_db < kSilence_db) {
    throw Error(ErrorCode::kUnusableInput, fmt::format("the recording of voice '{}' is silent", name),
                "enrol the voice with a recording of speech");
  }
  if (recording.duration_s() <= limits.maximum_s) return {recording, 0, true};

  const auto length = static_cast<std::size_t>(limits.maximum_s / kFrame_s);
  std::vector<int> speech_before(levels_db.size() + 1, 0);
  for (std::size_t i = 0; i < levels_db.size(); ++i) {
    speech_before[i + 1] = speech_before[i] + (levels_db[i] > loudest_db - kSpeechBelowPeak_db ? 1 : 0);
  }
  const auto speech_from = [&](std::size_t i) { return speech_before[i + length] - speech_before[i]; };
  std::size_t first = 0;
  std::size_t last_best = 0;
  for (std::size_t i = 0; i + length <= levels_db.size(); ++i) {
    if (speech_from(i) > speech_from(first)) first = i;
    if (speech_from(i) >= speech_from(first)) last_best = i;
  }
  first = speech_from((first + last_best) / 2) == speech_from(first) ? (first + last_best) / 2 : first;
  std::size_t last = std::min(first + length, levels_db.size());
  // A third of what is over the minimum may go at each end to reach a pause.
  const double spare_s = std::max(0.0, limits.maximum_s - limits.minimum_s) / 3;
  const auto search = static_cast<std::ptrdiff_t>(std::min(kCutSearch_s, spare_s) / kFrame_s);
  const auto begin = levels_db.begin();
  const auto from = begin + static_cast<std::ptrdiff_t>(first);
  const auto to = begin + static_cast<std::ptrdiff_t>(last);
  if (search > 0) {
    if (first > 0) first = static_cast<std::size_t>(std::min_element(from, from + search) - begin);
    if (last < levels_db.size()) last = static_cast<std::size_t>(std::min_element(to - search, to) - begin);
  }
  const auto step = static_cast<std::size_t>(frame);
  ReferenceExcerpt excerpt;
  excerpt.whole = false;
  excerpt.start_s = static_cast<double>(first * step) / recording.sample_rate_hz;
  excerpt.sound.sample_rate_hz = recording.sample_rate_hz;
  excerpt.sound.samples.assign(recording.samples.begin() + static_cast<std::ptrdiff_t>(first * step),
                               recording.samples.begin() + static_cast<std::ptrdiff_t>(last * step));
  return excerpt;
}

std::string recording_key(const Voice& voice) {
  std::error_code error;
  const auto changed = std::filesystem::last_write_time(voice.recording, error);
  return fmt::format("{} {}", voice.recording.string(), error ? 0 : changed.time_since_epoch().count());
}

ReferenceExcerpt reference_excerpt(const Voice& voice, const ReferenceLimits& limits) {
  if (voice.recording.empty()) {
    throw Error(ErrorCode::kUnsupported,
                voice.name.empty()
                    ? std::string("this engine speaks in enrolled voices only, and none was chosen")
                    : fmt::format("voice '{}' has no recording to clone from", voice.name),
                "choose a voice that was enrolled from a recording, or another engine");
  }
  return cut_excerpt(media::read_sound(voice.recording, limits.sample_rate_hz), limits, voice.name);
}

}  // namespace anima::voice
