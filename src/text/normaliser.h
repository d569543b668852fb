// Text as people write it, turned into words as they are spoken: English and Chinese.
#pragma once

#include <string_view>
#include <vector>

#include "text/say_as.h"
#include "text/spoken_text.h"

namespace anima::text {

// Numbers, dates, times, units, currencies, abbreviations, acronyms, symbols and emoji become
// words (classes/classes.h); marks become pauses; what cannot be spoken disappears. `language` is "en",
// "zh" or empty (found from the text); any other language keeps words and marks and spells nothing out.
// Numbers without a letter around them are read in `language`. Full-width digits, letters and signs
// count as their ASCII forms. Bytes that are not UTF-8 are passed over. `say_as` comes before every
// class; null: none.
std::vector<SpokenWord> normalise_text(std::string_view text, std::string_view language,
                                       const SayAs* say_as = nullptr);

}  // namespace anima::text
