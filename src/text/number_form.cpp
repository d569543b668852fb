#include "text/number_form.h"

#include <array>

#include "text/number_reading.h"

namespace anima::text {

std::optional<NumberForm> number_form_at(const WrittenText& written, std::size_t at) {
  NumberForm number;
  if (written.peek(at) == '.' && written.digit_at(at + 1)) {
    number.whole = "0";
    number.bare_point = true;
    number.end = written.digits_end(at + 1);
    number.decimals = written.slice(at + 1, number.end);
    return number;
  }
  if (!written.digit_at(at)) return std::nullopt;
  std::size_t end = written.digits_end(at);
  number.whole = written.slice(at, end);
  while (written.peek(end) == ',' && written.digits_end(end + 1) == end + 4 &&
         (number.grouped || number.whole.size() <= 3)) {
    number.whole += written.slice(end + 1, end + 4);
    number.grouped = true;
    end += 4;
  }
  if (written.peek(end) == '.' && written.digit_at(end + 1)) {
    const std::size_t decimals_end = written.digits_end(end + 1);
    number.decimals = written.slice(end + 1, decimals_end);
    end = decimals_end;
  }
  number.end = end;
  return number;
}

std::string say_cardinal(const WrittenText& written, std::string_view digits) {
  return written.chinese() ? chinese_cardinal(digits) : english_cardinal(digits);
}

std::string say_digits(const WrittenText& written, std::string_view digits) {
  return written.chinese() ? chinese_digits(digits) : english_digits(digits);
}

std::string say_code_digits(const WrittenText& written, std::string_view digits) {
  std::string text = say_digits(written, digits);
  if (!written.chinese()) return text;
  constexpr std::string_view kOne = "一";
  for (std::size_t at = text.find(kOne); at != std::string::npos; at = text.find(kOne, at))
    text.replace(at, kOne.size(), "幺");
  return text;
}

std::string say_pairs(std::string_view digits) {
  if (digits.size() == 3) {
    if (digits.substr(1) == "00") return english_cardinal(digits);
    std::string text = english_digits(digits.substr(0, 1));
    if (digits[1] == '0') append_spoken(text, "oh");
    append_spoken(text, english_cardinal(digits.substr(1)));
    return text;
  }
  if (digits.size() == 4) return english_year(digits);
  return digits.size() <= 2 ? english_cardinal(digits) : english_digits(digits);
}

std::string say_number(const WrittenText& written, const NumberForm& number, bool counted) {
  if (!written.chinese()) {
    std::string text = number.bare_point ? "" : english_cardinal(number.whole);
    if (number.decimals.empty()) return text;
    append_spoken(text, "point");
    append_spoken(text, english_digits(number.decimals));
    return text;
  }
  if (number.decimals.empty()) return counted ? chinese_count(number.whole) : chinese_cardinal(number.whole);
  return chinese_cardinal(number.whole) + "点" + chinese_digits(number.decimals);
}

std::optional<Magnitude> magnitude_at(const WrittenText& written, std::size_t at, bool money) {
  struct Entry {
    std::string_view sign;
    int zeros;
    std::string_view english;
    bool money;  // only with a currency: "5b" alone may be anything
  };
  static constexpr std::array<Entry, 15> kLetters = {{
      {"trn", 12, "trillion", true},
      {"bln", 9, "billion", true},
      {"mln", 6, "million", true},
      {"bn", 9, "billion", false},
      {"mn", 6, "million", true},
      {"mm", 6, "million", true},
      {"tn", 12, "trillion", true},
      {"k", 3, "thousand", false},
      {"K", 3, "thousand", false},
      {"M", 6, "million", false},
      {"m", 6, "million", true},
      {"B", 9, "billion", false},
      {"b", 9, "billion", true},
      {"T", 12, "trillion", true},
      {"t", 12, "trillion", true},
  }};
  for (const Entry& entry : kLetters) {
    if (entry.money && !money) continue;
    const std::size_t end = at + entry.sign.size();
    if (written.starts_with(at, entry.sign) && written.word_ends(end))
      return Magnitude{entry.zeros, entry.english, {}, end};
  }
  if (written.starts_with(at, "Bn") && written.word_ends(at + 2)) return Magnitude{9, "billion", {}, at + 2};
  if (written.chinese() && (written.peek(at) == 'w' || written.peek(at) == 'W') && written.word_ends(at + 1))
    return Magnitude{4, {}, {}, at + 1};
  struct Word {
    std::string_view word;
    int zeros;
  };
  static constexpr std::array<Word, 5> kWords = {
      {{"hundred", 2}, {"thousand", 3}, {"million", 6}, {"billion", 9}, {"trillion", 12}}};
  std::size_t word = written.skip_blanks(at);
  if (word == at && written.peek(at) == '-') ++word;  // "$5-million"
  if (word > at) {
    for (const Word& entry : kWords) {
      const std::size_t end = word + entry.word.size();
      if (written.starts_with(word, entry.word) && written.word_ends(end))
        return Magnitude{entry.zeros, entry.word, {}, end};
    }
  }
  if (!written.chinese()) return std::nullopt;
  static constexpr std::array<Word, 8> kHan = {{{"千万亿", 15},
                                                {"万亿", 12},
                                                {"千亿", 11},
                                                {"百亿", 10},
                                                {"千万", 7},
                                                {"百万", 6},
                                                {"亿", 8},
                                                {"万", 4}}};
  for (const Word& entry : kHan) {
    const std::size_t begin = written.skip_blanks(at);
    if (written.starts_with(begin, entry.word)) {
      const std::size_t end = begin + entry.word.size();
      return Magnitude{entry.zeros, {}, written.slice(begin, end), end};
    }
  }
  return std::nullopt;
}

std::string say_multiplied(const WrittenText& written, const NumberForm& number, const Magnitude& magnitude) {
  if (!written.chinese()) {
    std::string text = say_number(written, number);
    append_spoken(text, magnitude.english);
    return text;
  }
  if (!magnitude.written.empty()) {
    std::string text = say_number(written, number, true);
    return text.append(magnitude.written);
  }
  const auto zeros = static_cast<std::size_t>(magnitude.zeros);
  if (number.decimals.size() > zeros) {  // 1.23456k: no whole number
    NumberForm moved = number;
    moved.whole += number.decimals.substr(0, zeros);
    moved.decimals = number.decimals.substr(zeros);
    return say_number(written, moved);
  }
  const std::string digits =
      number.whole + number.decimals + std::string(zeros - number.decimals.size(), '0');
  return chinese_count(digits);
}

bool is_range_sign(char32_t c) {
  return c == U'-' || c == U'–' || c == U'—' || c == U'~' || c == U'～';
}

}  // namespace anima::text
