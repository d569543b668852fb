#include "presenter/performance/performance.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "presenter/performance/body_motion.h"
#include "presenter/performance/mouth_shapes.h"

namespace anima::presenter {
namespace {

double level_of(const Sound& sound, double start_s, double end_s) {
  const auto first = static_cast<std::size_t>(std::max(0.0, start_s) * sound.sample_rate_hz);
  const auto last = std::min(sound.samples.size(), static_cast<std::size_t>(end_s * sound.sample_rate_hz));
  double power = 0;
  for (std::size_t i = first; i < last; ++i)
    power += static_cast<double>(sound.samples[i]) * sound.samples[i];
  return last > first ? std::sqrt(power / static_cast<double>(last - first)) : 0;
}

double median(std::vector<double> values) {
  if (values.empty()) return 1;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return std::max(*middle, 1e-6);
}

bool is_vowel(const std::string& sound) {
  return mouth_shape(shape_sequence(sound).front().name).vowel;
}

bool is_question(const std::string& text) {
  return text.ends_with("?") || text.ends_with("？");
}

}  // namespace

std::vector<PerformedSound> sounds_with_loudness(const SpokenScript& spoken) {
  constexpr double kPower = 0.35;  // the jaw follows the voice's level, but far less than in proportion
  std::map<std::string, std::vector<double>> levels;
  for (const SpokenLine& line : spoken.lines) {
    for (const TimedSound& sound : line.sounds) {
      if (is_vowel(sound.sound))
        levels[line.line.language].push_back(level_of(spoken.sound, sound.start_s, sound.end_s));
    }
  }
  std::vector<PerformedSound> sounds;
  for (const SpokenLine& line : spoken.lines) {
    const double usual = median(levels[line.line.language]);
    for (const TimedSound& sound : line.sounds) {
      PerformedSound performed{sound, 1};
      if (is_vowel(sound.sound)) {
        const double level = level_of(spoken.sound, sound.start_s, sound.end_s);
        performed.loudness = std::clamp(std::pow(level / usual, kPower), 0.8, 1.2);
      }
      sounds.push_back(std::move(performed));
    }
  }
  return sounds;
}

PresenterPerformance perform(const SpokenScript& spoken, std::uint64_t seed) {
  const double length_s = spoken.sound.duration_s();
  const auto frames = static_cast<std::size_t>(length_s * kPresenterFrames_per_s);
  PresenterPerformance poses(frames);

  const std::vector<MouthPose> mouth = perform_mouth(sounds_with_loudness(spoken), frames);
  for (std::size_t f = 0; f < frames; ++f) {
    poses[f].mouth = mouth[f].targets;
    poses[f].lower_lip_tuck = mouth[f].lower_lip_tuck;
    poses[f].tongue_up = mouth[f].tongue_up;
    poses[f].tongue_out = mouth[f].tongue_out;
  }

  BodyCues cues;
  cues.length_s = length_s;
  std::vector<double> levels;
  for (const SpokenLine& line : spoken.lines) {
    const SpokenPhrase phrase{line.start_s, line.end_s, is_question(line.line.text)};
    if (line.line.listening) cues.listening.push_back(phrase);
    if (line.line.text.empty()) continue;
    cues.phrases.push_back(phrase);
    for (const SpokenWordTime& word : line.words) {
      if (word.stressed) cues.stresses.push_back({word.start_s, word.end_s});
    }
  }
  for (std::size_t f = 0; f < frames; ++f) {
    const double time_s = static_cast<double>(f) / kPresenterFrames_per_s;
    cues.loudness.push_back(level_of(spoken.sound, time_s - 0.02, time_s + 0.02));
    if (cues.loudness.back() > 0.01) levels.push_back(cues.loudness.back());
  }
  const double usual = median(levels);
  for (double& level : cues.loudness) level = std::min(1.5, level / usual);
  perform_body(cues, seed, poses);
  return poses;
}

}  // namespace anima::presenter
