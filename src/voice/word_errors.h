// How many words a recogniser got wrong.
#pragma once

#include <string>
#include <vector>

namespace anima::voice {

// Lower-case words of letters and apostrophes.
std::vector<std::string> words_for_comparison(const std::string& text);

// Substitutions, insertions and deletions of the cheapest way from one to the other (Levenshtein).
int count_word_errors(const std::vector<std::string>& said, const std::vector<std::string>& heard);

}  // namespace anima::voice
