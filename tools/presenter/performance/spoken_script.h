// A script spoken in the presenter's voice: one sound, and when everything in it is said.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/sound.h"
#include "presenter/performance/mandarin_timing.h"
#include "presenter/performance/script.h"
#include "voice/voice_engine.h"

namespace anima::presenter {

inline constexpr int kSpokenRate_hz = 24000;

struct SpokenWordTime {
  std::string word;
  double start_s = 0;
  double end_s = 0;
  bool stressed = false;
};

struct SpokenLine {
  ScriptLine line;
  double start_s = 0;
  double end_s = 0;  // of the sound; a silence follows where the script has none
  std::vector<SpokenWordTime> words;
  std::vector<TimedSound> sounds;
};

struct SpokenScript {
  Sound sound;
  std::vector<SpokenLine> lines;
};

// English with the times of flite, Mandarin with those of mandarin_timing.h; each line at the
// loudness of speech, over a room that is 68 dB below full scale. Deterministic.
// `voice` is a profile of voice/voice_profile.h. Throws what speaking throws.
SpokenScript speak_script(const std::vector<ScriptLine>& script, const std::filesystem::path& voice,
                          const WorkContext& context);

// {"sounds": [{"sound", "start_s", "end_s", "line"}], "words": [...], "lines": [...]}
void write_spoken_times(const std::filesystem::path& path, const SpokenScript& spoken);

}  // namespace anima::presenter
