// The kinds of characters that reading aloud distinguishes.
#pragma once

#include <string_view>

#include "core/utf8.h"

namespace anima::text {

// Full-width digits, letters and signs (U+FF01 to U+FF5E) as their ASCII form; all else as it is.
char32_t ascii_form(char32_t c);

bool holds_han(std::string_view text);
bool is_latin_letter(char32_t c);  // ASCII, Latin-1 and Latin Extended letters
bool is_digit(char32_t c);         // ASCII 0-9
bool is_blank(char32_t c);         // spaces, control characters, zero-width characters
bool is_emoji(char32_t c);         // pictographs, flags, and what joins and tints them

}  // namespace anima::text
