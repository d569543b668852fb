// Sentences of our own, as part of the program, so that a measurement means the same everywhere.
#pragma once

#include <span>
#include <string>

namespace anima::voice {

// Spoken once by each source speaker to learn its voice; never used to measure.
std::span<const std::string> enrolment_sentences(const std::string& language);
// Spoken to measure. Their words are in the recogniser's dictionary.
std::span<const std::string> test_sentences(const std::string& language);

}  // namespace anima::voice
