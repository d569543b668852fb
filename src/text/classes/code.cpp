// Letters and digits that name something together: flights, models, rooms, number plates.
#include <algorithm>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"
#include "text/spelling.h"

namespace anima::text {
namespace {

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void add(const WrittenText& written, std::string& spoken, std::string_view more) {
  if (written.chinese()) {
    append_chinese(spoken, more);
  } else {
    append_spoken(spoken, more);
  }
}

std::string say_letters(std::string_view letters) {
  const bool capitals =
      std::all_of(letters.begin(), letters.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (letters.size() == 1) return std::string(letters);
  if (capitals && letters.size() <= 5)
    return is_spoken_acronym(letters) ? std::string(letters) : spell_letters(letters);
  if (capitals) return std::string(letters);
  return say_identifier_part(letters);
}

// Of up to two digits a number, of more every digit; never a number with a zero before it.
std::string say_code_number(const WrittenText& written, std::string_view digits, bool every_digit) {
  if (every_digit || digits.size() > 2 || (digits.size() > 1 && digits[0] == '0'))
    return digits.size() == 1 && !every_digit ? say_cardinal(written, digits)
                                              : say_code_digits(written, digits);
  return say_cardinal(written, digits);
}

// "10k", "3w", but neither "4K" (a picture) nor "4B" (a room, a model).
bool multiplies(const WrittenText& written, std::size_t at) {
  const std::size_t end = written.digits_end(at);
  const auto magnitude = magnitude_at(written, end, false);
  if (!magnitude || !written.letter_at(end)) return false;
  const std::string_view digits = written.slice(at, end);
  if (written.peek(end) == 'B' && !written.chinese())
    return is_one_of(written.word_after(end + 1), {"people", "users", "views", "downloads"});
  return !(written.peek(end) == 'K' && (digits == "2" || digits == "4" || digits == "5" || digits == "8"));
}

// 京A·12345, 沪B 12345, 粤B12345D
std::optional<Reading> read_number_plate(const WrittenText& written, std::size_t at) {
  constexpr std::u32string_view kProvinces =
      U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
  if (kProvinces.find(written.code_point(at)) == std::u32string_view::npos) return std::nullopt;
  const std::size_t letter = at + written.width(at);
  if (!written.upper_at(letter)) return std::nullopt;
  std::size_t number = letter + 1;
  for (const std::string_view sign : {"·", "•", " ", "-", "・"}) {
    if (written.starts_with(number, sign)) {
      number += sign.size();
      break;
    }
  }
  std::size_t end = number;
  int digits = 0;
  while (written.upper_at(end) || written.digit_at(end)) {
    digits += written.digit_at(end) ? 1 : 0;
    ++end;
  }
  if (end - number < 4 || end - number > 6 || digits < 2) return std::nullopt;
  std::string spoken(written.slice(at, letter));
  add(written, spoken, written.slice(letter, letter + 1));
  for (std::size_t i = number; i < end; ++i) {
    add(written, spoken,
        written.digit_at(i) ? say_code_digits(written, written.slice(i, i + 1))
                            : std::string(written.slice(i, i + 1)));
  }
  return Reading{std::move(spoken), end, WrittenClass::kCode};
}

}  // namespace

std::optional<Reading> read_code(const WrittenText& written, std::size_t at) {
  // "C#", "F#"
  if (written.upper_at(at) && written.peek(at + 1) == '#' && written.word_begins(at) &&
      written.word_ends(at + 2) && written.peek(at) <= 'G') {
    std::string spoken(written.slice(at, at + 1));
    add(written, spoken, "sharp");
    return Reading{std::move(spoken), at + 2, WrittenClass::kCode};
  }
  if (written.chinese() && written.han_at(at)) return read_number_plate(written, at);
  if (!is_alphanumeric(written.peek(at)) || !written.word_begins(at)) return std::nullopt;
  std::size_t end = at;
  bool letters = false;
  bool digits = false;
  bool joined = false;
  constexpr std::size_t kLongestCode_bytes = 64;
  while (end < written.size()) {
    if (end - at > kLongestCode_bytes) return std::nullopt;
    const char c = written.peek(end);
    if (is_alphanumeric(c)) {
      const bool digit = c >= '0' && c <= '9';
      digits = digits || digit;
      letters = letters || !digit;
    } else if (c == '-' && end > at && is_alphanumeric(written.peek(end + 1)) &&
               // "F-16", "COVID-19", "GPT-4o", but not "well-known2".
               (written.digit_at(end + 1) || (written.digit_before(end) && written.upper_at(end + 1)) ||
                joined)) {
      joined = true;
    } else {
      break;
    }
    ++end;
  }
  if (!letters || !digits || written.letter_at(end)) return std::nullopt;
  // "3x faster"
  const char behind = written.peek(written.skip_blanks(end));
  const bool operand = behind != '\0' && std::string_view("+-=*/^").find(behind) != std::string_view::npos;
  if (written.digit_at(at) && end == written.digits_end(at) + 1 && !operand &&
      (written.peek(end - 1) == 'x' || written.peek(end - 1) == 'X'))
    return std::nullopt;
  // "3x4" is a size.
  if (written.digit_at(at) && !joined && written.digits_end(written.digits_end(at) + 1) == end &&
      written.digit_before(end) &&
      (written.peek(written.digits_end(at)) == 'x' || written.peek(written.digits_end(at)) == 'X'))
    return std::nullopt;
  // "10M users" is a count.
  if (written.digit_at(at) && !joined && multiplies(written, at)) return std::nullopt;
  // "10-km", "5-year": a count and its word.
  if (joined && written.digit_at(at)) {
    const std::size_t number_end = written.digits_end(at);
    if (written.peek(number_end) == '-' && !written.upper_at(number_end + 1)) return std::nullopt;
  }
  if (written.peek(end) == '.' && written.digit_at(end + 1) && written.digit_before(end)) {
    // "GPT-4.5", "HTTP2.0"
    const std::size_t last = written.digits_end(end + 1);
    std::string spoken;
    std::size_t number = end;
    while (written.digit_before(number)) --number;
    for (std::size_t i = at; i < number;) {
      std::size_t next = i;
      if (written.peek(i) == '-') {
        ++i;
        continue;
      }
      if (written.digit_at(i)) {
        next = written.digits_end(i);
        add(written, spoken, say_code_number(written, written.slice(i, next), false));
      } else {
        while (next < number && !written.digit_at(next) && written.peek(next) != '-') ++next;
        add(written, spoken, say_letters(written.slice(i, next)));
      }
      i = next;
    }
    add(written, spoken, say_cardinal(written, written.slice(number, end)));
    add(written, spoken, written.chinese() ? "点" : "point");
    add(written, spoken, say_digits(written, written.slice(end + 1, last)));
    return Reading{std::move(spoken), last, WrittenClass::kCode};
  }
  std::string spoken;
  if (written.starts_with(at, "FY") && written.digits_end(at + 2) == at + 6 && end == at + 6 &&
      !written.chinese())
    return Reading{"F Y " + english_year(written.slice(at + 2, end)), end, WrittenClass::kCode};
  for (std::size_t i = at; i < end;) {
    std::size_t next = i;
    if (written.peek(i) == '-') {
      ++i;
      continue;
    }
    if (written.digit_at(i)) {
      next = written.digits_end(i);
      add(written, spoken, say_code_number(written, written.slice(i, next), false));
    } else {
      while (next < end && !written.digit_at(next) && written.peek(next) != '-') ++next;
      std::string_view part = written.slice(i, next);
      // The plural of "F-16s".
      if (part == "s" && i > at && next == end && written.digit_before(i) && !written.chinese()) {
        spoken = spoken.ends_with('y')   ? spoken.substr(0, spoken.size() - 1) + "ies"
                 : spoken.ends_with('x') ? spoken + "es"
                                         : spoken + "s";
      } else {
        add(written, spoken, say_letters(part));
      }
    }
    i = next;
  }
  return Reading{std::move(spoken), end, WrittenClass::kCode};
}

}  // namespace anima::text
