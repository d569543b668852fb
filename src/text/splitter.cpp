#include "text/splitter.h"

#include <algorithm>

#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/written_text.h"

namespace anima::text {
namespace {

constexpr std::size_t kLongestWordBytes = 400;
constexpr double kHan_s = 0.22;
constexpr double kLatinLetter_s = 0.065;
constexpr double kDigit_s = 0.28;
constexpr double kOtherLetter_s = 0.10;

enum class Mark { kNone, kClause, kSentence };

Mark mark_of(char32_t c) {
  switch (c) {
    case U'。':
    case U'！':
    case U'？':
    case U'!':
    case U'?':
    case U'.':
    case U'…':
    case U'．':
    case U'\n':
    case U'｡':
    case U'؟':
    case U'।':
    case U'።':
      return Mark::kSentence;
    case U'，':
    case U'、':
    case U'；':
    case U'：':
    case U',':
    case U';':
    case U':':
    case U'—':
    case U'–':
    case U'،':
    case U'؛':
      return Mark::kClause;
    default:
      return Mark::kNone;
  }
}

// What follows a mark and still belongs to it.
bool is_closer(char32_t c) {
  constexpr std::u32string_view kClosers = U"”’\"')]}）】」』》〉";
  return kClosers.find(c) != std::u32string_view::npos;
}

double seconds_of(char32_t written) {
  const char32_t c = ascii_form(written);
  if (is_han(c)) return kHan_s;
  if (is_latin_letter(c)) return kLatinLetter_s;
  if (is_digit(c)) return kDigit_s;
  return c > 0x24F && !is_blank(c) && mark_of(c) == Mark::kNone && !is_emoji(c) ? kOtherLetter_s : 0;
}

// Bytes of the last sequence that may still be completed.
std::size_t incomplete_tail(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte >= 0xC0) {
      const std::size_t length = byte >= 0xF0 ? 4 : (byte >= 0xE0 ? 3 : 2);
      return length > back ? back : 0;
    }
    if (byte < 0x80) return 0;
  }
  return 0;
}

// Whether the full stop at `stop` belongs to the word before it.
bool belongs_to_word(std::string_view text, std::size_t begin, std::size_t stop) {
  std::size_t word = stop;
  while (word > begin &&
         (text[word - 1] == '.' || is_latin_letter(static_cast<unsigned char>(text[word - 1]))))
    --word;
  const std::string_view written = text.substr(word, stop + 1 - word);
  if (is_abbreviation(written)) return true;
  // An initial: "J. Smith". "I." ends a sentence more often than not.
  return written.size() == 2 && written[0] >= 'A' && written[0] <= 'Z' && written[0] != 'I';
}

// Whether what ends before `colon` says how the number behind is read: "code", 电话.
bool names_a_number(std::string_view text, std::size_t colon) {
  const WrittenText written(text, false);
  constexpr std::u32string_view kEnds = U"码号编话机真线间";
  if (kEnds.find(written.code_point_before(colon)) != std::u32string_view::npos) return true;
  return is_one_of(written.word_before(colon), {"code", "pin", "zip", "id", "number", "phone", "tel", "fax",
                                                "room", "flight", "call", "qq", "password", "otp", "no"});
}

// Whether the mark at `mark` ends the number of a list at the start of a line: "1. ", "- 12、".
bool numbers_a_list(std::string_view text, std::size_t begin, std::size_t mark) {
  constexpr int kMostDigits = 3;
  int digits = 0;
  std::size_t at = begin;
  for (std::size_t line = begin; line < mark; ++line) {
    if (text[line] == '\n') at = line + 1;
  }
  while (at < mark) {
    const char32_t c = ascii_form(next_code_point(text, at));
    if (is_digit(c)) {
      ++digits;
    } else if (digits > 0 || !(is_blank(c) || c == U'-' || c == U'*' || c == U'#' || c == U'>')) {
      return false;
    }
  }
  return digits > 0 && digits <= kMostDigits;
}

}  // namespace

TextSplitter::TextSplitter(const TextSplitterOptions& options) : options_(options) {}

// The byte behind the next piece, or npos where it is not known yet.
std::size_t TextSplitter::find_cut(bool final) const {
  const std::string_view text(buffer_);
  const std::size_t end = final ? text.size() : text.size() - incomplete_tail(text);
  const double minimum_s = first_ ? options_.first_minimum_s : options_.minimum_s;
  const double maximum_s = first_ ? options_.first_maximum_s : options_.maximum_s;
  double spoken_s = 0;
  std::size_t between_words = std::string_view::npos;  // the last place to cut without a mark
  std::size_t word_begin = begin_;
  bool glued = false;  // "Dr." belongs to the name behind the blank
  char32_t before = 0;
  std::size_t at = begin_;
  std::size_t limit = begin_;  // the byte behind the longest piece that may be
  for (int i = 0; i < std::max(1, options_.most_characters) && limit < end; ++i) next_code_point(text, limit);
  while (at < end) {
    if (at >= limit) return between_words != std::string_view::npos ? between_words : at;
    std::size_t next = at;
    const char32_t c = next_code_point(text, next);
    const Mark mark = mark_of(c);
    if (mark == Mark::kNone) {
      if (is_blank(c)) {
        word_begin = next;
        // A number and its unit, or two groups of digits, stay together.
        if (!is_digit(ascii_form(before)) && !glued && spoken_s > 0) between_words = next;
      } else if (is_han(c)) {
        if (is_han(before)) between_words = at;
        word_begin = next;
      }
      if (!is_blank(c)) glued = false;
      spoken_s += seconds_of(c);
      if (spoken_s > maximum_s && between_words != std::string_view::npos) return between_words;
      if (next - word_begin > kLongestWordBytes) return next;
      before = c;
      at = next;
      continue;
    }
    // The marks and closers that follow belong to this one ("?!", "……", "。”").
    Mark strongest = mark;
    bool wait = false;
    std::size_t behind = next;
    int stops = c == U'.' ? 1 : 0;
    char32_t after = 0;
    for (;;) {
      if (behind >= end) {
        wait = !final;
        after = 0;
        break;
      }
      if (behind >= limit) return limit;
      std::size_t further = behind;
      after = next_code_point(text, further);
      const Mark more = mark_of(after);
      if (more == Mark::kNone && !is_closer(after)) break;
      // An opening straight quote looks like a closing one: it has a letter behind it.
      if ((after == U'"' || after == U'\'') && further < end) {
        std::size_t peek = further;
        const char32_t letter = next_code_point(text, peek);
        if (is_latin_letter(letter) || is_han(letter)) break;
      }
      if (more == Mark::kSentence) strongest = Mark::kSentence;
      if (after == U'.') ++stops;
      behind = further;
    }
    const bool ascii_mark =
        c == U'.' || c == U',' || c == U':' || c == U';' || c == U'!' || c == U'?' || c == U'–';
    const bool single = behind == next;
    if (ascii_mark && single && wait) return std::string_view::npos;
    // Inside a number, a time or a web name there is no blank after the mark.
    const bool wide_mark =
        c == U'：' || c == U'．' || c == U'—' || (c == U'，' && before != ascii_form(before));
    const bool inside = single && after != 0 &&
                        ((ascii_mark && !is_blank(after) && !is_han(after) && !is_emoji(after)) ||
                         (wide_mark && is_digit(ascii_form(before)) && is_digit(ascii_form(after))));
    const bool list_mark =
        single && after != 0 && (c == U'.' || c == U'．' || c == U'、') && numbers_a_list(text, begin_, at);
    const bool part_of_word =
        list_mark || (c == U'.' && stops == 1 && belongs_to_word(text, begin_, at) && (after != 0 || !final));
    if (wait) return std::string_view::npos;
    // "code: 4071" is read by the word before the colon.
    const bool names_number = single && (c == U':' || c == U'：') && names_a_number(text, at) && [&] {
      std::size_t ahead = behind;
      while (ahead < end) {
        const char32_t more = next_code_point(text, ahead);
        if (more == U' ') continue;
        return is_digit(ascii_form(more));
      }
      wait = !final;
      return false;
    }();
    if (wait) return std::string_view::npos;
    if (!inside && !part_of_word && !names_number && spoken_s > 0 &&
        (strongest == Mark::kSentence || spoken_s >= minimum_s)) {
      // Blanks go with the piece before them: a piece begins with a word.
      while (behind < std::min(end, limit)) {
        std::size_t further = behind;
        if (!is_blank(next_code_point(text, further))) break;
        behind = further;
      }
      return behind;
    }
    before = c;
    glued = part_of_word;
    word_begin = behind;
    if (!inside && !part_of_word && !names_number && spoken_s > 0) between_words = behind;
    at = behind;
  }
  return final && end > begin_ ? end : std::string_view::npos;
}

void TextSplitter::cut_all(bool final, std::vector<std::string>& pieces) {
  for (;;) {
    const std::size_t cut = find_cut(final);
    if (cut == std::string_view::npos || cut <= begin_) break;
    pieces.push_back(buffer_.substr(begin_, cut - begin_));
    begin_ = cut;
    first_ = false;
  }
  // Moving the rest to the front costs its length: do so only once it is short against the gain.
  if (begin_ > buffer_.size() / 2) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
}

void TextSplitter::push(std::string_view text, std::vector<std::string>& pieces) {
  buffer_ += text;
  cut_all(false, pieces);
}

void TextSplitter::finish(std::vector<std::string>& pieces) {
  cut_all(true, pieces);
  buffer_.clear();
  begin_ = 0;
  first_ = true;
}

double estimated_speech_s(std::string_view text) {
  double seconds = 0;
  for (std::size_t at = 0; at < text.size();) seconds += seconds_of(next_code_point(text, at));
  return seconds;
}

std::string without_blank_runs(std::string_view text) {
  std::string result;
  bool blank_before = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const bool blank = is_blank(next_code_point(text, at));
    if (!blank || !blank_before) result += text.substr(begin, at - begin);
    blank_before = blank;
  }
  return result;
}

double natural_pause_s(std::string_view piece) {
  Mark mark = Mark::kNone;
  bool newline = false;
  for (std::size_t at = 0; at < piece.size();) {
    const char32_t c = next_code_point(piece, at);
    newline = newline || c == U'\n';
    if (is_blank(c) || is_closer(c) || is_emoji(c)) continue;
    mark = mark_of(c);
    newline = false;
  }
  if (newline) return 0.45;
  if (mark == Mark::kSentence) return 0.32;
  return mark == Mark::kClause ? 0.14 : 0.02;
}

}  // namespace anima::text
