// What `anima check` measures in the sound of a film.
#pragma once

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
};

SoundMeasures measure_sound(const Sound& sound);

}  // namespace anima::studio
