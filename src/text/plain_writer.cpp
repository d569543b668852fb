#include "text/plain_writer.h"

#include <algorithm>

#include "core/utf8.h"
#include "text/characters.h"

namespace anima::text {
namespace {

// A Han character says as much as a short word; the sum forgets what was said long ago.
constexpr int kHanWeight = 4;
constexpr int kMostWeight = 200;
constexpr int kLongestWaitForLanguage = 64;  // characters

bool is_pause(char32_t c) {
  constexpr std::u32string_view kPauses = U".,;:!?…。，、；：！？．｡､—–،؛؟।።";
  return kPauses.find(c) != std::u32string_view::npos;
}

// What may stand behind a mark and belongs to it.
bool is_closer(char32_t c) {
  constexpr std::u32string_view kClosers = U"”’\"')]}）】」』》〉*_~";
  return kClosers.find(c) != std::u32string_view::npos || is_emoji(c);
}

bool is_ascii_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Bytes of the end that may be the beginning of a character.
std::size_t unfinished_bytes(std::string_view text) {
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

}  // namespace

void PlainWriter::append(std::string_view text) {
  if (text.empty()) return;
  position_ += text.size();
  line_begins_ = text.back() == '\n';
  if (pieces_.empty()) {
    ready_ += text;
    return;
  }
  if (pieces_.back().undecided) pieces_.emplace_back();
  pieces_.back().text += text;
}

void PlainWriter::text(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    if (is_ascii_blank(text[at])) {
      while (end < text.size() && is_ascii_blank(text[end])) ++end;
      const std::string_view blanks = text.substr(at, end - at);
      if (comma_ || line_) {
        swallowed_line_ = swallowed_line_ || blanks.find('\n') != std::string_view::npos;
      } else if (hold_blanks_) {
        blanks_ += blanks;
      } else {
        append(blanks);
      }
    } else {
      while (end < text.size() && !is_ascii_blank(text[end])) ++end;
      begin_word();
      const std::string_view word = text.substr(at, end - at);
      append(word);
      note(word);
    }
    at = end;
  }
}

void PlainWriter::begin_word() {
  if (comma_ || line_) {
    const bool pause = comma_ && !line_ && said_ && !marked_ && !line_begins_;
    if (pause) append(last_han_ ? "，" : ",");
    if (line_begins_) {
      // Whatever pause there is to be, the end of a line is one.
    } else if (line_ || swallowed_line_) {
      if (ever_said_) append("\n");
    } else if (said_ && !(pause && last_han_)) {
      append(" ");
    }
    comma_ = line_ = swallowed_line_ = false;
    if (pause) marked_ = true;
    blanks_.clear();
  }
  if (!blanks_.empty()) {
    append(blanks_);
    blanks_.clear();
  }
}

void PlainWriter::note(std::string_view text) {
  undecoded_ += text;
  const std::size_t end = undecoded_.size() - unfinished_bytes(undecoded_);
  const std::string_view whole = std::string_view(undecoded_).substr(0, end);
  for (std::size_t at = 0; at < whole.size();) note_character(next_code_point(whole, at));
  undecoded_.erase(0, end);
}

void PlainWriter::note_character(char32_t c) {
  said_ = ever_said_ = true;
  code_said_ = false;
  if (code_waits_ && ++waited_ > kLongestWaitForLanguage) name_code(false);
  if (is_pause(c)) {
    marked_ = true;
  } else if (!is_closer(c) && !is_blank(c)) {
    marked_ = false;
  }
  const bool han = is_han(c) || (c >= 0x3040 && c <= 0x30FF);
  if (!han && !is_latin_letter(c) && !is_digit(c)) return;
  // "100." would be an ordinal or a decimal begun, were it Chinese.
  last_han_ = han || (is_digit(c) && chinese_ > 0);
  if (is_digit(c)) return;
  chinese_ = std::clamp(chinese_ + (han ? kHanWeight : -1), -kMostWeight, kMostWeight);
  letters_ = true;
  if (code_waits_) name_code(han);
}

PlainWriter::MarkId PlainWriter::mark(std::string_view written) {
  begin_word();
  pieces_.push_back({std::string(written), true});
  position_ += written.size();
  line_begins_ = false;
  return first_piece_ + pieces_.size() - 1;
}

void PlainWriter::keep(MarkId id, std::string_view written) {
  if (id < first_piece_ || id - first_piece_ >= pieces_.size()) return;
  Piece& piece = pieces_[id - first_piece_];
  piece.text = written;
  piece.undecided = false;
  settle();
}

void PlainWriter::drop(MarkId id) {
  keep(id, "");
}

void PlainWriter::settle() {
  while (!pieces_.empty() && !pieces_.front().undecided) {
    ready_ += pieces_.front().text;
    pieces_.pop_front();
    ++first_piece_;
  }
}

void PlainWriter::hold_blanks(bool hold) {
  hold_blanks_ = hold;
  if (!hold && !blanks_.empty() && !comma_ && !line_) {
    append(blanks_);
    blanks_.clear();
  }
}

void PlainWriter::end_sentence() {
  blanks_.clear();
  if (said_ && !marked_ && !line_begins_) append(last_han_ ? "。" : ".");
  begin_unit();
}

void PlainWriter::begin_unit() {
  said_ = comma_ = false;
  marked_ = true;
}

void PlainWriter::comma() {
  comma_ = true;
  blanks_.clear();
}

void PlainWriter::new_line() {
  line_ = true;
  blanks_.clear();
}

void PlainWriter::code() {
  if (code_said_ || code_waits_) return;
  begin_word();
  if (letters_) {
    append(chinese_ > 0 ? "代码。" : "code.");
  } else {
    code_id_ = mark("code.");
    code_waits_ = true;
    waited_ = 0;
  }
  said_ = false;
  marked_ = ever_said_ = code_said_ = true;
}

void PlainWriter::name_code(bool chinese) {
  code_waits_ = false;
  keep(code_id_, chinese ? "代码。" : "code.");
}

void PlainWriter::release(std::string& plain, bool final) {
  if (final) {
    if (code_waits_) name_code(false);
    if (!comma_ && !line_) append(blanks_);
    for (Piece& piece : pieces_) piece.undecided = false;
    settle();
  }
  plain += ready_;
  ready_.clear();
  if (final) *this = PlainWriter();
}

}  // namespace anima::text
