// What `anima check` measures in the sound of a film.
#pragma once

#include <optional>
#include <string>

#include "core/sound.h"

namespace anima::studio {

struct SoundMeasures {
  double duration_s = 0;
  double speech_level_db = -120;  // level that the loudest tenth of the 20-ms frames exceeds, full scale = 0
  double noise_level_db = -120;   // level of the quietest twentieth
  double signal_to_noise_db = 0;  // their difference
  double clipped_share = 0;       // of samples, in runs of three or more at full scale
  double silence_share = 0;       // of frames more than 30 dB under the speech level
  bool silent = true;             // nothing above -60 dB anywhere
  double speech_s = 0;            // seconds in which somebody speaks (audio/voice_activity.h)
};

// Of a sound at 16 kHz.
SoundMeasures measure_sound(const Sound& sound);

// Lips are learned from speech: with less of it than this there is nothing to learn from.
inline constexpr double kLeastSpeech_s = 2;

struct UnusableSound {
  std::string what;  // "is silent"
  std::string fix;
};
// Why lips cannot be learned from such a sound; none where they can.
std::optional<UnusableSound> unusable_sound(const SoundMeasures& measures);

}  // namespace anima::studio
