#include "voice/text_normaliser.h"

#include <algorithm>
#include <cstdlib>

#include "voice/number_reading.h"
#include "voice/reading_tables.h"
#include "voice/utf8.h"

namespace anima::voice {
namespace {

constexpr std::string_view kDigits = "0123456789";

bool ascii_digit(char c) {
  return c >= '0' && c <= '9';
}
bool ascii_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// The pause that a mark stands for, 0 where it is none.
char pause_of(char32_t c) {
  switch (c) {
    case U',':
    case U';':
    case U':':
    case U'，':
    case U'、':
    case U'；':
    case U'：':
    case U'—':
    case U'–':
    case U'(':
    case U')':
    case U'（':
    case U'）':
    case U'「':
    case U'」':
    case U'《':
    case U'》':
      return ',';
    case U'.':
    case U'。':
    case U'．':
    case U'…':
      return '.';
    case U'?':
    case U'？':
      return '?';
    case U'!':
    case U'！':
      return '!';
    default:
      return 0;
  }
}

class Reader {
 public:
  Reader(std::string_view text, bool chinese, bool plain) : text_(text), chinese_(chinese), plain_(plain) {
    int capitals = 0;
    int letters = 0;
    for (const char c : text) {
      capitals += ascii_upper(c) ? 1 : 0;
      letters += ascii_upper(c) || (c >= 'a' && c <= 'z') ? 1 : 0;
    }
    shouted_ = letters > 12 && capitals > 0.8 * letters;
  }

  std::vector<SpokenWord> read() {
    while (at_ < text_.size()) step();
    if (words_.empty()) name_emoji();
    return std::move(words_);
  }

 private:
  // --- looking -------------------------------------------------------------------------------
  char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  char32_t code_point(std::size_t at) const { return at < text_.size() ? next_code_point(text_, at) : 0; }
  bool letter_at(std::size_t at) const { return is_latin_letter(code_point(at)); }
  std::size_t digits_end(std::size_t at) const {
    while (at < text_.size() && ascii_digit(text_[at])) ++at;
    return at;
  }
  std::string_view slice(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }

  // --- saying --------------------------------------------------------------------------------
  void say(std::string spoken, std::size_t begin, std::size_t end) {
    if (!spoken.empty()) words_.push_back({std::move(spoken), "", begin, end});
    at_ = end;
  }
  void pause(char mark) {
    if (words_.empty()) return;
    std::string& old = words_.back().mark;
    // The stronger pause wins; a question stays one ("?!", "?...").
    if (old.empty() || (old == "," && mark != ',') || (old == "." && (mark == '?' || mark == '!')))
      old = mark;
  }

  std::string cardinal(std::string_view digits) const {
    return chinese_ ? chinese_cardinal(digits) : english_cardinal(digits);
  }
  std::string spelled_digits(std::string_view digits) const {
    return chinese_ ? chinese_digits(digits) : english_digits(digits);
  }
  std::string join(std::string a, std::string_view b) const {
    if (!chinese_ && !a.empty() && !b.empty()) a += ' ';
    return a.append(b);
  }
  // "1234", "3.14"; thousands separators already gone.
  std::string number(std::string_view whole, std::string_view decimals, bool counted = false) const {
    std::string text = counted && chinese_ && decimals.empty() ? chinese_count(whole) : cardinal(whole);
    if (decimals.empty()) return text;
    text = join(std::move(text), chinese_ ? "点" : "point");
    return join(std::move(text), spelled_digits(decimals));
  }

  void step() {
    std::size_t next = at_;
    const char32_t c = next_code_point(text_, next);
    if (is_blank(c) || c == 0xFFFD) {
      at_ = next;
      return;
    }
    if (plain_ && is_digit(c)) {
      // As it is: its speaker knows the language's numbers.
      std::size_t end = next;
      while (ascii_digit(peek(end)) ||
             ((peek(end) == '.' || peek(end) == ',' || peek(end) == ':') && ascii_digit(peek(end + 1))))
        ++end;
      say(std::string(slice(at_, end)), at_, end);
      return;
    }
    if (!plain_ && (is_digit(c) || starts_number(c, next))) {
      read_number();
      return;
    }
    if (is_han(c)) {
      say(std::string(slice(at_, next)), at_, next);
      return;
    }
    if (is_latin_letter(c) || (c > 0x24F && !is_emoji(c) && pause_of(c) == 0 &&
                               symbol_reading(c, false).empty() && is_foreign_letter(c))) {
      read_word();
      return;
    }
    if (const char mark = pause_of(c); mark != 0) {
      pause(mark);
      at_ = next;
      return;
    }
    if (c == U'-' && peek(next) == '-') pause(',');
    if (is_emoji(c)) emoji_.push_back({c, at_});
    // '#' and '<' outside of numbers are markup more often than words.
    const bool markup = c == U'#' || c == U'<' || c == U'>' || c == U'=';
    const bool worded = !plain_ && (!markup || is_digit(code_point(skip_blanks(next))));
    say(std::string(worded ? symbol_reading(c, chinese_) : std::string_view{}), at_, next);
  }

  static bool is_foreign_letter(char32_t c) {
    return (c >= 0x250 && c <= 0x1FFF && c != 0x37E) || (c >= 0x3041 && c <= 0x30FF) ||
           (c >= 0xAC00 && c <= 0xD7A3);
  }

  std::size_t skip_blanks(std::size_t at) const {
    while (at < text_.size() && text_[at] == ' ') ++at;
    return at;
  }

  bool starts_number(char32_t c, std::size_t next) const {
    if (!is_digit(code_point(next))) return false;
    if (c == U'-' || c == U'−') return at_ == 0 || !(letter_at(at_ - 1) || ascii_digit(text_[at_ - 1]));
    return currency_reading(slice(at_, next)).has_value();
  }

  // --- numbers -------------------------------------------------------------------------------
  void read_number() {
    const std::size_t begin = at_;
    if (read_date() || read_time() || read_dotted()) return;

    std::string_view sign;
    std::size_t at = begin;
    bool negative = false;
    if (!ascii_digit(text_[at])) {
      std::size_t next = at;
      next_code_point(text_, next);
      sign = slice(at, next);
      negative = sign == "-" || sign == "−";
      at = next;
    }
    std::string whole;
    std::size_t end = digits_end(at);
    whole = slice(at, end);
    // 1,234,567
    while (peek(end) == ',' && digits_end(end + 1) == end + 4) {
      whole += slice(end + 1, end + 4);
      end += 4;
    }
    std::string decimals;
    if (peek(end) == '.' && ascii_digit(peek(end + 1))) {
      const std::size_t decimals_end = digits_end(end + 1);
      decimals = slice(end + 1, decimals_end);
      end = decimals_end;
    }
    const bool grouped = end - at != whole.size() + (decimals.empty() ? 0 : decimals.size() + 1);
    const auto currency = currency_reading(sign);
    if (currency) {
      read_money(*currency, whole, decimals, begin, end);
      return;
    }
    if (!negative && decimals.empty() && !grouped && read_special_whole(whole, begin, end)) return;
    // A unit, with or without a blank before it.
    std::size_t unit_end = 0;
    const auto unit = unit_at(end, unit_end);
    if (unit) {
      std::string text;
      if (chinese_) {
        const bool cold = negative && unit->chinese.ends_with("度");
        text = unit->chinese_before
                   ? std::string(negative ? "负" : "") + std::string(unit->chinese) + number(whole, decimals)
                   : (cold ? "零下" : (negative ? "负" : "")) + number(whole, decimals, true) +
                         std::string(unit->chinese);
      } else {
        text = (negative ? "minus " : "") + number(whole, decimals);
        text = join(std::move(text), whole == "1" && decimals.empty() ? unit->singular : unit->plural);
      }
      say(std::move(text), begin, unit_end);
      return;
    }
    const bool counted = chinese_ && is_measure_word(code_point(end));
    std::string text = number(whole, decimals, counted);
    if (negative) text = join(chinese_ ? "负" : "minus", text);
    say(std::move(text), begin, end);
    read_infix();
  }

  // 2 followed by one of these is 两.
  static bool is_measure_word(char32_t c) {
    constexpr std::u32string_view kWords =
        U"个位只条张本件次天年周岁种台辆名块元百千万亿点小分斤公里米倍遍杯家";
    return c != 0 && kWords.find(c) != std::u32string_view::npos;
  }

  // Ranges, products and fractions behind a number: 5-10, 3x4, 1/2 were cut by the callers; here
  // only the sign between two numbers is said.
  void read_infix() {
    std::size_t next = at_;
    const char32_t c = at_ < text_.size() ? next_code_point(text_, next) : 0;
    if (!is_digit(code_point(next)) || c == 0) return;
    std::string_view word;
    if (c == U'-' || c == U'–' || c == U'~' || c == U'～') word = chinese_ ? "到" : "to";
    if (c == U'x' || c == U'X' || c == U'*' || c == U'×') word = chinese_ ? "乘" : "by";
    if (c == U'/') word = chinese_ ? "比" : "over";
    if (c == U':') word = chinese_ ? "比" : "to";
    if (!word.empty()) say(std::string(word), at_, next);
  }

  void read_money(const CurrencyReading& currency, const std::string& whole, const std::string& decimals,
                  std::size_t begin, std::size_t end) {
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
    say(std::move(text), begin, end);
  }

  // Whole numbers that are more than a count: ordinals, decades, years, telephone numbers, fractions.
  bool read_special_whole(const std::string& whole, std::size_t begin, std::size_t end) {
    const std::string_view after = text_.substr(end);
    if (!chinese_) {
      for (const std::string_view suffix : {"st", "nd", "rd", "th"}) {
        if (after.starts_with(suffix) && !letter_at(end + 2)) {
          say(english_ordinal(whole), begin, end + 2);
          return true;
        }
      }
      if (whole.size() == 4 && whole.back() == '0' && after.starts_with("s") && !letter_at(end + 1)) {
        std::string decade = english_year(whole);
        decade = decade.ends_with('y') ? decade.substr(0, decade.size() - 1) + "ies" : decade + "s";
        say(std::move(decade), begin, end + 1);
        return true;
      }
    }
    if (after.starts_with("/") && ascii_digit(peek(end + 1))) {  // 3/4
      const std::size_t fraction_end = digits_end(end + 1);
      const std::string_view below = slice(end + 1, fraction_end);
      if (below.size() <= 2 && peek(fraction_end) != '/' && below != "0" && below != "1") {
        std::string text;
        if (chinese_) {
          text = chinese_cardinal(below) + "分之" + chinese_cardinal(whole);
        } else {
          const bool one = whole == "1";
          const std::string part = below == "2"   ? (one ? "half" : "halves")
                                   : below == "4" ? (one ? "quarter" : "quarters")
                                                  : english_ordinal(below) + (one ? "" : "s");
          text = join(cardinal(whole), part);
        }
        say(std::move(text), begin, fraction_end);
        return true;
      }
    }
    if (chinese_ && whole.size() == 4 && code_point(end) == U'年') {
      say(chinese_digits(whole), begin, end);
      return true;
    }
    std::size_t unit_end = 0;
    if (unit_at(end, unit_end)) return false;
    const bool telephone = whole.size() > 1 && (whole[0] == '0' || whole.size() >= 10);
    if (telephone) {
      std::string text = spelled_digits(whole);
      if (chinese_) {  // in a telephone number one is 幺
        for (std::size_t at = text.find("一"); at != std::string::npos && whole.size() >= 7;
             at = text.find("一", at)) {
          text.replace(at, std::string_view("一").size(), "幺");
        }
      }
      say(std::move(text), begin, end);
      return true;
    }
    const int value = whole.size() == 4 ? std::atoi(whole.c_str()) : 0;
    if (!chinese_ && value >= 1100 && value < 2100 && !is_measured(end)) {
      say(english_year(whole), begin, end);
      return true;
    }
    return false;
  }

  // "1500 people" is a count: a plural follows. "in 1500 people" is rare enough.
  bool is_measured(std::size_t end) const {
    std::size_t at = skip_blanks(end);
    if (at == end) return false;
    std::size_t word = at;
    while (word < text_.size() && letter_at(word)) ++word;
    const std::string_view next = slice(at, word);
    return (next.size() > 3 && next.ends_with('s') && !next.ends_with("ss") && next != "was") ||
           next == "people" || next == "million" || next == "billion";
  }

  std::optional<UnitReading> unit_at(std::size_t end, std::size_t& unit_end) const {
    for (const std::size_t start : {end, end + 1}) {
      if (start == end + 1 && peek(end) != ' ') break;
      for (std::size_t length = std::min(kLongestUnitBytes, text_.size() - std::min(start, text_.size()));
           length > 0; --length) {
        const std::string_view candidate = text_.substr(start, length);
        const auto unit = unit_reading(candidate);
        if (!unit) continue;
        const char32_t after = code_point(start + length);
        if (is_latin_letter(after) || is_digit(after)) continue;
        // "5 m" is meters, "5 a" is not a unit; single letters need no blank before them, except those
        // that hardly mean anything else.
        if (start == end + 1 && length == 1 && candidate != "m" && candidate != "g" && candidate != "%")
          continue;
        unit_end = start + length;
        return unit;
      }
    }
    return std::nullopt;
  }

  // 2026-11-23, 2026/11/23, 23.11.2026, 11/23/2026
  bool read_date() {
    std::size_t a_end = digits_end(at_);
    const char separator = peek(a_end);
    if (a_end == at_ || (separator != '-' && separator != '/' && separator != '.')) return false;
    const std::size_t b_end = digits_end(a_end + 1);
    if (b_end == a_end + 1 || peek(b_end) != separator) return false;
    const std::size_t c_end = digits_end(b_end + 1);
    const std::string_view a = slice(at_, a_end);
    const std::string_view b = slice(a_end + 1, b_end);
    const std::string_view c = slice(b_end + 1, c_end);
    if (peek(c_end) == separator && ascii_digit(peek(c_end + 1))) return false;
    std::string_view year;
    std::string_view month;
    std::string_view day;
    if (a.size() == 4 && b.size() <= 2 && c.size() >= 1 && c.size() <= 2 && separator != '.') {
      year = a, month = b, day = c;
    } else if (c.size() == 4 && a.size() <= 2 && b.size() <= 2) {
      year = c;
      month = separator == '.' ? b : a;  // dots are European: the day first
      day = separator == '.' ? a : b;
    } else {
      return false;
    }
    const auto number_of = [](std::string_view digits) { return std::atoi(std::string(digits).c_str()); };
    if (number_of(month) > 12 && number_of(day) <= 12) std::swap(month, day);
    if (number_of(month) < 1 || number_of(month) > 12 || number_of(day) < 1 || number_of(day) > 31)
      return false;
    std::string text;
    if (chinese_) {
      text = chinese_digits(year) + "年" + chinese_cardinal(month) + "月" + chinese_cardinal(day) + "日";
    } else {
      text = std::string(english_month(number_of(month))) + " " + english_ordinal(day) + " " +
             english_year(year);
    }
    say(std::move(text), at_, c_end);
    return true;
  }

  // 9:30, 14:05:10, 9:30 am
  bool read_time() {
    const std::size_t hour_end = digits_end(at_);
    if (hour_end == at_ || hour_end > at_ + 2 || peek(hour_end) != ':') return false;
    const std::size_t minute_end = digits_end(hour_end + 1);
    if (minute_end != hour_end + 3) return false;
    const std::string hour(slice(at_, hour_end));
    const std::string minute(slice(hour_end + 1, minute_end));
    if (std::atoi(hour.c_str()) > 24 || std::atoi(minute.c_str()) > 59) return false;
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
    } else {
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
    }
    say(std::move(text), at_, end);
    return true;
  }

  // Versions and addresses: two dots or more between digits.
  bool read_dotted() {
    std::size_t end = digits_end(at_);
    int dots = 0;
    while (end > at_ && peek(end) == '.' && ascii_digit(peek(end + 1))) {
      ++dots;
      end = digits_end(end + 1);
    }
    if (dots < 2) return false;
    std::string text;
    std::size_t part = at_;
    while (part < end) {
      const std::size_t part_end = digits_end(part);
      if (part > at_) text = join(std::move(text), chinese_ ? "点" : "point");
      text = join(std::move(text), cardinal(slice(part, part_end)));
      part = part_end + 1;
    }
    say(std::move(text), at_, end);
    return true;
  }

  // --- words ---------------------------------------------------------------------------------
  void read_word() {
    const std::size_t begin = at_;
    std::size_t end = begin;
    while (end < text_.size()) {
      std::size_t next = end;
      const char32_t c = next_code_point(text_, next);
      const bool apostrophe = (c == U'\'' || c == U'’') && end > begin && letter_at(next);
      if (!is_latin_letter(c) && !is_foreign_letter(c) && !apostrophe) break;
      end = next;
    }
    if (plain_) {
      say(std::string(slice(begin, end)), begin, end);
      return;
    }
    // Abbreviations with their full stops: "Dr.", "e.g."
    std::size_t dotted = end;
    while (peek(dotted) == '.' && letter_at(dotted + 1) && dotted - begin < 60) {
      ++dotted;
      while (letter_at(dotted) && dotted < text_.size()) ++dotted;
    }
    if (peek(dotted) == '.' && is_abbreviation(slice(begin, dotted + 1))) {
      const std::string_view written = slice(begin, dotted + 1);
      const bool number_sign = written == "No." || written == "no.";
      const bool minutes = written == "min." || written == "Min.";
      const bool name_follows = is_digit(code_point(skip_blanks(dotted + 1)));
      if ((!number_sign || name_follows) && !minutes) {
        const bool last = skip_blanks(dotted + 1) >= text_.size();
        say(chinese_ ? std::string(slice(begin, end)) : std::string(abbreviation_reading(written)), begin,
            dotted + 1);
        if (last) pause('.');
        return;
      }
    }
    // Web names: "example.com", but not "the end.Then": a sentence without its blank.
    std::size_t last_dot = dotted;
    while (last_dot > end && text_[last_dot] != '.') --last_dot;
    const std::string_view ending = slice(std::min(last_dot + 1, dotted), dotted);
    const bool web_name =
        dotted > end && !ending.empty() &&
        std::all_of(ending.begin(), ending.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (web_name) {
      std::string text;
      std::size_t part = begin;
      while (part < dotted) {
        std::size_t part_end = std::min(text_.find('.', part), dotted);
        if (!text.empty()) text += " dot ";
        text += word_of(slice(part, part_end));
        part = part_end + 1;
      }
      say(std::move(text), begin, dotted);
      return;
    }
    say(word_of(slice(begin, end)), begin, end);
  }

  // Capitals are spelled, where they are no word and the whole text is not shouted.
  std::string word_of(std::string_view written) const {
    std::string word;
    for (std::size_t at = 0; at < written.size();) {
      const char32_t c = next_code_point(written, at);
      append_utf8(word, c == U'’' ? U'\'' : c);
    }
    std::string_view stem = word;
    std::string_view plural;
    if (stem.size() > 2 && stem.ends_with('s') && ascii_upper(stem[stem.size() - 2])) {
      plural = "s";
      stem.remove_suffix(1);
    }
    const bool capitals =
        stem.size() >= 2 && stem.size() <= 5 && std::all_of(stem.begin(), stem.end(), ascii_upper);
    if (!capitals || shouted_ || is_spoken_acronym(stem)) return word;
    std::string text;
    for (const char c : stem) {
      if (!text.empty()) text += ' ';
      text += c;
    }
    if (!plural.empty()) text += "'s";
    return text;
  }

  // Nothing but emoji: then they are the message.
  void name_emoji() {
    for (const auto& [emoji, begin] : emoji_) {
      const std::string_view name = emoji_reading(emoji, chinese_);
      if (name.empty()) continue;
      std::size_t end = begin;
      next_code_point(text_, end);
      words_.push_back({std::string(name), ",", begin, end});
      if (words_.size() >= 3) break;
    }
  }

  std::string_view text_;
  bool chinese_;
  bool plain_;  // neither English nor Chinese: only words and marks
  bool shouted_ = false;
  std::size_t at_ = 0;
  std::vector<SpokenWord> words_;
  std::vector<std::pair<char32_t, std::size_t>> emoji_;
};

}  // namespace

std::string language_of_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_han(next_code_point(text, at))) return "zh";
  }
  return "en";
}

std::vector<SpokenWord> normalise_text(std::string_view text, std::string_view language) {
  const std::string found = language.empty() ? language_of_text(text) : std::string(language);
  // English text in a Chinese voice stays English: numbers follow the text, not the voice.
  const bool chinese = found == "zh" && language_of_text(text) == "zh";
  const bool plain = found != "zh" && found != "en";
  return Reader(text, chinese, plain).read();
}

}  // namespace anima::voice
