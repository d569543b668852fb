// Text as Unicode code points.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace anima {

// Throws Error(kInvalidArgument), naming `what` and the byte, for text that is not UTF-8: stray or
// missing continuation bytes, overlong forms, surrogates, beyond U+10FFFF.
std::u32string decode_utf8(std::string_view text, const std::string& what = "the text");
std::string encode_utf8(std::u32string_view text);
void append_utf8(std::string& text, char32_t code_point);
bool is_utf8(std::string_view text);
// Where the first byte lies that is not UTF-8; npos where all are.
std::size_t find_invalid_utf8(std::string_view text);
// Of valid UTF-8.
std::size_t count_code_points(std::string_view text);

// One code point at byte `at`, which moves behind it. Never fails: a byte that is no UTF-8 is one U+FFFD.
char32_t next_code_point(std::string_view text, std::size_t& at);
char32_t first_code_point(std::string_view text);  // 0 for an empty text
char32_t last_code_point(std::string_view text);

// Han, Hiragana, Katakana, Hangul and their marks: scripts written without blanks between words
// and about twice as wide as Latin letters.
bool is_wide(char32_t c);
bool is_han(char32_t c);

}  // namespace anima
