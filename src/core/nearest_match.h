// What somebody meant who mistyped a word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anima {

// Insertions, deletions, substitutions and swaps of neighbours between two words, in code points, upper and
// lower case of ASCII alike: the optimal string alignment distance (Damerau 1964 with Levenshtein's
// recurrence, each part edited once). Words beyond 100 code points are cut.
int edit_distance(std::string_view a, std::string_view b);

// The candidate that is nearest to `word`, or that begins with it (3 letters and more). Near are at most one
// edit in words of up to four code points, two in up to eight, three in longer ones. Of several that are as
// near, the one that shares the longest beginning: first letters are seldom mistyped. Empty where none is
// near; `word` itself is not what was meant.
std::string nearest_match(std::string_view word, const std::vector<std::string>& candidates);

// "did you mean 'train'?" for the nearest candidate; `otherwise` where none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates,
                         const std::string& otherwise);

}  // namespace anima
