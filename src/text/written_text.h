// A text that is being read, and how the classes of written things look around in it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "text/written_class.h"

namespace anima::text {

// What is written from where the reading began up to byte `end`, in words.
struct Reading {
  std::string spoken;
  std::size_t end = 0;
  WrittenClass written = WrittenClass::kWord;
  bool plain = false;  // a count, which may be multiplied, divided or be the end of a range
};

// A view: `text` must outlive it. Its digits, letters and signs are ASCII (full-width ones were
// narrowed), its blanks ' ' or '\n'. Looking beyond either end gives 0 or nothing.
class WrittenText {
 public:
  WrittenText(std::string_view text, bool chinese) : text_(text), chinese_(chinese) {}

  bool chinese() const { return chinese_; }
  std::string_view text() const { return text_; }
  std::size_t size() const { return text_.size(); }

  char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  char32_t code_point(std::size_t at) const;
  char32_t code_point_before(std::size_t at) const;
  // Bytes of the code point at `at`; 0 at the end.
  std::size_t width(std::size_t at) const;
  bool digit_at(std::size_t at) const { return peek(at) >= '0' && peek(at) <= '9'; }
  bool upper_at(std::size_t at) const { return peek(at) >= 'A' && peek(at) <= 'Z'; }
  bool lower_at(std::size_t at) const { return peek(at) >= 'a' && peek(at) <= 'z'; }
  bool letter_at(std::size_t at) const;  // Latin
  bool han_at(std::size_t at) const;
  bool digit_before(std::size_t at) const { return at > 0 && digit_at(at - 1); }
  bool letter_before(std::size_t at) const;
  // Neither a letter nor a digit there: a word that ends here ends whole.
  bool word_ends(std::size_t at) const { return !letter_at(at) && !digit_at(at); }
  bool word_begins(std::size_t at) const { return !letter_before(at) && !digit_before(at); }

  bool starts_with(std::size_t at, std::string_view what) const {
    return at <= text_.size() && text_.substr(at).starts_with(what);
  }
  bool ends_with(std::size_t end, std::string_view what) const {
    return end <= text_.size() && text_.substr(0, end).ends_with(what);
  }
  std::size_t digits_end(std::size_t at) const;
  std::size_t letters_end(std::size_t at) const;  // Latin
  std::size_t skip_blanks(std::size_t at) const;
  std::size_t skip_blanks_back(std::size_t at) const;
  std::string_view slice(std::size_t begin, std::size_t end) const {
    return begin < end && begin < text_.size() ? text_.substr(begin, end - begin) : std::string_view{};
  }

  // The Latin word, full stop excluded, that begins at `at` behind blanks, and the one that ends
  // before it (blanks and one of ".:,#" between). As it is written; empty where there is none.
  std::string_view word_after(std::size_t at) const;
  std::string_view word_before(std::size_t at) const;
  // Where the word of `word_before` begins; `at` itself where there is none.
  std::size_t word_before_begin(std::size_t at) const;

 private:
  std::string_view text_;
  bool chinese_;
};

// ASCII letters in lower case; all else as it is.
std::string small_letters(std::string_view text);
// Whether the lower case of `word` is one of these.
bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words);
// A capital at its beginning, ASCII.
bool is_capitalised(std::string_view word);
// Appends with one blank between, where both sides hold something.
void append_spoken(std::string& spoken, std::string_view more);
// The same without a blank where two Han characters meet or the text is Chinese on one side.
void append_chinese(std::string& spoken, std::string_view more);
int small_number(std::string_view digits);  // at most 9 digits count; longer: a billion

}  // namespace anima::text
