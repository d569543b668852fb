#include "text/written_number.h"

#include <algorithm>
#include <cstdlib>

#include "text/characters.h"
#include "text/number_reading.h"
#include "text/reading_tables.h"

namespace anima::text {
namespace {

int number_of(std::string_view digits) {
  return std::atoi(std::string(digits).c_str());
}

// 2 followed by one of these is 两.
bool is_measure_word(char32_t c) {
  constexpr std::u32string_view kWords =
      U"个位只条张本件次天年周岁种台辆名块元百千万亿点小分斤公里米倍遍杯家";
  return c != 0 && kWords.find(c) != std::u32string_view::npos;
}

// Between the ends of a range.
bool is_range_sign(char32_t c) {
  return c == U'-' || c == U'–' || c == U'—' || c == U'~' || c == U'～';
}

struct UnitAt {
  UnitReading reading;
  std::size_t end = 0;
};

// The unit behind a number that ends at `end`, with or without a blank before it.
std::optional<UnitAt> unit_at(std::string_view text, std::size_t end) {
  for (const std::size_t start : {end, end + 1}) {
    if (start == end + 1 && (end >= text.size() || text[end] != ' ')) break;
    for (std::size_t length = std::min(kLongestUnitBytes, text.size() - std::min(start, text.size()));
         length > 0; --length) {
      const std::string_view candidate = text.substr(start, length);
      const auto unit = unit_reading(candidate);
      if (!unit) continue;
      std::size_t behind = start + length;
      const char32_t after = behind < text.size() ? next_code_point(text, behind) : 0;
      if (is_latin_letter(after) || is_digit(after)) continue;
      // "5 m" is meters, "5 a" is not a unit; single letters need no blank before them, except those
      // that hardly mean anything else.
      if (start == end + 1 && length == 1 && candidate != "m" && candidate != "g" && candidate != "%")
        continue;
      return UnitAt{*unit, start + length};
    }
  }
  return std::nullopt;
}

}  // namespace

// --- looking ---------------------------------------------------------------------------------

char32_t WrittenNumbers::code_point(std::size_t at) const {
  return at < text_.size() ? next_code_point(text_, at) : 0;
}

bool WrittenNumbers::letter_at(std::size_t at) const {
  return is_latin_letter(code_point(at));
}

std::size_t WrittenNumbers::digits_end(std::size_t at) const {
  while (digit_at(at)) ++at;
  return at;
}

std::size_t WrittenNumbers::skip_blanks(std::size_t at) const {
  while (peek(at) == ' ') ++at;
  return at;
}

bool WrittenNumbers::begin_at(std::size_t at) const {
  if (at >= text_.size()) return false;
  if (digit_at(at)) return true;
  std::size_t next = at;
  const char32_t c = next_code_point(text_, next);
  if (!digit_at(next)) return false;
  if (c == U'-' || c == U'−') return at == 0 || !(letter_at(at - 1) || digit_at(at - 1));
  return currency_reading(slice(at, next)).has_value();
}

// --- saying ----------------------------------------------------------------------------------

std::string WrittenNumbers::cardinal(std::string_view digits) const {
  return chinese_ ? chinese_cardinal(digits) : english_cardinal(digits);
}

std::string WrittenNumbers::spelled_digits(std::string_view digits) const {
  return chinese_ ? chinese_digits(digits) : english_digits(digits);
}

// Digit by digit; in a Chinese telephone number one is 幺.
std::string WrittenNumbers::telephone(std::string_view digits) const {
  std::string text = spelled_digits(digits);
  constexpr std::string_view kOne = "一";
  for (std::size_t at = chinese_ && digits.size() >= 7 ? text.find(kOne) : std::string::npos;
       at != std::string::npos; at = text.find(kOne, at)) {
    text.replace(at, kOne.size(), "幺");
  }
  return text;
}

std::string WrittenNumbers::join(std::string a, std::string_view b) const {
  if (!chinese_ && !a.empty() && !b.empty()) a += ' ';
  return a.append(b);
}

// "1234", "3.14"; thousands separators already gone.
std::string WrittenNumbers::number(std::string_view whole, std::string_view decimals, bool counted) const {
  std::string text = counted && chinese_ && decimals.empty() ? chinese_count(whole) : cardinal(whole);
  if (decimals.empty()) return text;
  text = join(std::move(text), chinese_ ? "点" : "point");
  return join(std::move(text), spelled_digits(decimals));
}

// --- reading ---------------------------------------------------------------------------------

NumberReading WrittenNumbers::read(std::size_t at) const {
  if (auto date = read_date(at)) return *date;
  if (auto time = read_time(at)) return *time;
  if (auto telephone = read_telephone(at)) return *telephone;
  if (auto dotted = read_dotted(at)) return *dotted;
  return read_amount(at);
}

NumberReading WrittenNumbers::read_amount(std::size_t begin) const {
  std::string_view sign;
  std::size_t at = begin;
  bool negative = false;
  if (!digit_at(at)) {
    std::size_t next = at;
    next_code_point(text_, next);
    sign = slice(at, next);
    negative = sign == "-" || sign == "−";
    at = next;
  }
  std::size_t end = digits_end(at);
  std::string whole(slice(at, end));
  // 1,234,567
  while (peek(end) == ',' && digits_end(end + 1) == end + 4) {
    whole += slice(end + 1, end + 4);
    end += 4;
  }
  std::string decimals;
  if (peek(end) == '.' && digit_at(end + 1)) {
    const std::size_t decimals_end = digits_end(end + 1);
    decimals = slice(end + 1, decimals_end);
    end = decimals_end;
  }
  const bool grouped = end - at != whole.size() + (decimals.empty() ? 0 : decimals.size() + 1);
  if (!sign.empty() && !negative) return read_money(sign, whole, decimals, end);
  if (!negative && decimals.empty() && !grouped) {
    if (auto special = read_special_whole(whole, end)) return *special;
  }
  if (const auto unit = unit_at(text_, end)) {
    std::string text;
    if (chinese_) {
      const std::string_view name = unit->reading.chinese;
      const bool cold = negative && name.ends_with("度");
      text =
          unit->reading.chinese_before
              ? (negative ? "负" : "") + std::string(name) + number(whole, decimals)
              : (cold ? "零下" : (negative ? "负" : "")) + number(whole, decimals, true) + std::string(name);
    } else {
      text = (negative ? "minus " : "") + number(whole, decimals);
      text = join(std::move(text),
                  whole == "1" && decimals.empty() ? unit->reading.singular : unit->reading.plural);
    }
    return {std::move(text), unit->end};
  }
  const bool counted = chinese_ && is_measure_word(code_point(end));
  std::string text = number(whole, decimals, counted);
  if (negative) text = join(chinese_ ? "负" : "minus", text);
  return {std::move(text), end, true};
}

std::optional<NumberReading> WrittenNumbers::read_between(const NumberReading& before) const {
  std::size_t at = before.end;
  if (at >= text_.size()) return std::nullopt;
  std::size_t next = at;
  char32_t c = next_code_point(text_, next);
  std::size_t number = next;
  if (c == U' ') {  // "9:30 – 11:00"; "5 - 3" is a subtraction
    c = code_point(next);
    if (!is_range_sign(c) || (c == U'-' && before.plain)) return std::nullopt;
    next_code_point(text_, next);
    number = next;
    if (peek(number) != ' ') return std::nullopt;
    number = skip_blanks(number);
  }
  if (is_range_sign(c)) {
    // "-5~-3", but not the second dash of "5--3".
    if (!begin_at(number) || (c == U'-' && peek(number) == '-')) return std::nullopt;
    return NumberReading{chinese_ ? "到" : "to", next};
  }
  if (!before.plain || !digit_at(next)) return std::nullopt;
  if (c == U'x' || c == U'X' || c == U'*' || c == U'×') return NumberReading{chinese_ ? "乘" : "by", next};
  if (c == U'/') return NumberReading{chinese_ ? "比" : "over", next};
  if (c == U':') return NumberReading{chinese_ ? "比" : "to", next};
  return std::nullopt;
}

NumberReading WrittenNumbers::read_money(std::string_view sign, const std::string& whole,
                                         const std::string& decimals, std::size_t end) const {
  const CurrencyReading currency = *currency_reading(sign);
  // "$3 million"
  std::string_view scale;
  if (!chinese_) {
    const std::size_t word = skip_blanks(end);
    for (const std::string_view candidate : {"million", "billion", "trillion", "thousand"}) {
      if (text_.substr(word).starts_with(candidate) && !letter_at(word + candidate.size())) {
        scale = candidate;
        end = word + candidate.size();
      }
    }
  }
  std::string text;
  if (chinese_) {
    std::size_t next = end;
    const char32_t c = end < text_.size() ? next_code_point(text_, next) : 0;
    text = number(whole, decimals, true);
    if (c == U'万' || c == U'亿') {
      text += slice(end, next);
      end = next;
    }
    text += currency.chinese;
  } else if (decimals.size() == 2 && scale.empty() && !currency.hundredth_plural.empty()) {
    text = join(cardinal(whole), whole == "1" ? currency.singular : currency.plural);
    if (decimals != "00") {
      text += " and ";
      text += join(cardinal(decimals),
                   decimals == "01" ? currency.hundredth_singular : currency.hundredth_plural);
    }
  } else {
    text = join(number(whole, decimals), scale);
    text = join(std::move(text),
                whole == "1" && decimals.empty() && scale.empty() ? currency.singular : currency.plural);
  }
  return {std::move(text), end};
}

// Whole numbers that are more than a count: ordinals, decades, years, telephone numbers, fractions.
std::optional<NumberReading> WrittenNumbers::read_special_whole(const std::string& whole,
                                                                std::size_t end) const {
  const std::string_view after = text_.substr(end);
  if (!chinese_) {
    for (const std::string_view suffix : {"st", "nd", "rd", "th"}) {
      if (after.starts_with(suffix) && !letter_at(end + 2))
        return NumberReading{english_ordinal(whole), end + 2};
    }
    if (whole.size() == 4 && whole.back() == '0' && after.starts_with("s") && !letter_at(end + 1)) {
      std::string decade = english_year(whole);
      decade = decade.ends_with('y') ? decade.substr(0, decade.size() - 1) + "ies" : decade + "s";
      return NumberReading{std::move(decade), end + 1};
    }
  }
  if (auto fraction = read_fraction(whole, end)) return fraction;
  if (chinese_ && whole.size() == 4 && (year_word_at(end) || is_year_range(end)))
    return NumberReading{chinese_digits(whole), end};
  if (unit_at(text_, end)) return std::nullopt;
  if (whole.size() > 1 && (whole[0] == '0' || whole.size() >= 10))
    return NumberReading{telephone(whole), end};
  const int value = whole.size() == 4 ? number_of(whole) : 0;
  if (!chinese_ && value >= 1100 && value < 2100 && !is_measured(end))
    return NumberReading{english_year(whole), end};
  return std::nullopt;
}

// 3/4
std::optional<NumberReading> WrittenNumbers::read_fraction(const std::string& whole, std::size_t end) const {
  if (peek(end) != '/' || !digit_at(end + 1)) return std::nullopt;
  const std::size_t fraction_end = digits_end(end + 1);
  const std::string_view below = slice(end + 1, fraction_end);
  if (below.size() > 2 || peek(fraction_end) == '/' || below == "0" || below == "1") return std::nullopt;
  if (chinese_)
    return NumberReading{chinese_cardinal(below) + "分之" + chinese_cardinal(whole), fraction_end};
  const bool one = whole == "1";
  const std::string part = below == "2"   ? (one ? "half" : "halves")
                           : below == "4" ? (one ? "quarter" : "quarters")
                                          : english_ordinal(below) + (one ? "" : "s");
  return NumberReading{join(cardinal(whole), part), fraction_end};
}

bool WrittenNumbers::year_word_at(std::size_t at) const {
  const std::string_view after = text_.substr(std::min(at, text_.size()));
  return after.starts_with("年") || after.starts_with("学年");
}

// The first year of "2010—2015年".
bool WrittenNumbers::is_year_range(std::size_t end) const {
  std::size_t next = end;
  if (end >= text_.size() || !is_range_sign(next_code_point(text_, next))) return false;
  return digits_end(next) == next + 4 && year_word_at(next + 4);
}

// "1500 people" is a count: a plural follows. "in 1500 people" is rare enough.
bool WrittenNumbers::is_measured(std::size_t end) const {
  const std::size_t at = skip_blanks(end);
  if (at == end) return false;
  std::size_t word = at;
  while (word < text_.size() && letter_at(word)) ++word;
  const std::string_view next = slice(at, word);
  return (next.size() > 3 && next.ends_with('s') && !next.ends_with("ss") && next != "was") ||
         next == "people" || next == "million" || next == "billion";
}

// 2026-11-23, 2026/11/23, 2026.11.23, 23.11.2026, 11/23/2026
std::optional<NumberReading> WrittenNumbers::read_date(std::size_t at) const {
  const std::size_t a_end = digits_end(at);
  const char separator = peek(a_end);
  if (a_end == at || (separator != '-' && separator != '/' && separator != '.')) return std::nullopt;
  const std::size_t b_end = digits_end(a_end + 1);
  if (b_end == a_end + 1 || peek(b_end) != separator) return std::nullopt;
  const std::size_t c_end = digits_end(b_end + 1);
  const std::string_view a = slice(at, a_end);
  const std::string_view b = slice(a_end + 1, b_end);
  const std::string_view c = slice(b_end + 1, c_end);
  // A range of dates may follow with the same dash.
  if (peek(c_end) == separator && digit_at(c_end + 1) && !(separator == '-' && read_date(c_end + 1)))
    return std::nullopt;
  std::string_view year;
  std::string_view month;
  std::string_view day;
  if (a.size() == 4 && b.size() <= 2 && !c.empty() && c.size() <= 2) {
    year = a, month = b, day = c;
  } else if (c.size() == 4 && a.size() <= 2 && b.size() <= 2) {
    year = c;
    month = separator == '.' ? b : a;  // dots are European: the day first
    day = separator == '.' ? a : b;
  } else {
    return std::nullopt;
  }
  if (number_of(month) > 12 && number_of(day) <= 12) std::swap(month, day);
  if (number_of(month) < 1 || number_of(month) > 12 || number_of(day) < 1 || number_of(day) > 31)
    return std::nullopt;
  if (chinese_) {
    return NumberReading{
        chinese_digits(year) + "年" + chinese_cardinal(month) + "月" + chinese_cardinal(day) + "日", c_end};
  }
  return NumberReading{
      std::string(english_month(number_of(month))) + " " + english_ordinal(day) + " " + english_year(year),
      c_end};
}

// 9:30, 14:05:10, 9:30 am
std::optional<NumberReading> WrittenNumbers::read_time(std::size_t at) const {
  const std::size_t hour_end = digits_end(at);
  if (hour_end == at || hour_end > at + 2 || peek(hour_end) != ':') return std::nullopt;
  const std::size_t minute_end = digits_end(hour_end + 1);
  if (minute_end != hour_end + 3) return std::nullopt;
  const std::string_view hour = slice(at, hour_end);
  const std::string_view minute = slice(hour_end + 1, minute_end);
  if (number_of(hour) > 24 || number_of(minute) > 59) return std::nullopt;
  std::size_t end = minute_end;
  std::string second;
  if (peek(end) == ':' && digits_end(end + 1) == end + 3) {
    second = slice(end + 1, end + 3);
    end += 3;
  }
  std::string text;
  if (chinese_) {
    text = chinese_count(hour) + "点";
    if (minute != "00") text += (minute[0] == '0' ? "零" : "") + chinese_cardinal(minute) + "分";
    if (!second.empty()) text += (minute == "00" ? "零分" : "") + chinese_cardinal(second) + "秒";
    if (minute == "00" && second.empty()) text += "整";
    return NumberReading{std::move(text), end};
  }
  text = english_cardinal(hour);
  const std::size_t half = skip_blanks(end);
  std::string day_half;
  for (const std::string_view written : {"a.m.", "p.m.", "am", "pm", "AM", "PM"}) {
    if (text_.substr(half).starts_with(written) && !letter_at(half + written.size())) {
      day_half = written[0] == 'a' || written[0] == 'A' ? "A M" : "P M";
      end = half + written.size();
      break;
    }
  }
  if (minute == "00") {
    if (day_half.empty() && second.empty()) text += " o'clock";
  } else {
    text += minute[0] == '0' ? " oh " : " ";
    text += english_cardinal(minute);
  }
  if (!second.empty()) text += " and " + english_cardinal(second) + " seconds";
  if (!day_half.empty()) text += " " + day_half;
  return NumberReading{std::move(text), end};
}

// Groups of digits with dashes: "138-0013-8000", "555-123-4567", "010-12345678", an ISBN; or a mobile
// number in its usual groups, "138 0013 8000". Two groups alone are a range, but for an area code.
std::optional<NumberReading> WrittenNumbers::read_telephone(std::size_t at) const {
  constexpr std::size_t kFewestDigits = 7;
  constexpr std::size_t kMostDigits = 15;  // of an international number
  const auto groups_from = [&](char separator, std::string& digits, std::string& lengths) {
    std::size_t end = digits_end(at);
    digits = slice(at, end);
    lengths = std::to_string(std::min<std::size_t>(end - at, 9));
    while (digits.size() <= kMostDigits && peek(end) == separator && digit_at(end + 1)) {
      const std::size_t begin = end + 1;
      end = digits_end(begin);
      digits += slice(begin, end);
      lengths += std::to_string(std::min<std::size_t>(end - begin, 9));
    }
    return end;
  };
  std::string digits;
  std::string lengths;  // of the groups, a digit each
  std::size_t end = groups_from('-', digits, lengths);
  const bool area_code = lengths == "37" || lengths == "38" || lengths == "47" || lengths == "48";
  if ((lengths.size() >= 3 || (area_code && digits[0] == '0')) && digits.size() >= kFewestDigits &&
      digits.size() <= kMostDigits)
    return NumberReading{telephone(digits), end};
  end = groups_from(' ', digits, lengths);
  if (lengths == "344" && digits[0] == '1') return NumberReading{telephone(digits), end};
  return std::nullopt;
}

// Versions and addresses: two dots or more between digits.
std::optional<NumberReading> WrittenNumbers::read_dotted(std::size_t at) const {
  std::size_t end = digits_end(at);
  int dots = 0;
  while (end > at && peek(end) == '.' && digit_at(end + 1)) {
    ++dots;
    end = digits_end(end + 1);
  }
  if (dots < 2) return std::nullopt;
  std::string text;
  std::size_t part = at;
  while (part < end) {
    const std::size_t part_end = digits_end(part);
    if (part > at) text = join(std::move(text), chinese_ ? "点" : "point");
    text = join(std::move(text), cardinal(slice(part, part_end)));
    part = part_end + 1;
  }
  return NumberReading{std::move(text), end};
}

}  // namespace anima::text
