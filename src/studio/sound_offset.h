// Puts a film's sound in step with its lips.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/sound.h"
#include "motion/sound_lag.h"

namespace anima::studio {

// How late a film's sound is, as the user states it or lets it be measured. The sign is that of
// motion::SoundLag: the sound of a film with 80 comes 80 ms after the lips, and is moved earlier by as much.
struct SoundOffset {
  bool measure = false;  // "auto"
  double ms = 0;         // where it is not measured
};

inline constexpr double kMostSoundOffset_ms = 2000;

// "auto", or milliseconds from -2000 to 2000. Throws Error(kInvalidArgument).
SoundOffset read_sound_offset(const std::string& text);

// What the sound is moved by, and what the user should know of it (empty: nothing). A lag that is not
// certain, or smaller than the measurement's own error, moves nothing.
struct ChosenOffset {
  double ms = 0;
  std::string warning;
};
ChosenOffset choose_offset(const SoundOffset& wanted, const motion::SoundLag& lag);

// The sound as it is heard `ms` earlier (later where negative): what falls before the film's start is
// dropped, what is missing there is silence. At the end the sound is shorter or longer by as much.
Sound moved_earlier(Sound sound, double ms);

// "the sound comes 86 ms after the lips (66 to 106)", "not certain: ...".
std::string describe(const motion::SoundLag& lag);
// {"certain", "certainty", "lag_ms", "low_ms", "high_ms", "speech_seconds"}; the three are null where it is
// not certain.
nlohmann::ordered_json to_json(const motion::SoundLag& lag);

}  // namespace anima::studio
