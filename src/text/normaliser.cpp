#include "text/normaliser.h"

#include <algorithm>
#include <array>

#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/language.h"
#include "text/number_form.h"
#include "text/script.h"
#include "text/spelling.h"
#include "text/symbols.h"

namespace anima::text {
namespace {

bool ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

// The pause that a mark stands for, 0 where it is none.
char pause_of(char32_t c) {
  switch (c) {
    case U',':
    case U';':
    case U':':
    case U'，':
    case U'、':
    case U'､':
    case U'،':
    case U'؛':
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
    case U'｡':
    case U'।':
    case U'።':
    case U'…':
      return '.';
    case U'?':
    case U'？':
    case U'؟':
      return '?';
    case U'!':
    case U'！':
      return '!';
    default:
      return 0;
  }
}

// In the order in which they are asked: who comes first has the surer form.
constexpr std::array kClasses = {
    read_electronic, read_score,    read_date,        read_time,    read_version, read_telephone,
    read_money,      read_fraction, read_roman,       read_address, read_ordinal, read_abbreviation,
    read_digits,     read_measure,  read_mathematics, read_code,    read_year,    read_cardinal};

class Reader {
 public:
  Reader(std::string_view text, bool chinese, bool plain, std::string_view language, const SayAs* say_as)
      : text_(text),
        written_(text, chinese),
        language_(language),
        say_as_(say_as),
        chinese_(chinese),
        plain_(plain) {
    int capitals = 0;
    int letters = 0;
    for (const char c : text) {
      capitals += c >= 'A' && c <= 'Z' ? 1 : 0;
      letters += (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? 1 : 0;
    }
    shouted_ = letters > 12 && capitals > 0.8 * letters;
  }

  std::vector<SpokenWord> read() {
    while (at_ < text_.size()) step();
    if (words_.empty()) name_emoji();
    return std::move(words_);
  }

 private:
  std::string_view slice(std::size_t begin, std::size_t end) const { return written_.slice(begin, end); }

  // --- saying --------------------------------------------------------------------------------
  void say(std::string spoken, std::size_t begin, std::size_t end,
           WrittenClass written = WrittenClass::kWord) {
    at_ = end;
    if (spoken.empty()) return;
    // A class may say a pause inside: "March fifth, twenty twenty four".
    words_.push_back({std::move(spoken), "", begin, end, written});
  }
  void pause(char mark) {
    if (words_.empty()) return;
    std::string& old = words_.back().mark;
    // The stronger pause wins; a question stays one ("?!", "?...").
    if (old.empty() || (old == "," && mark != ',') || (old == "." && (mark == '?' || mark == '!')))
      old = mark;
  }

  void step() {
    std::size_t next = at_;
    const char32_t c = next_code_point(text_, next);
    if (is_blank(c) || c == 0xFFFD) {
      if (c == U'\n') end_line(next);
      at_ = next;
      return;
    }
    if (say_as_ != nullptr && read_say_as()) return;
    if (plain_ && is_digit(c)) {
      // As it is: its speaker knows the language's numbers.
      std::size_t end = next;
      while (written_.digit_at(end) ||
             ((written_.peek(end) == '.' || written_.peek(end) == ',' || written_.peek(end) == ':') &&
              written_.digit_at(end + 1)))
        ++end;
      say(std::string(slice(at_, end)), at_, end);
      return;
    }
    if (chinese_ && joins_quantities(c, next)) {
      say("到", at_, next, WrittenClass::kRange);
      return;
    }
    if (!plain_ && read_class()) return;
    if (is_han(c)) {
      const bool repeats = c == U'々' && !words_.empty() && is_han(last_code_point(words_.back().spoken));
      std::string spoken(slice(at_, next));
      if (repeats) spoken = encode_utf8(std::u32string(1, last_code_point(words_.back().spoken)));
      say(std::move(spoken), at_, next);
      return;
    }
    if (is_latin_letter(c) ||
        (is_foreign_letter(c) && !is_emoji(c) && pause_of(c) == 0 && symbol_reading(c, false).empty())) {
      read_word();
      return;
    }
    if (const char mark = pause_of(c); mark != 0) {
      pause(mark);
      at_ = next;
      return;
    }
    if (c == U'-' && written_.peek(next) == '-') pause(',');
    if (is_emoji(c)) emoji_.push_back({c, at_});
    // '#' and '<' outside of numbers are markup more often than words.
    const bool markup = c == U'#' || c == U'<' || c == U'>' || c == U'=';
    const bool worded = !plain_ && (!markup || written_.digit_at(written_.skip_blanks(next)));
    say(std::string(worded ? symbol_reading(c, chinese_) : std::string_view{}), at_, next,
        WrittenClass::kSymbol);
  }

  // --- classes -------------------------------------------------------------------------------
  bool read_class() {
    for (const auto read : kClasses) {
      std::optional<Reading> reading = read(written_, at_);
      if (!reading || reading->end <= at_) continue;
      const Reading found = *reading;
      say(std::move(reading->spoken), at_, found.end, found.written);
      join_next(found);
      return true;
    }
    return false;
  }

  // The sign between this and what follows.
  void join_next(const Reading& before) {
    if (chinese_ && before.written == WrittenClass::kElectronic) return;
    const char32_t c = written_.code_point(before.end);
    if (before.plain && (c == U'-' || c == U'−')) {
      if (const auto minus = read_mathematics(written_, before.end)) {
        say(minus->spoken, before.end, minus->end, minus->written);
        return;
      }
    }
    if (const auto sign = read_range_sign(written_, before)) say(sign->spoken, at_, sign->end, sign->written);
  }

  bool read_say_as() {
    const SayAsEntry* entry = say_as_->find(text_, at_, language_);
    if (entry == nullptr) return false;
    const std::size_t end = at_ + entry->written.size();
    if (!is_pinyin(entry->spoken)) {
      say(entry->spoken, at_, end, WrittenClass::kSayAs);
      return true;
    }
    // The speaker reads the syllables; the characters stand for them where text is asked for.
    const bool same = holds_only_han(entry->written);
    std::string characters = same ? entry->written : characters_that_sound(entry->spoken);
    if (characters.empty()) characters = entry->written;
    say(std::move(characters), at_, end, WrittenClass::kSayAs);
    words_.back().syllables = entry->spoken;
    return true;
  }

  static bool holds_only_han(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      if (!is_han(next_code_point(text, at))) return false;
    }
    return true;
  }

  // The dash of "5月1日-7日", "9点~11点" and "周一-周五".
  bool joins_quantities(char32_t c, std::size_t next) const {
    if (!is_range_sign(c) || words_.empty() || words_.back().end != at_) return false;
    const char32_t last = last_code_point(words_.back().spoken);
    constexpr std::u32string_view kQuantities = U"年月日号点时分秒岁元块度章节页米级期届";
    if (written_.digit_at(next)) return kQuantities.find(last) != std::u32string_view::npos;
    constexpr std::u32string_view kDays = U"一二三四五六日天";
    if (kDays.find(last) == std::u32string_view::npos) return false;
    return written_.starts_with(next, "周") || written_.starts_with(next, "星期") ||
           written_.starts_with(next, "礼拜");
  }

  // A line break between lines that stand apart: an empty line, or the items of a list.
  void end_line(std::size_t next) {
    if (written_.peek(next) == '\n') pause('.');
  }

  // --- words ---------------------------------------------------------------------------------
  void read_word() {
    const std::size_t begin = at_;
    const Script script = script_of(written_.code_point(begin));
    std::size_t end = begin;
    int letters = 0;
    while (end < text_.size()) {
      std::size_t next = end;
      const char32_t c = next_code_point(text_, next);
      const bool apostrophe = (c == U'\'' || c == U'’') && end > begin && written_.letter_at(next);
      if (!is_latin_letter(c) && !is_foreign_letter(c) && !apostrophe) break;
      const Script more = script_of(c);
      if (!plain_ && more != Script::kNone && more != script) break;
      letters += more == Script::kNone ? 0 : 1;
      end = next;
    }
    if (end == begin) next_code_point(text_, end);  // a combining mark without its letter
    if (plain_) {
      say(std::string(slice(begin, end)), begin, end);
      return;
    }
    if (script != Script::kLatin) {
      // Chinese is spoken with a voice for each script; English knows names of symbols alone.
      const std::string_view name =
          letters == 1 ? greek_letter_reading(written_.code_point(begin), chinese_) : std::string_view{};
      const bool readable = chinese_ && script != Script::kNone && script != Script::kOther;
      say(!name.empty() ? std::string(name) : std::string(readable ? slice(begin, end) : ""), begin, end);
      return;
    }
    // Names like "node.js" whose ending no table knows, but not "the end.Then": a sentence without its
    // blank.
    std::size_t dotted = end;
    while (written_.peek(dotted) == '.' && written_.letter_at(dotted + 1) && dotted - begin < 60)
      dotted = written_.letters_end(dotted + 1);
    std::size_t last_dot = dotted;
    while (last_dot > end && text_[last_dot] != '.') --last_dot;
    const std::string_view ending = slice(std::min(last_dot + 1, dotted), dotted);
    const bool dotted_name =
        dotted > end && !ending.empty() &&
        std::all_of(ending.begin(), ending.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (dotted_name) {
      std::string text;
      for (std::size_t part = begin; part < dotted;) {
        const std::size_t part_end = std::min(text_.find('.', part), dotted);
        if (!text.empty()) text += " dot ";
        text += say_word(slice(part, part_end), shouted_);
        part = part_end + 1;
      }
      say(std::move(text), begin, dotted, WrittenClass::kElectronic);
      return;
    }
    const std::string_view word = slice(begin, end);
    say(say_word(word, shouted_), begin, end,
        is_spelled(word, shouted_) ? WrittenClass::kLetters : WrittenClass::kWord);
    join_next({.spoken = {}, .end = end, .written = WrittenClass::kWord});
  }

  // Nothing but emoji: then they are the message.
  void name_emoji() {
    for (const auto& [emoji, begin] : emoji_) {
      const std::string_view name = emoji_reading(emoji, chinese_);
      if (name.empty()) continue;
      std::size_t end = begin;
      next_code_point(text_, end);
      words_.push_back({std::string(name), ",", begin, end, WrittenClass::kEmoji});
      if (words_.size() >= 3) break;
    }
  }

  std::string_view text_;
  WrittenText written_;
  std::string_view language_;
  const SayAs* say_as_;
  bool chinese_;
  bool plain_;  // neither English nor Chinese: only words and marks
  bool shouted_ = false;
  std::size_t at_ = 0;
  std::vector<SpokenWord> words_;
  std::vector<std::pair<char32_t, std::size_t>> emoji_;
};

// Text with full-width digits, letters and signs as ASCII, and where each byte comes from.
struct NarrowText {
  std::string text;
  std::vector<std::size_t> origin;  // of each byte, and of the end
};

NarrowText narrow(std::string_view written) {
  NarrowText result;
  bool wide_digit_before = false;
  const auto kind_at = [&](std::size_t at) {
    return at < written.size() ? ascii_form(next_code_point(written, at)) : U'\0';
  };
  for (std::size_t at = 0; at < written.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(written, at);
    char32_t ascii = ascii_form(c);
    if (c == U'＝') ascii = c;  // never markup
    // Blanks that do not break or are thin stand between a number and its unit.
    if (c == 0xA0 || c == 0x2009 || c == 0x202F || c == 0x2007 || c == U'\t') ascii = U' ';
    if (c == U'：' || c == U'．' || c == U'，') {
      // Marks, but for those inside a number: "10：30", "３．１４". A comma is so only in wide digits:
      // "100，200" is a list.
      const bool inside = !result.text.empty() && ascii_digit(result.text.back()) && is_digit(kind_at(at)) &&
                          (c != U'，' || (wide_digit_before && !ascii_digit(written[at])));
      if (!inside) ascii = c;
    }
    wide_digit_before = c != ascii && is_digit(ascii);
    if (ascii == c) {
      result.text += written.substr(begin, at - begin);
    } else {
      result.text += static_cast<char>(ascii);
    }
    result.origin.resize(result.text.size(), begin);
  }
  result.origin.push_back(written.size());
  return result;
}

}  // namespace

std::vector<SpokenWord> normalise_text(std::string_view text, std::string_view language,
                                       const SayAs* say_as) {
  const std::string letters = language_of_text(text);
  const std::string found = !language.empty() ? std::string(language) : letters.empty() ? "en" : letters;
  // English text in a Chinese voice stays English: its numbers follow the text, not the voice.
  const bool chinese = found == "zh" && (letters.empty() || holds_han(text) || !holds_english_words(text));
  const bool plain = found != "zh" && found != "en";
  const NarrowText narrowed = narrow(text);
  std::vector<SpokenWord> words = Reader(narrowed.text, chinese, plain,
                                         chinese ? "zh"
                                         : plain ? found
                                                 : "en",
                                         say_as)
                                      .read();
  for (SpokenWord& word : words) {
    word.begin = narrowed.origin[word.begin];
    word.end = narrowed.origin[word.end];
  }
  return words;
}

}  // namespace anima::text
