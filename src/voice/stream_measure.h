// How an engine behaves in a conversation: how soon it speaks, how soon it stops, and whether its
// pieces join without a click. Serves any engine; `anima voice measure` asks the embedded one.
#pragma once

#include <string>

#include "core/progress.h"
#include "voice/voice_engine.h"

namespace anima::voice {

struct StreamMeasurement {
  double first_sound_s = 0;  // wall clock from the moment the first clause is known, median of the runs
  int joins = 0;             // between clauses
  // The greatest step between neighbouring samples in 5 ms around a join, of full scale. Speech itself
  // steps by up to 0.5; what begins and ends softly stays far below kClickStep.
  double greatest_join_step = 0;
  int clicks = 0;                   // joins with a step over kClickStep
  int clipped_samples = 0;          // at full scale
  double sound_after_cancel_s = 0;  // handed out after the stop was asked for, the most of the runs
  double cancel_s = 0;              // wall clock from then until all had ended, the most of the runs
};

inline constexpr double kClickStep = 0.05;
inline constexpr float kFullScale = 0.9999F;

// `text` has several sentences, of four seconds and more in all. Speaks it once whole and several
// times in part, through SpeechStream.
StreamMeasurement measure_stream(VoiceEngine& engine, const Voice& voice, const std::string& text,
                                 const WorkContext& context);

}  // namespace anima::voice
