// Text of which only the beginning is known yet, and what can be said about it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace anima::text {

// A recogniser answers kUnknown where more text could change its answer, and only then: whatever pieces
// a text comes in, it is read alike.
enum class Verdict { kNo, kYes, kUnknown };

struct Ahead {
  std::string_view text;
  bool complete = false;  // nothing follows, or what follows does not count

  bool has(std::size_t at) const { return at < text.size(); }
  // 0 behind the end.
  char operator[](std::size_t at) const { return at < text.size() ? text[at] : '\0'; }
  // The answer of a recogniser that has reached the end without one.
  Verdict at_end() const { return complete ? Verdict::kNo : Verdict::kUnknown; }
  Ahead behind(std::size_t count) const { return {text.substr(std::min(count, text.size())), complete}; }
  // No more than `bytes` of it: a construct that is longer is none.
  Ahead within(std::size_t bytes) const {
    return text.size() < bytes ? *this : Ahead{text.substr(0, bytes), true};
  }
  std::size_t skip(std::string_view characters, std::size_t at) const {
    return std::min(text.find_first_not_of(characters, at), text.size());
  }
};

struct Recognised {
  Verdict verdict = Verdict::kNo;
  std::size_t length = 0;  // bytes, where kYes
};

inline bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_ascii_alphanumeric(char c) {
  return is_ascii_letter(c) || is_ascii_digit(c);
}
inline bool is_ascii_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}
inline bool is_ascii_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

}  // namespace anima::text
