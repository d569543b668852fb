// Words with times as subtitles that can be read: short lines, breaks where the sense has them.
#pragma once

#include <vector>

#include "hearing/transcript.h"
#include "media/subtitles.h"

namespace anima::hearing {

// Defaults as broadcasters have them: 42 Latin letters or 21 Chinese characters in a line, two lines.
struct CueOptions {
  int line_width = 42;  // a wide character counts 2
  int lines = 2;
  double shortest_s = 1.0;  // a cue stays on for that long where the next one leaves the time
  double longest_s = 6.0;
  double pause_s = 0.7;  // of silence ends a cue
};

// A cue ends after a sentence and at a pause. A sentence that is too long for one is cut into about
// equally full ones, after commas or at short pauses where they lie well. Cues do not overlap. Empty for a
// transcript without times. A word wider than a line has a line of its own. Where the transcript is not to be
// trusted (doubt_of), the first cue says so in a line before its words.
std::vector<media::Cue> make_cues(const Transcript& transcript, const CueOptions& options = {});

}  // namespace anima::hearing
