// Cuts a long sound where nobody speaks, for engines that hear a limited time at once.
#pragma once

#include <functional>
#include <vector>

#include "core/progress.h"
#include "core/sound.h"
#include "hearing/transcript.h"

namespace anima::hearing {

struct SplitOptions {
  double longest_s = 29;           // of a piece
  double shortest_pause_s = 0.25;  // a pause is cut in its middle
};

// From `start_s` up to `end_s` of the sound.
struct SoundPiece {
  double start_s = 0;
  double end_s = 0;
};

// Pieces in order that hold all speech: each as long as the limit allows, ended in the middle of the
// last pause before it; where there is none, at the quietest moment of its second half. Pauses
// before the first and after the last speech, and stretches without any, belong to no piece. Empty
// for a silent sound.
std::vector<SoundPiece> split_at_pauses(const Sound& sound, const SplitOptions& options = {});

Sound cut_out(const Sound& sound, const SoundPiece& piece);

// Transcribes each piece and joins the results, with progress; `hear` gets a piece of the sound, and
// times from its start.
Transcript transcribe_pieces(const Sound& sound, const SplitOptions& options,
                             const std::function<Transcript(const Sound& piece)>& hear,
                             const WorkContext& context);

}  // namespace anima::hearing
