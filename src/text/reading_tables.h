// Words that stand for signs: units, currencies, abbreviations, months, emoji.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace anima::text {

struct UnitReading {
  std::string_view singular;
  std::string_view plural;
  std::string_view chinese;
  bool chinese_before = false;  // 百分之五, 摄氏零下五度: said before the number
};

// "km/h", "°C", "%", "GB" ...; case matters (mW is not MW).
std::optional<UnitReading> unit_reading(std::string_view unit);
inline constexpr std::size_t kLongestUnitBytes = 8;

struct CurrencyReading {
  std::string_view singular;
  std::string_view plural;
  std::string_view hundredth_singular;  // empty where there is none
  std::string_view hundredth_plural;
  std::string_view chinese;
};
std::optional<CurrencyReading> currency_reading(std::string_view sign);  // "$", "¥", "€", "£", "₩", "₹"

// "Dr." -> "doctor". With the full stop where one is written; empty where it is not known.
std::string_view abbreviation_reading(std::string_view written);
bool is_abbreviation(std::string_view written);  // of any kind, "Inc." and "a.m." included

// Capitals that are said as a word ("NASA") and not letter by letter.
bool is_spoken_acronym(std::string_view capitals);

std::string_view english_month(int month);  // 1 .. 12

// A sign inside text: "&" -> "and" / "和". Empty: not spoken.
std::string_view symbol_reading(char32_t symbol, bool chinese);
// The name of a Greek letter that stands for a quantity: "α" -> "alpha" / "阿尔法". Empty for others.
std::string_view greek_letter_reading(char32_t letter, bool chinese);
// The name of an emoji, for text that is nothing else. Empty: not known.
std::string_view emoji_reading(char32_t emoji, bool chinese);

}  // namespace anima::text
