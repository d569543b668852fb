#include "text/written_text.h"

#include <algorithm>

#include "core/utf8.h"
#include "text/characters.h"

namespace anima::text {

char32_t WrittenText::code_point(std::size_t at) const {
  return at < text_.size() ? next_code_point(text_, at) : 0;
}

char32_t WrittenText::code_point_before(std::size_t at) const {
  if (at == 0 || at > text_.size()) return 0;
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && (static_cast<unsigned char>(text_[begin]) & 0xC0U) == 0x80U) --begin;
  return next_code_point(text_, begin);
}

std::size_t WrittenText::width(std::size_t at) const {
  if (at >= text_.size()) return 0;
  std::size_t next = at;
  next_code_point(text_, next);
  return next - at;
}

bool WrittenText::letter_at(std::size_t at) const {
  return is_latin_letter(code_point(at));
}

bool WrittenText::han_at(std::size_t at) const {
  return is_han(code_point(at));
}

bool WrittenText::letter_before(std::size_t at) const {
  return is_latin_letter(code_point_before(at));
}

std::size_t WrittenText::digits_end(std::size_t at) const {
  while (digit_at(at)) ++at;
  return at;
}

std::size_t WrittenText::letters_end(std::size_t at) const {
  while (letter_at(at)) at += width(at);
  return at;
}

std::size_t WrittenText::skip_blanks(std::size_t at) const {
  while (peek(at) == ' ') ++at;
  return at;
}

std::size_t WrittenText::skip_blanks_back(std::size_t at) const {
  while (at > 0 && peek(at - 1) == ' ') --at;
  return at;
}

std::string_view WrittenText::word_after(std::size_t at) const {
  const std::size_t begin = skip_blanks(at);
  return slice(begin, letters_end(begin));
}

std::size_t WrittenText::word_before_begin(std::size_t at) const {
  std::size_t end = skip_blanks_back(std::min(at, text_.size()));
  if (end > 0 && std::string_view(".:,#").find(text_[end - 1]) != std::string_view::npos)
    end = skip_blanks_back(end - 1);
  std::size_t begin = end;
  while (begin > 0 && letter_before(begin)) {
    --begin;
    while (begin > 0 && (static_cast<unsigned char>(text_[begin]) & 0xC0U) == 0x80U) --begin;
  }
  return begin < end ? begin : at;
}

std::string_view WrittenText::word_before(std::size_t at) const {
  const std::size_t begin = word_before_begin(at);
  return begin == at ? std::string_view{} : slice(begin, letters_end(begin));
}

std::string small_letters(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  const std::string small = small_letters(word);
  return std::find(words.begin(), words.end(), small) != words.end();
}

bool is_capitalised(std::string_view word) {
  return !word.empty() && word[0] >= 'A' && word[0] <= 'Z';
}

void append_spoken(std::string& spoken, std::string_view more) {
  if (!spoken.empty() && !more.empty()) spoken += ' ';
  spoken += more;
}

void append_chinese(std::string& spoken, std::string_view more) {
  const bool latin = is_latin_letter(last_code_point(spoken)) || is_latin_letter(first_code_point(more));
  if (!spoken.empty() && !more.empty() && latin) spoken += ' ';
  spoken += more;
}

int small_number(std::string_view digits) {
  if (digits.size() > 9) return 1000000000;
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace anima::text
