// Dates, months, years and decades.
#include <array>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

struct Month {
  std::string_view name;
  std::string_view abbreviation;
};
constexpr std::array<Month, 12> kMonths = {{{"January", "Jan"},
                                            {"February", "Feb"},
                                            {"March", "Mar"},
                                            {"April", "Apr"},
                                            {"May", "May"},
                                            {"June", "Jun"},
                                            {"July", "Jul"},
                                            {"August", "Aug"},
                                            {"September", "Sep"},
                                            {"October", "Oct"},
                                            {"November", "Nov"},
                                            {"December", "Dec"}}};

// 1 to 12, 0 for none.
int month_of(std::string_view word) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (word == kMonths[i].name || word == kMonths[i].abbreviation) return static_cast<int>(i) + 1;
  }
  return word == "Sept" ? 9 : 0;
}

std::string_view month_name(int month) {
  return kMonths[static_cast<std::size_t>(month - 1)].name;
}

Reading date(std::string spoken, std::size_t end) {
  return {std::move(spoken), end, WrittenClass::kDate};
}

bool is_year(std::string_view digits) {
  return digits.size() == 4 && small_number(digits) >= 1000 && small_number(digits) < 2200;
}

// An "st", "nd", "rd", "th" behind digits.
std::size_t ordinal_end(const WrittenText& written, std::size_t end) {
  for (const std::string_view suffix : {"st", "nd", "rd", "th"}) {
    if (written.starts_with(end, suffix) && written.word_ends(end + 2)) return end + 2;
  }
  return end;
}

// 2026-11-23, 2026/11/23, 2026.11.23, 23.11.2026, 11/23/2026
std::optional<Reading> read_numeric_date(const WrittenText& written, std::size_t at) {
  const std::size_t a_end = written.digits_end(at);
  const char separator = written.peek(a_end);
  if (a_end == at || (separator != '-' && separator != '/' && separator != '.')) return std::nullopt;
  const std::size_t b_end = written.digits_end(a_end + 1);
  if (b_end == a_end + 1) return std::nullopt;
  const std::string_view a = written.slice(at, a_end);
  const std::string_view b = written.slice(a_end + 1, b_end);
  if (written.peek(b_end) != separator || !written.digit_at(b_end + 1)) {
    // 2026-11: a year and its month.
    if (separator != '-' || a.size() != 4 || b.size() != 2 || !is_year(a) || written.letter_at(b_end))
      return std::nullopt;
    const int month = small_number(b);
    if (month < 1 || month > 12 || small_number(a) < 1900) return std::nullopt;
    if (written.chinese()) {
      // 2010-12年 is a range of years.
      if (written.starts_with(b_end, "年") || written.starts_with(b_end, "学年")) return std::nullopt;
      return date(chinese_digits(a) + "年" + chinese_cardinal(b) + "月",
                  written.starts_with(b_end, "月") ? b_end + 3 : b_end);
    }
    if (month == small_number(a.substr(2)) + 1) return std::nullopt;  // 2003-04: a season
    return date(std::string(month_name(month)) + " " + english_year(a), b_end);
  }
  const std::size_t c_end = written.digits_end(b_end + 1);
  const std::string_view c = written.slice(b_end + 1, c_end);
  // A range of dates may follow with the same dash.
  const bool dated_again =
      separator == '-' && written.digits_end(c_end + 1) == c_end + 5 && written.peek(c_end + 5) == '-';
  if (written.peek(c_end) == separator && written.digit_at(c_end + 1) && !dated_again) return std::nullopt;
  std::string_view year;
  std::string_view month;
  std::string_view day;
  if (a.size() == 4 && b.size() <= 2 && !c.empty() && c.size() <= 2) {
    year = a, month = b, day = c;
  } else if (c.size() == 4 && a.size() <= 2 && b.size() <= 2) {
    year = c;
    month = separator == '.' ? b : a;  // dots are European: the day first
    day = separator == '.' ? a : b;
  } else if (separator == '/' && a.size() <= 2 && b.size() <= 2 && c.size() == 2 && !written.chinese()) {
    year = c, month = a, day = b;  // 7/4/76
  } else {
    return std::nullopt;
  }
  if (small_number(month) > 12 && small_number(day) <= 12) std::swap(month, day);
  if (small_number(month) < 1 || small_number(month) > 12 || small_number(day) < 1 || small_number(day) > 31)
    return std::nullopt;
  if (written.letter_at(c_end) && written.peek(c_end) != 'T') return std::nullopt;
  if (written.chinese()) {
    return date(chinese_digits(year) + "年" + chinese_cardinal(month) + "月" + chinese_cardinal(day) + "日",
                written.starts_with(c_end, "日") ? c_end + 3 : c_end);
  }
  const std::string said_year =
      year.size() == 2 ? (year[0] == '0' ? "oh " + english_cardinal(year) : english_cardinal(year))
                       : english_year(year);
  return date(std::string(month_name(small_number(month))) + " " + english_ordinal(day) + " " + said_year,
              c_end);
}

// The year behind "March 5, ": appended.
void add_year(const WrittenText& written, Reading& reading) {
  std::size_t at = written.skip_blanks(reading.end);
  const bool comma = written.peek(at) == ',';
  if (comma) at = written.skip_blanks(at + 1);
  const std::size_t end = written.digits_end(at);
  if (at == reading.end || !is_year(written.slice(at, end)) || written.letter_at(end) ||
      written.peek(end) == ',') {
    // "March 5, 2024, was": the comma behind is fine where no digit follows.
    if (!(at > reading.end && is_year(written.slice(at, end)) && written.peek(end) == ',' &&
          !written.digit_at(end + 1)))
      return;
  }
  if (written.peek(end) == ':' || (written.peek(end) == '.' && written.digit_at(end + 1))) return;
  reading.spoken += (comma ? ", " : " ") + english_year(written.slice(at, end));
  reading.end = end;
}

// "March 5", "Mar. 5th, 2024", "March 5-7", "March 2024" behind the month's name that ends at `at`.
std::optional<Reading> behind_month(const WrittenText& written, int month, std::size_t at) {
  std::size_t next = at;
  const bool stop = written.peek(next) == '.';
  if (stop) ++next;
  const std::size_t number = written.skip_blanks(next);
  const std::size_t number_end = written.digits_end(number);
  const std::string name(month_name(month));
  if (number == next || number == number_end || number > next + 1) return std::nullopt;
  const std::string_view digits = written.slice(number, number_end);
  const bool separated = written.peek(number_end) == '.' && written.digit_at(number_end + 1);
  if (separated || written.peek(number_end) == ':' || written.peek(number_end) == '%') return std::nullopt;
  if (is_year(digits) && !written.letter_at(number_end))
    return date(name + " " + english_year(digits), number_end);
  const int day = small_number(digits);
  if (digits.size() > 2 || day < 1 || day > 31) return std::nullopt;
  const std::size_t end = ordinal_end(written, number_end);
  if (written.letter_at(end)) return std::nullopt;
  // "May 5 people come?" is rare; "in May 20 people came" too.
  Reading reading = date(name + " " + english_ordinal(digits), end);
  const char32_t dash = written.code_point(end);
  std::size_t second = end + written.width(end);
  std::size_t second_end = written.digits_end(second);
  if ((dash == U'-' || dash == U'–') && second_end > second && second_end <= second + 2 &&
      small_number(written.slice(second, second_end)) <= 31) {
    reading.spoken += " to " + english_ordinal(written.slice(second, second_end));
    reading.end = ordinal_end(written, second_end);
  }
  add_year(written, reading);
  return reading;
}

// "5 March 2024", "5th of March", "1-3 May"
std::optional<Reading> day_before_month(const WrittenText& written, std::size_t at) {
  const std::size_t number_end = written.digits_end(at);
  const std::string_view digits = written.slice(at, number_end);
  const int day = small_number(digits);
  if (digits.empty() || digits.size() > 2 || day < 1 || day > 31) return std::nullopt;
  std::size_t end = ordinal_end(written, number_end);
  const bool ordinal = end > number_end;
  std::size_t word = written.skip_blanks(end);
  if (word == end && written.peek(word) == '-') ++word;  // 5-Mar-2024
  if (word == end) return std::nullopt;
  bool of = false;
  if (ordinal && written.starts_with(word, "of ")) {
    of = true;
    word = written.skip_blanks(word + 3);
  }
  std::size_t word_end = written.letters_end(word);
  const int month = month_of(written.slice(word, word_end));
  if (month == 0) return std::nullopt;
  // "I have 5 May baskets" is rare; "2 Mar" needs no full stop.
  if (written.peek(word_end) == '.' && written.slice(word, word_end) != month_name(month)) ++word_end;
  const std::string name(month_name(month));
  Reading reading =
      date(of ? english_ordinal(digits) + " of " + name : name + " " + english_ordinal(digits), word_end);
  if (written.peek(word_end) == '-' &&
      is_year(written.slice(word_end + 1, written.digits_end(word_end + 1)))) {
    reading.end = written.digits_end(word_end + 1);
    reading.spoken += " " + english_year(written.slice(word_end + 1, reading.end));
    return reading;
  }
  const std::size_t year = written.skip_blanks(word_end);
  const std::size_t year_end = written.digits_end(year);
  if (year > word_end && is_year(written.slice(year, year_end)) && !written.letter_at(year_end) &&
      written.peek(year_end) != ':') {
    reading.spoken += " " + english_year(written.slice(year, year_end));
    reading.end = year_end;
  } else if (written.peek(word_end) == ',') {
    add_year(written, reading);
  }
  return reading;
}

std::string decade_of(std::string spoken) {
  return spoken.ends_with('y') ? spoken.substr(0, spoken.size() - 1) + "ies" : spoken + "s";
}

// "1990s", "'90s", "the 90s", "mid-80s", "in his 20s"
std::optional<Reading> read_decade(const WrittenText& written, std::size_t at) {
  std::size_t begin = at;
  const char32_t c = written.code_point(at);
  const bool apostrophe = (c == U'\'' || c == U'’' || c == U'‘') && written.word_begins(at);
  if (apostrophe) begin += written.width(at);
  const std::size_t end = written.digits_end(begin);
  const std::string_view digits = written.slice(begin, end);
  std::size_t behind = end;
  if (written.peek(behind) == '\'') ++behind;
  const bool plural = written.peek(behind) == 's' && written.word_ends(behind + 1);
  if (apostrophe && digits.size() == 2 && !plural && written.word_ends(end)) {
    // "class of '99"
    const bool zero = digits[0] == '0';
    return date((zero ? "oh " : "") + english_cardinal(digits), end);
  }
  if (!plural || digits.empty() || digits.back() != '0') return std::nullopt;
  if (!apostrophe && digits.size() == 4) {
    if (!is_year(digits)) return std::nullopt;
    return date(decade_of(english_year(digits)), behind + 1);
  }
  if (digits.size() != 2 || digits[0] < '1') return std::nullopt;
  const std::string_view before = written.word_before(at);
  const bool asked = is_one_of(before, {"the", "his", "her", "their", "my", "your", "our", "early", "mid",
                                        "late", "of", "and", "to", "into", "from", "past"}) ||
                     (written.peek(at - 1) == '-' && is_one_of(written.word_before(at - 1), {"mid"}));
  // "80s music": seconds are rarely so many.
  if (!apostrophe && !asked && digits[0] < '7') return std::nullopt;
  return date(digits == "10" ? "tens" : decade_of(english_cardinal(digits)), behind + 1);
}

// "2023-24", "1914–1918": the first year and what follows as a year.
std::optional<Reading> read_year_range(const WrittenText& written, std::size_t at) {
  const std::size_t end = written.digits_end(at);
  if (!is_year(written.slice(at, end))) return std::nullopt;
  const char32_t dash = written.code_point(end);
  if (dash != U'-' && dash != U'–' && dash != U'—') return std::nullopt;
  const std::size_t second = end + written.width(end);
  const std::size_t second_end = written.digits_end(second);
  const std::string_view digits = written.slice(second, second_end);
  if (written.letter_at(second_end) || written.peek(second_end) == '-' ||
      (written.peek(second_end) == '.' && written.digit_at(second_end + 1)))
    return std::nullopt;
  const int first = small_number(written.slice(at, end));
  const bool short_form = digits.size() == 2 && small_number(digits) > first % 100;
  if (!short_form) return std::nullopt;  // two whole years are read one by one
  if (!written.chinese())
    return date(english_year(written.slice(at, end)) + " to " +
                    (digits[0] == '0' ? "oh " + english_cardinal(digits) : english_cardinal(digits)),
                second_end);
  if (!written.starts_with(second_end, "年") && !written.starts_with(second_end, "赛季") &&
      !written.starts_with(second_end, "学年"))
    return std::nullopt;
  return date(chinese_digits(written.slice(at, end)) + "到" + chinese_digits(digits), second_end);
}

bool year_word_at(const WrittenText& written, std::size_t at) {
  return written.starts_with(at, "年") || written.starts_with(at, "学年") ||
         written.starts_with(at, "财年") || written.starts_with(at, "赛季") ||
         written.starts_with(at, "年度");
}

// 9·11, 3·15: days that are names.
std::optional<Reading> read_named_day(const WrittenText& written, std::size_t at) {
  const std::size_t end = written.digits_end(at);
  if (end > at + 2 || !(written.starts_with(end, "·") || written.starts_with(end, "•"))) return std::nullopt;
  const std::size_t second = end + written.width(end);
  const std::size_t second_end = written.digits_end(second);
  if (second_end == second || second_end > second + 2 || written.digit_before(at)) return std::nullopt;
  return date(chinese_digits(written.slice(at, end)) + chinese_digits(written.slice(second, second_end)),
              second_end);
}

// 2024年, 2010—2015年, 98年, 08年, 90后, 90年代, 公元前221年
std::optional<Reading> read_chinese_year(const WrittenText& written, std::size_t at) {
  const std::size_t end = written.digits_end(at);
  const std::string_view digits = written.slice(at, end);
  const std::size_t behind = written.skip_blanks(end);
  if (digits.size() == 2) {
    const bool born = written.starts_with(end, "后") && (digits[1] == '0' || digits[1] == '5');
    if (born && !written.starts_with(end, "后来")) return date(chinese_digits(digits), end);
    if (written.starts_with(behind, "年代")) return date(chinese_cardinal(digits), end);
    const bool span = [&] {
      for (const std::string_view more : {"年前", "年来", "年间", "年内", "年后", "年以", "年多", "年之",
                                          "年的时间", "年左右", "年级", "年期"}) {
        if (written.starts_with(behind, more)) return true;
      }
      return false;
    }();
    const int value = small_number(digits);
    if (written.starts_with(behind, "年") && !span && (digits[0] == '0' || value >= 70))
      return date(chinese_digits(digits), end);
    if (written.starts_with(behind, "级") && !written.starts_with(behind, "级别") && digits[0] == '0')
      return date(chinese_digits(digits), end);
    return std::nullopt;
  }
  const bool before_christ = written.ends_with(written.skip_blanks_back(at), "公元前");
  if (before_christ && digits.size() >= 2 && digits.size() <= 4 && year_word_at(written, behind))
    return date(chinese_digits(digits), end);
  if (digits.size() != 4) return std::nullopt;
  if (written.starts_with(behind, "年代")) return date(chinese_digits(digits), end);
  if (year_word_at(written, behind)) {
    // 1000年前 is a span, 2000年前 too, unless it is a year of ours.
    for (const std::string_view more : {"年前", "年来", "年历史", "年的历史", "年以前"}) {
      if (written.starts_with(behind, more) && digits.substr(2) == "00") return std::nullopt;
    }
    return date(chinese_digits(digits), end);
  }
  if (written.starts_with(end, "级") || written.starts_with(end, "届"))
    return date(chinese_digits(digits), end);
  std::size_t next = end + written.width(end);
  if (is_range_sign(written.code_point(end)) || written.starts_with(end, "至") ||
      written.starts_with(end, "到")) {
    const std::size_t second_end = written.digits_end(next);
    if (second_end == next + 4 &&
        (year_word_at(written, second_end) || (is_year(digits) && is_year(written.slice(next, second_end)) &&
                                               !written.starts_with(second_end, "元"))))
      return date(chinese_digits(digits), end);
  }
  // The second year of such a range, and one with a quarter behind it.
  const char32_t sign = written.code_point_before(at);
  if (is_year(digits) && (is_range_sign(sign) || sign == U'至')) {
    std::size_t first_end = at - (sign < 0x80 ? 1 : 3);
    if (first_end >= 4 && is_year(written.slice(first_end - 4, first_end)) &&
        !written.digit_before(first_end - 4) && (written.word_ends(end) && !written.han_at(end)))
      return date(chinese_digits(digits), end);
  }
  if (is_year(digits) && (written.starts_with(end, "Q") || written.starts_with(end, " Q")))
    return date(chinese_digits(digits), end);
  return std::nullopt;
}

// "Mon, Mar 5", "Tue.": days of the week before a date.
std::optional<Reading> read_weekday(const WrittenText& written, std::size_t at) {
  struct Day {
    std::string_view abbreviation;
    std::string_view name;
  };
  static constexpr std::array<Day, 11> kDays = {{{"Mon", "Monday"},
                                                 {"Tue", "Tuesday"},
                                                 {"Tues", "Tuesday"},
                                                 {"Wed", "Wednesday"},
                                                 {"Weds", "Wednesday"},
                                                 {"Thu", "Thursday"},
                                                 {"Thur", "Thursday"},
                                                 {"Thurs", "Thursday"},
                                                 {"Fri", "Friday"},
                                                 {"Sat", "Saturday"},
                                                 {"Sun", "Sunday"}}};
  const std::size_t end = written.letters_end(at);
  const std::string_view word = written.slice(at, end);
  for (const Day& day : kDays) {
    if (day.abbreviation != word) continue;
    const bool stop = written.peek(end) == '.';
    const std::size_t behind = stop ? end + 1 : end;
    const bool comma = written.peek(behind) == ',';
    const std::string_view next = written.word_after(comma ? behind + 1 : behind);
    const std::size_t next_begin = written.skip_blanks(comma ? behind + 1 : behind);
    const char32_t dash = written.code_point(behind);
    const bool range = (dash == U'-' || dash == U'–') && written.upper_at(behind + written.width(behind));
    const char32_t before = written.code_point_before(at);
    const bool second = before == U'-' || before == U'–';
    const bool ambiguous = word == "Sat" || word == "Sun" || word == "Wed" || word == "Mon" || word == "Fri";
    const bool dated = month_of(next) != 0 || written.digit_at(next_begin);
    if (!(stop && (dated || !ambiguous)) && !dated && !range && !second && ambiguous) return std::nullopt;
    if (dash == U'\'' || dash == U'’') return std::nullopt;
    const bool ends = stop && written.skip_blanks(behind) >= written.size();
    return date(std::string(day.name), ends ? end : behind);
  }
  return std::nullopt;
}

// "500 BC", "AD 79", "1066 CE" : the letters are read by themselves; here only the small number.
bool era_follows(const WrittenText& written, std::size_t end) {
  const std::size_t at = written.skip_blanks(end);
  return written.starts_with(at, "BC") || written.starts_with(at, "AD") || written.starts_with(at, "CE") ||
         written.starts_with(at, "B.C") || written.starts_with(at, "A.D");
}

// A count: a plural follows. "in 1500 people" is rare enough.
bool is_counted(const WrittenText& written, std::size_t end) {
  const std::size_t at = written.skip_blanks(end);
  if (at == end) return false;
  const std::string_view next = written.slice(at, written.letters_end(at));
  return (next.size() > 3 && next.ends_with('s') && !next.ends_with("ss") && next != "was" &&
          next != "this") ||
         is_one_of(next, {"people", "million", "billion", "men", "women", "children", "square", "cubic",
                          "more", "sheep"});
}

}  // namespace

bool is_month_name(std::string_view word) {
  return month_of(word) != 0;
}

std::optional<Reading> read_date(const WrittenText& written, std::size_t at) {
  if (!written.word_begins(at) && written.han_at(at)) return std::nullopt;
  if (written.digit_at(at)) {
    if (written.digit_before(at)) return std::nullopt;
    if (auto reading = read_numeric_date(written, at)) return reading;
    if (auto reading = read_year_range(written, at)) return reading;
    if (written.chinese()) {
      if (auto reading = read_named_day(written, at)) return reading;
      return read_chinese_year(written, at);
    }
    if (auto reading = day_before_month(written, at)) return reading;
    return read_decade(written, at);
  }
  if (written.chinese()) return std::nullopt;
  const char32_t c = written.code_point(at);
  if (c == U'\'' || c == U'’' || c == U'‘') return read_decade(written, at);
  if (!written.upper_at(at) || !written.word_begins(at)) return std::nullopt;
  const std::size_t end = written.letters_end(at);
  if (const int month = month_of(written.slice(at, end)); month != 0)
    return behind_month(written, month, end);
  return read_weekday(written, at);
}

std::optional<Reading> read_year(const WrittenText& written, std::size_t at) {
  if (written.chinese() || !written.digit_at(at) || written.digit_before(at)) return std::nullopt;
  const std::size_t end = written.digits_end(at);
  const std::string_view digits = written.slice(at, end);
  if (written.letter_at(end) || (written.peek(end) == '.' && written.digit_at(end + 1)) ||
      (written.peek(end) == ',' && written.digits_end(end + 1) == end + 4))
    return std::nullopt;
  if (era_follows(written, end) && digits.size() <= 4)
    return date(digits.size() == 4 ? english_year(digits) : english_cardinal(digits), end);
  const int value = digits.size() == 4 ? small_number(digits) : 0;
  if (value < 1100 || value >= 2100 || is_counted(written, end)) return std::nullopt;
  return date(english_year(digits), end);
}

}  // namespace anima::text
