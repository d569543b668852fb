#include "core/utf8.h"

#include <fmt/format.h>

#include "core/error.h"

namespace anima {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// Decodes the code point at `at` and moves behind it. False, without moving, where there is none.
bool decode_next(std::string_view text, std::size_t& at, char32_t& point) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  int more = 0;
  char32_t smallest = 0;
  if (first < 0x80) {
    point = first;
  } else if ((first & 0xE0U) == 0xC0) {
    point = first & 0x1FU;
    more = 1;
    smallest = 0x80;
  } else if ((first & 0xF0U) == 0xE0) {
    point = first & 0x0FU;
    more = 2;
    smallest = 0x800;
  } else if ((first & 0xF8U) == 0xF0) {
    point = first & 0x07U;
    more = 3;
    smallest = 0x10000;
  } else {
    return false;
  }
  if (at + static_cast<std::size_t>(more) >= text.size() && more > 0) return false;
  for (int i = 1; i <= more; ++i) {
    const unsigned char next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xC0U) != 0x80) return false;
    point = (point << 6U) | (next & 0x3FU);
  }
  if (point < smallest || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
  at += static_cast<std::size_t>(more) + 1;
  return true;
}

}  // namespace

std::u32string decode_utf8(std::string_view text, const std::string& what) {
  std::u32string points;
  points.reserve(text.size());
  char32_t point = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!decode_next(text, at, point)) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("{} is not UTF-8 at byte {}", what, at),
                  "save it as UTF-8 and try again");
    }
    points += point;
  }
  return points;
}

void append_utf8(std::string& text, char32_t c) {
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0U | (c >> 6U));
    text += static_cast<char>(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    text += static_cast<char>(0xE0U | (c >> 12U));
    text += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    text += static_cast<char>(0x80U | (c & 0x3FU));
  } else {
    text += static_cast<char>(0xF0U | (c >> 18U));
    text += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
    text += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
    text += static_cast<char>(0x80U | (c & 0x3FU));
  }
}

std::string encode_utf8(std::u32string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (const char32_t c : text) append_utf8(bytes, c);
  return bytes;
}

bool is_utf8(std::string_view text) {
  return find_invalid_utf8(text) == std::string_view::npos;
}

std::size_t find_invalid_utf8(std::string_view text) {
  char32_t point = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!decode_next(text, at, point)) return at;
  }
  return std::string_view::npos;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  return count;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  char32_t point = 0;
  if (decode_next(text, at, point)) return point;
  ++at;
  return kReplacement;
}

char32_t first_code_point(std::string_view text) {
  std::size_t at = 0;
  return text.empty() ? 0 : next_code_point(text, at);
}

char32_t last_code_point(std::string_view text) {
  if (text.empty()) return 0;
  std::size_t at = text.size() - 1;
  while (at > 0 && text.size() - at < 4 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) --at;
  return next_code_point(text, at);
}

bool is_han(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x323AF) ||
         (c >= 0xF900 && c <= 0xFAFF) || c == 0x3005 || c == 0x3007;
}

bool is_wide(char32_t c) {
  return is_han(c) || (c >= 0x3000 && c <= 0x30FF) || (c >= 0x1100 && c <= 0x115F) ||
         (c >= 0x31F0 && c <= 0x31FF) || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6);
}

}  // namespace anima
