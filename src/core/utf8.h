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
bool is_utf8(std::string_view text);
// Of valid UTF-8.
std::size_t count_code_points(std::string_view text);

// Han, Hiragana, Katakana, Hangul and their marks: scripts written without blanks between words
// and about twice as wide as Latin letters.
bool is_wide(char32_t c);
bool is_han(char32_t c);

}  // namespace anima
