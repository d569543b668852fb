#include "hearing/transcript.h"

#include <fmt/format.h>

#include <string_view>

#include "core/utf8.h"

namespace anima::hearing {
namespace {

bool is_blank(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r' || c == 0x3000 || c == 0xA0;
}

// Chinese characters and kana are words of their own; Hangul is written with blanks.
bool stands_alone(char32_t c) {
  return is_han(c) || (c >= 0x3041 && c <= 0x30FA);
}

bool is_wide_mark(char32_t c) {
  return is_wide(c) && !stands_alone(c) && !(c >= 0xAC00 && c <= 0xD7A3);
}

// Belongs to the word behind it.
bool opens(char32_t c) {
  return std::u32string_view(U"“‘«「『《〈【〖（［｛").find(c) != std::u32string_view::npos;
}

bool is_mark(char32_t c) {
  if (c >= U'！' && c <= U'～') c -= U'！' - U'!';  // full-width forms stand in the order of ASCII
  if (c >= 0x80) return (c >= 0x2000 && c <= 0x206F) || is_wide_mark(c);
  return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}

}  // namespace

std::vector<std::string> words_to_show(const std::string& text) {
  std::vector<std::string> words;
  std::u32string word;
  bool closed = false;   // a character that stands alone takes marks only
  bool opening = false;  // so far there are only marks that belong to what follows
  const auto flush = [&] {
    if (!word.empty()) words.push_back(encode_utf8(word));
    word.clear();
    closed = false;
    opening = false;
  };
  for (const char32_t c : decode_utf8(text, "the transcript")) {
    if (is_blank(c)) {
      flush();
      continue;
    }
    const bool alone = stands_alone(c);
    const bool begins = opens(c) || alone || (closed && !is_mark(c));
    if (begins && !opening) flush();
    word += c;
    opening = opens(c);
    closed = closed || alone || (is_wide_mark(c) && !opening);
  }
  flush();
  return words;
}

std::string join_texts(const std::string& first, const std::string& second) {
  if (first.empty()) return second;
  if (second.empty()) return first;
  const std::u32string before = decode_utf8(first, "the transcript");
  const std::u32string after = decode_utf8(second, "the transcript");
  const bool no_blank = is_wide(before.back()) || is_wide(after.front()) || is_blank(before.back());
  return first + (no_blank ? "" : " ") + second;
}

void add_marks(const std::string& text, std::vector<TranscribedWord>& words) {
  // Further away it is a later word that reads the same.
  constexpr std::size_t kReach_characters = 40;
  const std::u32string characters = decode_utf8(text, "the transcript");
  std::u32string_view rest = characters;
  for (TranscribedWord& word : words) {
    const std::u32string bare = decode_utf8(word.word, "the transcript");
    const std::size_t found = rest.substr(0, kReach_characters + bare.size()).find(bare);
    if (bare.empty() || found == std::u32string_view::npos) continue;
    rest.remove_prefix(found + bare.size());
    std::size_t marks = 0;
    while (marks < rest.size() && !is_blank(rest[marks]) && !opens(rest[marks]) &&
           (is_mark(rest[marks]) || rest[marks] == U'»')) {
      ++marks;
    }
    word.word += encode_utf8(rest.substr(0, marks));
    rest.remove_prefix(marks);
  }
}

namespace {

double word_time_s(const Transcript& transcript) {
  double time_s = 0;
  for (const TranscribedWord& word : transcript.words) time_s += word.end_s - word.start_s;
  return time_s;
}

}  // namespace

std::string doubt_of(const Transcript& transcript) {
  if (transcript.confidence < 0 || transcript.confidence >= kDoubtfulBelow) return {};
  const std::string language = transcript.language == "en" || transcript.language.empty()
                                   ? "English"
                                   : "the language '" + transcript.language + "'";
  return fmt::format("this does not sound like {} (confidence {:.2f}): most words are probably wrong",
                     language, transcript.confidence);
}

void append_transcript(Transcript& whole, const Transcript& piece, double offset_s) {
  const bool first = whole.text.empty();
  if (piece.text.empty()) return;
  const double before_s = word_time_s(whole);
  const double piece_s = word_time_s(piece);
  if (first) {
    whole.confidence = piece.confidence;
  } else if (whole.confidence >= 0 && piece.confidence >= 0 && before_s + piece_s > 0) {
    whole.confidence = (whole.confidence * before_s + piece.confidence * piece_s) / (before_s + piece_s);
  } else {
    whole.confidence = -1;
  }
  whole.text = join_texts(whole.text, piece.text);
  if (whole.language.empty()) whole.language = piece.language;
  // Times are worth something only where every piece has them.
  if (first) {
    whole.times = piece.times;
  } else if (piece.times == TimeSource::kNone || whole.times == TimeSource::kNone) {
    whole.times = TimeSource::kNone;
    whole.words.clear();
  } else if (piece.times > whole.times) {
    whole.times = piece.times;
  }
  if (whole.times == TimeSource::kNone) return;
  for (TranscribedWord word : piece.words) {
    word.start_s += offset_s;
    word.end_s += offset_s;
    whole.words.push_back(std::move(word));
  }
}

}  // namespace anima::hearing
