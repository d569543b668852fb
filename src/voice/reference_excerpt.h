// The part of a reference recording that is sent to a server that clones voices.
#pragma once

#include <string>

#include "core/progress.h"
#include "core/sound.h"
#include "voice/voice_engine.h"

namespace anima::voice {

struct ReferenceExcerpt {
  Sound sound;
  double start_s = 0;  // in the recording
  bool whole = true;   // the transcript of the recording is that of the excerpt only then
};

struct ReferenceLimits {
  double minimum_s = 0;
  double maximum_s = 30;
  int sample_rate_hz = 24000;
};

// The whole recording where it is short enough; else the stretch of at most `maximum_s` with the
// most speech in it, cut where it is quietest near its ends. Throws Error: kUnusableInput where
// the recording is shorter than `minimum_s` or silent, kUnsupported where the voice has none.
ReferenceExcerpt reference_excerpt(const Voice& voice, const ReferenceLimits& limits);
// What identifies a recording, for caches: its path and the time of its last change.
std::string recording_key(const Voice& voice);
// The same for a sound that was read already.
ReferenceExcerpt cut_excerpt(const Sound& recording, const ReferenceLimits& limits, const std::string& name);

}  // namespace anima::voice
