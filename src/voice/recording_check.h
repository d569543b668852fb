// Whether a recording is what enrolment needs: speech, of one person, with its high sounds.
#pragma once

#include "core/sound.h"
#include "voice/speaker_turns.h"

namespace anima::voice {

struct RecordingCheck {
  // Share of 10 ms frames that have less than half of the mean energy of the second around them: the
  // gaps between syllables. Speech has 0.35 to 0.6 of them, music under 0.15 (low short-time energy
  // ratio; Lu, Zhang and Jiang, "Content analysis for audio classification", 2002).
  double dips = 0;
  // Above it the long-term spectrum is 70 dB under its peak.
  double bandwidth_hz = 0;
  // Two voices in turns (voice/speaker_turns.h), or one voice over two microphones.
  SpeakerTurns turns;
};

inline constexpr double kMusicDips = 0.15;
inline constexpr double kNarrowBandwidth_hz = 7000;  // a telephone's is 3400
inline constexpr double kUselessBandwidth_hz = 3000;

// Of the first two minutes. Any rate of at least 8 kHz. A recording of under 2 s counts as speech of
// one person.
RecordingCheck check_recording(const Sound& recording);

}  // namespace anima::voice
