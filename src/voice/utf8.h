// UTF-8 and the kinds of characters that reading aloud distinguishes.
#pragma once

#include <string>
#include <string_view>

namespace anima::voice {

// One code point of `text` at byte `at`, which moves behind it. Bytes that are no UTF-8 (over-long
// forms, surrogates and broken tails included) give U+FFFD, one for each byte.
char32_t next_code_point(std::string_view text, std::size_t& at);
std::u32string decode_utf8(std::string_view text);
void append_utf8(std::string& text, char32_t code_point);
std::string encode_utf8(std::u32string_view code_points);
char32_t first_code_point(std::string_view text);  // 0 for an empty text
char32_t last_code_point(std::string_view text);

// Where the first byte lies that is not UTF-8; npos where all are.
std::size_t find_invalid_utf8(std::string_view text);

// Full-width digits, letters and signs (U+FF01 to U+FF5E) as their ASCII form; all else as it is.
char32_t ascii_form(char32_t c);

bool is_han(char32_t c);  // Chinese characters, 〇 included
bool holds_han(std::string_view text);
bool is_latin_letter(char32_t c);  // ASCII, Latin-1 and Latin Extended letters
bool is_digit(char32_t c);         // ASCII 0-9
bool is_blank(char32_t c);         // spaces, control characters, zero-width characters
bool is_emoji(char32_t c);         // pictographs, flags, and what joins and tints them

}  // namespace anima::voice
