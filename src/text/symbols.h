// Signs, Greek letters and emoji by their names.
#pragma once

#include <string_view>

namespace anima::text {

// A sign inside text: "&" -> "and" / "和". Empty: not spoken.
std::string_view symbol_reading(char32_t symbol, bool chinese);
// The name of a Greek letter that stands for a quantity: "α" -> "alpha" / "阿尔法". Empty for others.
std::string_view greek_letter_reading(char32_t letter, bool chinese);
// The name of an emoji, for text that is nothing else. Empty: not known.
std::string_view emoji_reading(char32_t emoji, bool chinese);

}  // namespace anima::text
