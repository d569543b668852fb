// When each word of a known text is said: its phones laid over the phone-state posteriors of the
// sound, as well as they go in this order.
//
// The Viterbi path (Rabiner, "A Tutorial on Hidden Markov Models", 1989, section III.B) through a
// left-to-right chain of phone states (three to a phone, at least one frame each), with optional
// silence before, between and after the words. Emissions are the logarithms of the posteriors; a
// phone may also be matched by one of its own class, which is what makes a chain of English phones
// usable for other languages.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "audio/phone_posteriors.h"
#include "core/progress.h"

namespace anima::audio {

// The phones of one word: CMU names without stress ("AH", "SH"); "?" stands for any speech sound (a
// word whose pronunciation is not known: one for about every 80 ms that it may last). Never empty.
struct AlignmentWord {
  std::vector<std::string> phones;
};

struct AlignedPhone {
  int word = 0;  // index of the word
  std::string phone;
  double start_s = 0;
  double end_s = 0;
};

struct AlignedWord {
  double start_s = 0;
  double end_s = 0;
};

struct PhoneAlignment {
  std::vector<AlignedWord> words;    // as many as were given, in order, without overlap
  std::vector<AlignedPhone> phones;  // in order, silences left out
  // Mean over the frames of words of the natural logarithm of how well they match: above about -2.5
  // the text is that of the sound; far below it is another one.
  double mean_match = 0;
};

// 100 frames a second; `phones` are the model's names (AcousticModel::phones). Time grows with
// frames times states within the beam: 60 s of speech take about a second. Throws Error:
// kInvalidArgument (unknown phone, no phones), kUnusableInput (fewer frames than states),
// kResourceExhausted (more than 512 MB would be needed), kCancelled.
PhoneAlignment align_phones(std::span<const AlignmentWord> words, std::span<const PhonePosteriors> frames,
                            std::span<const std::string> phones, const WorkContext& context);

}  // namespace anima::audio
