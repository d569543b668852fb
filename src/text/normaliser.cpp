#include "text/normaliser.h"

#include <algorithm>

#include "text/characters.h"
#include "text/language.h"
#include "text/reading_tables.h"
#include "text/script.h"
#include "text/written_number.h"

namespace anima::text {
namespace {

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

class Reader {
 public:
  Reader(std::string_view text, bool chinese, bool plain)
      : text_(text), numbers_(text, chinese), chinese_(chinese), plain_(plain) {
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
    if (chinese_ && ends_quantity_range(c, next)) {
      say("到", at_, next);
      return;
    }
    if (!plain_ && numbers_.begin_at(at_)) {
      const std::size_t begin = at_;
      NumberReading number = numbers_.read(begin);
      const auto between = numbers_.read_between(number);
      say(std::move(number.spoken), begin, number.end);
      if (between) say(between->spoken, at_, between->end);
      return;
    }
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
    if (c == U'-' && peek(next) == '-') pause(',');
    if (is_emoji(c)) emoji_.push_back({c, at_});
    // '#' and '<' outside of numbers are markup more often than words.
    const bool markup = c == U'#' || c == U'<' || c == U'>' || c == U'=';
    const bool worded = !plain_ && (!markup || is_digit(code_point(skip_blanks(next))));
    say(std::string(worded ? symbol_reading(c, chinese_) : std::string_view{}), at_, next);
  }

  // The dash of "5月1日-7日" and "9点~11点".
  bool ends_quantity_range(char32_t c, std::size_t next) const {
    constexpr std::u32string_view kQuantities = U"年月日号点时分秒岁元块度章节页米级期届";
    const bool dash = c == U'-' || c == U'–' || c == U'—' || c == U'~' || c == U'～';
    return dash && ascii_digit(peek(next)) && !words_.empty() && words_.back().end == at_ &&
           kQuantities.find(last_code_point(words_.back().spoken)) != std::u32string_view::npos;
  }

  std::size_t skip_blanks(std::size_t at) const {
    while (at < text_.size() && text_[at] == ' ') ++at;
    return at;
  }

  // --- words ---------------------------------------------------------------------------------
  void read_word() {
    const std::size_t begin = at_;
    const Script script = script_of(code_point(begin));
    std::size_t end = begin;
    int letters = 0;
    while (end < text_.size()) {
      std::size_t next = end;
      const char32_t c = next_code_point(text_, next);
      const bool apostrophe = (c == U'\'' || c == U'’') && end > begin && letter_at(next);
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
          letters == 1 ? greek_letter_reading(code_point(begin), chinese_) : std::string_view{};
      const bool readable = chinese_ && script != Script::kNone && script != Script::kOther;
      say(!name.empty() ? std::string(name) : std::string(readable ? slice(begin, end) : ""), begin, end);
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
  WrittenNumbers numbers_;
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

std::vector<SpokenWord> normalise_text(std::string_view text, std::string_view language) {
  const std::string letters = language_of_text(text);
  const std::string found = !language.empty() ? std::string(language) : letters.empty() ? "en" : letters;
  // English text in a Chinese voice stays English: its numbers follow the text, not the voice.
  const bool chinese = found == "zh" && (letters.empty() || holds_han(text));
  const bool plain = found != "zh" && found != "en";
  const NarrowText narrowed = narrow(text);
  std::vector<SpokenWord> words = Reader(narrowed.text, chinese, plain).read();
  for (SpokenWord& word : words) {
    word.begin = narrowed.origin[word.begin];
    word.end = narrowed.origin[word.end];
  }
  return words;
}

}  // namespace anima::text
