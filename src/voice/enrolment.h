// From a recording of a person to their voice.
#pragma once

#include <string>

#include "core/progress.h"
#include "core/sound.h"
#include "voice/voice_profile.h"

namespace anima::voice {

struct EnrolmentRequest {
  std::string name;
  std::string language;    // primary tag of BCP 47; may be empty
  std::string transcript;  // may be empty
  std::string consent;     // who agreed, how and when; may be empty
  Sound recording;         // mono, any rate of at least 8 kHz
  double limit_s = 300;    // what lies beyond is left out, with a warning
};

// What speaks against (or for) using this recording; quick, no phonetic features needed beyond
// what `enrol` computes anyway. Throws Error(kUnusableInput), naming the measured value, for a
// recording without enough speech (under 3 s), without pitch (music, noise), or of under 8 kHz.
VoiceProfile enrol_voice(const EnrolmentRequest& request, const WorkContext& context);

}  // namespace anima::voice
