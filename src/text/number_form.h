// Numbers as they are written, before anything is known of what they count.
#pragma once

#include <optional>
#include <string>

#include "text/written_text.h"

namespace anima::text {

// "1,234.5": `whole` without its separators.
struct NumberForm {
  std::string whole;  // at least one digit, "0" for ".5"
  std::string decimals;
  bool grouped = false;     // with separators between thousands
  bool bare_point = false;  // ".5"
  std::size_t end = 0;
  bool is_one() const { return whole == "1" && decimals.empty(); }
};

// The number without a sign at `at`.
std::optional<NumberForm> number_form_at(const WrittenText& written, std::size_t at);

// How it is said, in the text's language. `counted`: a lone two is 两.
std::string say_number(const WrittenText& written, const NumberForm& number, bool counted = false);
std::string say_cardinal(const WrittenText& written, std::string_view digits);
std::string say_digits(const WrittenText& written, std::string_view digits);
// Digits of telephones and codes: in Chinese one is 幺.
std::string say_code_digits(const WrittenText& written, std::string_view digits);
// Years, and numbers of houses and flights that are said in pairs: "1600" -> "sixteen hundred".
std::string say_pairs(std::string_view digits);

// A power of ten that is written behind a number: "k", "M", "bn", "million", "万", "亿", "w".
struct Magnitude {
  int zeros = 0;
  std::string_view english;  // "million"
  std::string_view written;  // Han as it stands; empty for Latin letters
  std::size_t end = 0;
};
// `money`: single letters of money ("b", "t") count too. A letter must follow the digits at once, a
// word may follow behind one blank.
std::optional<Magnitude> magnitude_at(const WrittenText& written, std::size_t at, bool money);

// The number times the magnitude, in the text's language: "one point five million", 一百五十万.
std::string say_multiplied(const WrittenText& written, const NumberForm& number, const Magnitude& magnitude);

// Between the ends of a range: - – — ~ ～.
bool is_range_sign(char32_t c);

}  // namespace anima::text
