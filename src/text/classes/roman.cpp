// Roman numerals: of kings they are ordinals, of chapters and wars cardinals; alone they are letters.
#include <array>

#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_reading.h"

namespace anima::text {
namespace {

int digit_of(char c) {
  switch (c) {
    case 'I':
      return 1;
    case 'V':
      return 5;
    case 'X':
      return 10;
    case 'L':
      return 50;
    case 'C':
      return 100;
    case 'D':
      return 500;
    case 'M':
      return 1000;
    default:
      return 0;
  }
}

std::string roman_of(int value) {
  static constexpr std::array<std::pair<int, std::string_view>, 13> kParts = {{{1000, "M"},
                                                                               {900, "CM"},
                                                                               {500, "D"},
                                                                               {400, "CD"},
                                                                               {100, "C"},
                                                                               {90, "XC"},
                                                                               {50, "L"},
                                                                               {40, "XL"},
                                                                               {10, "X"},
                                                                               {9, "IX"},
                                                                               {5, "V"},
                                                                               {4, "IV"},
                                                                               {1, "I"}}};
  std::string text;
  for (const auto& [part, letters] : kParts) {
    while (value >= part) {
      text += letters;
      value -= part;
    }
  }
  return text;
}

// 0 where it is no numeral in its usual form.
int value_of(std::string_view letters) {
  if (letters.empty() || letters.size() > 12) return 0;
  int value = 0;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const int digit = digit_of(letters[i]);
    if (digit == 0) return 0;
    const int next = i + 1 < letters.size() ? digit_of(letters[i + 1]) : 0;
    value += digit < next ? -digit : digit;
  }
  return value > 0 && value < 4000 && roman_of(value) == letters ? value : 0;
}

bool is_title(std::string_view word) {
  return is_one_of(word, {"king", "queen", "pope", "emperor", "empress", "tsar", "czar", "kaiser", "sultan",
                          "prince", "shah", "duke", "pharaoh"});
}

bool is_regnal_name(std::string_view word) {
  return is_capitalised(word) &&
         is_one_of(
             word,
             {"henry",       "louis",    "george",     "elizabeth", "charles",    "edward",    "william",
              "james",       "richard",  "mary",       "philip",    "napoleon",   "francis",   "frederick",
              "wilhelm",     "nicholas", "alexander",  "peter",     "catherine",  "ivan",      "leo",
              "pius",        "paul",     "benedict",   "gregory",   "innocent",   "clement",   "urban",
              "ramses",      "ramesses", "ptolemy",    "cleopatra", "darius",     "xerxes",    "otto",
              "albert",      "leopold",  "gustav",     "carl",      "christian",  "haakon",    "harald",
              "olaf",        "carlos",   "alfonso",    "ferdinand", "emmanuel",   "umberto",   "mehmed",
              "suleiman",    "selim",    "murad",      "john",      "robert",     "thomas",    "david",
              "constantine", "boniface", "sixtus",     "julius",    "felipe",     "margrethe", "beatrix",
              "juan",        "joseph",   "maximilian", "rudolf",    "sigismund",  "michael",   "stephen",
              "theodore",    "kenneth",  "thutmose",   "amenhotep", "artaxerxes", "cyrus",     "rama",
              "davis",       "trump",    "walter",     "martin",    "samuel",     "hamad",     "hassan",
              "mohammed",    "abdullah"});
}

bool is_numbered_thing(std::string_view word) {
  return is_one_of(word, {"chapter",  "part",    "war",       "book",       "volume",  "vol",      "act",
                          "scene",    "section", "phase",     "type",       "class",   "level",    "figure",
                          "fig",      "table",   "appendix",  "article",    "title",   "unit",     "stage",
                          "grade",    "group",   "category",  "round",      "season",  "episode",  "version",
                          "bowl",     "fantasy", "step",      "tier",       "factor",  "division", "page",
                          "lesson",   "module",  "amendment", "generation", "mark",    "olympiad", "vatican",
                          "rocky",    "quest",   "schedule",  "annex",      "corps",   "gen",      "apollo",
                          "saturn",   "no",      "number",    "calculus",   "algebra", "physics",  "symphony",
                          "concerto", "sonata",  "opus",      "canto",      "psalm",   "line",     "series",
                          "path",     "cycle",   "movement",  "paragraph",  "verse",   "rule",     "item",
                          "exercise", "problem", "theorem",   "lemma",      "zone",    "sector",   "area",
                          "kombat",   "effect",  "souls",     "redemption"});
}

std::optional<Reading> english_roman(const WrittenText& written, std::size_t at, std::size_t end, int value,
                                     bool sign) {
  const std::string digits = std::to_string(value);
  const std::string_view before = written.word_before(at);
  const std::size_t before_begin = written.word_before_begin(at);
  const std::string_view earlier = before.empty() ? std::string_view{} : written.word_before(before_begin);
  const std::string_view after = written.word_after(end);
  const bool adjacent = at > 0 && written.peek(at - 1) == ' ';
  const auto say = [&](std::string spoken) { return Reading{std::move(spoken), end, WrittenClass::kRoman}; };
  const bool one_letter = end - at == 1;
  if (is_one_of(after, {"century", "centuries", "dynasty"}) && (value > 1 || is_title(earlier)))
    return say(english_ordinal(digits));
  if (adjacent && is_numbered_thing(before)) {
    // "the part I like" is no numeral, "Part I" and "chapter I" are.
    const bool speaks =
        one_letter && value == 1 && !is_capitalised(before) && !after.empty() && !is_capitalised(after);
    if (!speaks) return say(english_cardinal(digits));
  }
  if (adjacent && (is_regnal_name(before) || (is_title(earlier) && is_capitalised(before)))) {
    const bool lower_follows = !after.empty() && !is_capitalised(after) && written.peek(end) == ' ';
    const bool kings =
        is_title(earlier) || is_one_of(after, {"of", "and", "reigned", "ruled", "was", "died"});
    if (!one_letter || !lower_follows || kings) {
      if (!(one_letter && value > 10 && !is_title(earlier)))  // "Peter C", "John D": an initial
        return say("the " + english_ordinal(digits));
    }
    return std::nullopt;
  }
  if (sign) return say(english_cardinal(digits));
  const bool small = written.slice(at, end).find_first_not_of("IVX") == std::string_view::npos;
  if (adjacent && end - at >= 2 && small && is_capitalised(before) && before.size() > 1 &&
      !is_one_of(before, {"the", "an", "a", "in", "on", "this", "my"})) {
    if (!earlier.empty() && is_regnal_name(earlier)) return say("the " + english_ordinal(digits));
    return say(english_cardinal(digits));
  }
  // "II-IV", "I–III"
  const char32_t range = written.code_point_before(at);
  if ((range == U'-' || range == U'–') && small && end - at >= 2) {
    const std::size_t sign_begin = at - (range == U'-' ? 1 : 3);
    std::size_t first = sign_begin;
    while (first > 0 && digit_of(written.peek(first - 1)) != 0) --first;
    if (first < sign_begin && value_of(written.slice(first, sign_begin)) > 0)
      return say(english_cardinal(digits));
  }
  return std::nullopt;
}

std::optional<Reading> chinese_roman(const WrittenText& written, std::size_t at, std::size_t end, int value,
                                     bool sign) {
  const auto say = [&] {
    return Reading{chinese_cardinal(std::to_string(value)), end, WrittenClass::kRoman};
  };
  const std::size_t before = written.skip_blanks_back(at);
  const std::size_t after = written.skip_blanks(end);
  const bool behind_number_word = written.ends_with(before, "第");
  bool counted = false;
  for (const std::string_view word : {"世纪", "世", "章", "卷", "集", "部", "期", "级", "类",   "型", "届",
                                      "册",   "篇", "节", "区", "段", "等", "度", "号", "象限", "代"})
    counted = counted || written.starts_with(after, word);
  const bool small = written.slice(at, end).find_first_not_of("IVX") == std::string_view::npos;
  if (sign || behind_number_word || (counted && small)) return say();
  if (small && end - at >= 2 && is_han(written.code_point_before(before))) {
    Reading reading = say();
    for (const std::string_view king :
         {"亨利",       "路易",   "伊丽莎白", "查理",     "查尔斯", "爱德华",   "威廉", "乔治",
          "拿破仑",     "腓特烈", "尼古拉",   "亚历山大", "菲利普", "腓力",     "保罗", "庇护",
          "叶卡捷琳娜", "詹姆斯", "理查",     "拉美西斯", "托勒密", "古斯塔夫", "本笃", "约翰"}) {
      if (written.ends_with(before, king)) reading.spoken += "世";
    }
    return reading;
  }
  const std::string_view word = written.word_before(at);
  if (small && end - at >= 2 && is_capitalised(word) && written.peek(at - 1) == ' ') return say();
  return std::nullopt;
}

}  // namespace

std::optional<Reading> read_roman(const WrittenText& written, std::size_t at) {
  const char32_t c = written.code_point(at);
  constexpr char32_t kOne = 0x2160;  // Ⅰ; the twelve that have a character, and L C D M
  if (c >= kOne && c <= kOne + 11) {
    const int value = static_cast<int>(c - kOne) + 1;
    const std::size_t end = at + written.width(at);
    return written.chinese() ? chinese_roman(written, at, end, value, true)
                             : english_roman(written, at, end, value, true);
  }
  if (digit_of(written.peek(at)) == 0 || !written.word_begins(at)) return std::nullopt;
  const std::size_t end = written.letters_end(at);
  if (written.digit_at(end) || written.peek(end) == '\'') {
    // "Henry VIII's wives"
    if (!(written.starts_with(end, "'s") && !written.letter_at(end + 2))) return std::nullopt;
  }
  const int value = value_of(written.slice(at, end));
  if (value == 0) return std::nullopt;
  auto reading = written.chinese() ? chinese_roman(written, at, end, value, false)
                                   : english_roman(written, at, end, value, false);
  if (reading && written.starts_with(end, "'s") && !written.letter_at(end + 2)) {
    reading->spoken += "'s";
    reading->end += 2;
  }
  return reading;
}

}  // namespace anima::text
