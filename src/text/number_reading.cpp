#include "text/number_reading.h"

#include <array>
#include <cstdint>

namespace anima::text {
namespace {

constexpr std::size_t kReadableDigits = 18;

constexpr std::array<const char*, 20> kOnes = {"zero",    "one",     "two",       "three",    "four",
                                               "five",    "six",     "seven",     "eight",    "nine",
                                               "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                               "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<const char*, 10> kTens = {"",      "",      "twenty",  "thirty", "forty",
                                               "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::array<const char*, 10> kHanDigits = {"零", "一", "二", "三", "四",
                                                    "五", "六", "七", "八", "九"};

std::string_view without_leading_zeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

std::uint64_t value_of(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

void append_word(std::string& text, std::string_view word) {
  if (!text.empty()) text += ' ';
  text += word;
}

void append_below_thousand(std::string& text, std::uint64_t value) {
  if (value >= 100) {
    append_word(text, kOnes[value / 100]);
    append_word(text, "hundred");
    value %= 100;
  }
  if (value >= 20) {
    append_word(text, kTens[value / 10]);
    value %= 10;
    if (value == 0) return;
  }
  if (value > 0) append_word(text, kOnes[value]);
}

// 0 to 9999 in Chinese; `inner`: something larger was said before, so a gap is a 零 and ten is 一十.
std::string han_below_myriad(std::uint64_t value, bool inner) {
  static constexpr std::array<std::uint64_t, 4> kUnits = {1000, 100, 10, 1};
  static constexpr std::array<const char*, 4> kNames = {"千", "百", "十", ""};
  std::string text;
  bool gap = inner && value < 1000;
  bool started = inner;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const std::uint64_t digit = value / kUnits[i] % 10;
    if (digit == 0) {
      gap = gap || started;
      continue;
    }
    if (gap) text += kHanDigits[0];
    gap = false;
    const bool plain_ten = digit == 1 && kUnits[i] == 10 && !started;
    if (!plain_ten) text += kHanDigits[digit];
    text += kNames[i];
    started = true;
  }
  return text;
}

}  // namespace

std::string english_digits(std::string_view digits) {
  std::string text;
  for (const char c : digits) append_word(text, kOnes[static_cast<std::size_t>(c - '0')]);
  return text;
}

std::string english_cardinal(std::string_view digits) {
  digits = without_leading_zeros(digits);
  if (digits.size() > kReadableDigits) return english_digits(digits);
  std::uint64_t value = value_of(digits);
  if (value == 0) return kOnes[0];
  static constexpr std::array<const char*, 6> kGroups = {"",        "thousand", "million",
                                                         "billion", "trillion", "quadrillion"};
  std::string text;
  std::uint64_t scale = 1;
  for (int i = 0; i < 5; ++i) scale *= 1000;
  for (std::size_t group = kGroups.size(); group-- > 0; scale /= 1000) {
    const std::uint64_t part = value / scale % 1000;
    if (part == 0) continue;
    append_below_thousand(text, part);
    if (group > 0) append_word(text, kGroups[group]);
  }
  return text;
}

std::string english_ordinal(std::string_view digits) {
  std::string text = english_cardinal(digits);
  const std::size_t space = text.rfind(' ');
  const std::size_t start = space == std::string::npos ? 0 : space + 1;
  const std::string last = text.substr(start);
  text.resize(start);
  static constexpr std::array<std::array<const char*, 2>, 7> kIrregular = {{{"one", "first"},
                                                                            {"two", "second"},
                                                                            {"three", "third"},
                                                                            {"five", "fifth"},
                                                                            {"eight", "eighth"},
                                                                            {"nine", "ninth"},
                                                                            {"twelve", "twelfth"}}};
  for (const auto& [cardinal, ordinal] : kIrregular) {
    if (last == cardinal) return text + ordinal;
  }
  if (last.ends_with('y')) return text + last.substr(0, last.size() - 1) + "ieth";
  return text + last + "th";
}

std::string english_year(std::string_view digits) {
  if (digits.size() != 4) return english_cardinal(digits);
  const std::uint64_t value = value_of(digits);
  if (value < 1000 || (value >= 2000 && value < 2010) || value % 1000 == 0) return english_cardinal(digits);
  std::string text = english_cardinal(digits.substr(0, 2));
  if (value % 100 == 0) return text + " hundred";
  if (value % 100 < 10) append_word(text, "oh");
  append_word(text, english_cardinal(digits.substr(2)));
  return text;
}

std::string chinese_digits(std::string_view digits) {
  std::string text;
  for (const char c : digits) text += kHanDigits[static_cast<std::size_t>(c - '0')];
  return text;
}

std::string chinese_cardinal(std::string_view digits) {
  digits = without_leading_zeros(digits);
  if (digits.size() > 16) return chinese_digits(digits);
  const std::uint64_t value = value_of(digits);
  if (value == 0) return kHanDigits[0];
  constexpr std::uint64_t kMyriad = 10000;
  static constexpr std::array<const char*, 4> kGroups = {"", "万", "亿", "万亿"};
  std::string text;
  bool gap = false;
  std::uint64_t scale = kMyriad * kMyriad * kMyriad;
  for (std::size_t group = kGroups.size(); group-- > 0; scale /= kMyriad) {
    const std::uint64_t part = value / scale % kMyriad;
    if (part == 0) {
      gap = !text.empty();
      continue;
    }
    std::string words = han_below_myriad(part, !text.empty());
    // A group that was left out needs its 零 even where this one has four digits.
    if (gap && part >= 1000) words = kHanDigits[0] + words;
    gap = false;
    text += words;
    // 万亿 is one trillion only where nothing of the 亿 group follows; else 万 before 亿.
    text += group == 3 && value / (kMyriad * kMyriad) % kMyriad != 0 ? "万" : kGroups[group];
  }
  return text;
}

std::string chinese_count(std::string_view digits) {
  digits = without_leading_zeros(digits);
  if (digits == "2") return "两";
  const std::string text = chinese_cardinal(digits);
  for (const std::string_view leading : {"二千", "二万", "二亿"}) {
    if (text.starts_with(leading)) return "两" + text.substr(std::string_view("二").size());
  }
  return text;
}

}  // namespace anima::text
