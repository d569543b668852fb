#include "text/emphasis.h"

#include <algorithm>
#include <string>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/lookahead.h"

namespace anima::text {
namespace {

constexpr std::size_t kLongestWait = 256;  // bytes
constexpr std::size_t kMostBelieved = 32;

bool is_space(char32_t c) {
  return c == 0 || is_blank(c);
}

// Punctuation and symbols (CommonMark 0.31: Unicode categories P and S), by block.
bool is_punctuation(char32_t c) {
  if (c < 0x80) return is_ascii_punctuation(static_cast<char>(c));
  if (c < 0x100)
    return c == 0xD7 || c == 0xF7 ||
           (c <= 0xBF && c != 0xAA && c != 0xB5 && c != 0xBA && c != 0xB2 && c != 0xB3 && c != 0xB9 &&
            !(c >= 0xBC && c <= 0xBE));
  return (c >= 0x2010 && c <= 0x205E) || (c >= 0x20A0 && c <= 0x20CF) || (c >= 0x2190 && c <= 0x2BFF) ||
         (c >= 0x3001 && c <= 0x3003) || (c >= 0x3008 && c <= 0x3020) || c == 0x3030 ||
         (c >= 0xFE10 && c <= 0xFE6F) || (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
         (c >= 0xFF3B && c <= 0xFF40) || (c >= 0xFF5B && c <= 0xFF65) || is_emoji(c);
}

bool is_alphanumeric(char32_t c) {
  return c < 0x80 && is_ascii_alphanumeric(static_cast<char>(c));
}

}  // namespace

Flanks flanks_of(char mark, std::size_t length, char32_t before, char32_t after) {
  const bool left = !is_space(after) &&
                    (!is_punctuation(after) || is_space(before) || is_punctuation(before) || is_wide(before));
  const bool right = !is_space(before) &&
                     (!is_punctuation(before) || is_space(after) || is_punctuation(after) || is_wide(after));
  if (mark == '_')
    return {left && (!right || is_punctuation(before)), right && (!left || is_punctuation(after))};
  if (mark == '~' || mark == '=')
    return {length == 2 && left && !is_alphanumeric(before), length == 2 && right && !is_alphanumeric(after)};
  if (is_alphanumeric(before) && is_alphanumeric(after) &&
      (length == 1 || is_digit(before) || is_digit(after)))
    return {};
  return {left, right};
}

bool Emphasis::run(PlainWriter& writer, char mark, std::size_t length, char32_t before, char32_t after) {
  const Flanks flanks = flanks_of(mark, length, before, after);
  std::size_t left = length;
  while (flanks.closes && left > 0) {
    std::size_t index = openers_.size();
    while (index > 0) {
      const Opener& opener = openers_[index - 1];
      // Rules 9 and 10: runs that may both begin and end pair only if their lengths do not add up to a
      // multiple of three (or both are one).
      const bool clash = (opener.flanks.closes || flanks.opens) && (opener.length + length) % 3 == 0 &&
                         (opener.length % 3 != 0 || length % 3 != 0);
      if (opener.mark == mark && !clash) break;
      --index;
    }
    if (index == 0) break;
    remove_behind(writer, index);
    Opener& opener = openers_.back();
    const std::size_t pair = opener.left >= 2 && left >= 2 ? 2 : 1;
    opener.left -= pair;
    left -= pair;
    if (opener.left == 0) {
      if (index > believed_) writer.drop(opener.id);
      in_words_ -= opener.in_word ? 1 : 0;
      openers_.pop_back();
      believed_ = std::min(believed_, openers_.size());
    }
  }
  if (left == 0) return true;
  const std::string rest(left, mark);
  if (!flanks.opens) {
    writer.text(rest);
    return false;
  }
  const bool in_word = is_alphanumeric(before) && is_alphanumeric(after);
  const bool before_letter = !is_punctuation(after) && !is_digit(after);
  const PlainWriter::MarkId id = writer.mark(rest);
  openers_.push_back({id, mark, left, length, flanks, in_word, before_letter, writer.position()});
  in_words_ += in_word ? 1 : 0;
  return false;
}

// Openers between a pair have found no partner: they are text.
void Emphasis::remove_behind(PlainWriter& writer, std::size_t index) {
  while (openers_.size() > index) {
    const Opener& opener = openers_.back();
    if (openers_.size() > believed_) writer.keep(opener.id, std::string(opener.left, opener.mark));
    in_words_ -= opener.in_word ? 1 : 0;
    openers_.pop_back();
    believed_ = std::min(believed_, openers_.size());
  }
}

void Emphasis::blank(PlainWriter& writer) {
  if (in_words_ == 0) return;
  for (std::size_t index = openers_.size(); index-- > believed_;) {
    const Opener& opener = openers_[index];
    if (!opener.in_word) continue;
    writer.keep(opener.id, std::string(opener.left, opener.mark));
    openers_.erase(openers_.begin() + static_cast<std::ptrdiff_t>(index));
  }
  in_words_ = 0;
}

void Emphasis::settle(PlainWriter& writer) {
  while (believed_ < openers_.size() && writer.position() - openers_[believed_].position > kLongestWait) {
    const Opener& opener = openers_[believed_];
    if (!opener.flanks.closes && opener.before_letter) {
      writer.drop(opener.id);
      ++believed_;
    } else {
      writer.keep(opener.id, std::string(opener.left, opener.mark));
      in_words_ -= opener.in_word ? 1 : 0;
      openers_.erase(openers_.begin() + static_cast<std::ptrdiff_t>(believed_));
    }
  }
  while (believed_ > kMostBelieved) {
    openers_.pop_front();
    --believed_;
  }
}

void Emphasis::end(PlainWriter& writer) {
  remove_behind(writer, 0);
  believed_ = in_words_ = 0;
}

}  // namespace anima::text
