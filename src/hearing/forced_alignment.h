// Gives the words of a known text their times in a sound.
#pragma once

#include <string>

#include "core/progress.h"
#include "core/sound.h"
#include "hearing/transcript.h"

namespace anima::hearing {

// Aligns the text to the sound on phonetic features (audio/phone_alignment.h). `times` of the result
// is kAligned where that worked: measured on synthetic speech, both languages, words begin and end within
// 0.04 s of the truth. Where the text does not fit the sound, or the acoustic model is missing, words
// are spread over the voiced time by their length, and `times` is kEstimated: within about a second. A wrong
// Chinese text is not always noticed: the English acoustic model tells its sounds apart too coarsely. Throws
// Error: kInvalidArgument (text that is not UTF-8), kCancelled.
Transcript align_text(const std::string& text, const std::string& language, const Sound& sound,
                      const WorkContext& context);

// The same for a transcript whose engine gave no times, or estimated ones; others stay as they are.
void add_word_times(Transcript& transcript, const Sound& sound, const WorkContext& context);

// The second way alone.
Transcript estimate_word_times(const std::string& text, const std::string& language, const Sound& sound);

}  // namespace anima::hearing
