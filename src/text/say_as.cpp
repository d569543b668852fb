#include "text/say_as.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/utf8.h"
#include "text/characters.h"
#include "text/pinyin_dictionary.h"
#include "text/written_text.h"

namespace anima::text {
namespace {

bool is_word_character(char32_t c) {
  return is_latin_letter(c) || is_digit(c);
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < text.size();) {
    while (at < text.size() && text[at] == ' ') ++at;
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end;
  }
  return parts;
}

}  // namespace

bool is_pinyin(std::string_view spoken) {
  const std::vector<std::string_view> parts = parts_of(spoken);
  if (parts.empty()) return false;
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    if (part.size() < 2 || part.size() > 7 || part.back() < '1' || part.back() > '5') return false;
    return std::all_of(part.begin(), part.end() - 1, [](char c) { return c >= 'a' && c <= 'z'; });
  });
}

SayAs::SayAs(std::vector<SayAsEntry> entries) : entries_(std::move(entries)) {
  for (const SayAsEntry& entry : entries_) {
    for (const std::string* field : {&entry.written, &entry.spoken}) {
      const bool blank = std::all_of(field->begin(), field->end(), [](char c) { return c == ' '; });
      if (blank || field->size() > kLongest_bytes || !is_utf8(*field) ||
          std::any_of(field->begin(), field->end(), [](unsigned char c) { return c < 0x20; })) {
        throw Error(
            ErrorCode::kInvalidArgument,
            fmt::format(
                "the say-as entry \"{}\" -> \"{}\" has a part that is empty, longer than {} bytes, or "
                "not one line of UTF-8",
                entry.written.substr(0, 60), entry.spoken.substr(0, 60), kLongest_bytes),
            "give a word or a phrase, and the words or the pinyin (\"dong1 xi5\") that are to be said");
      }
    }
    if (!entry.language.empty() && entry.language != "en" && entry.language != "zh") {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("the say-as entry \"{}\" is for the language \"{}\"", entry.written, entry.language),
          "use en, zh, or none for both");
    }
  }
  std::stable_sort(entries_.begin(), entries_.end(), [](const SayAsEntry& a, const SayAsEntry& b) {
    return a.written.size() > b.written.size();
  });
}

const SayAsEntry* SayAs::find(std::string_view text, std::size_t at, std::string_view language) const {
  for (const SayAsEntry& entry : entries_) {
    if (!entry.language.empty() && entry.language != language) continue;
    const std::string_view there = text.substr(at, entry.written.size());
    if (there.size() < entry.written.size()) continue;
    const bool any_case = small_letters(entry.written) == entry.written;
    if (there != entry.written && !(any_case && small_letters(there) == entry.written)) continue;
    const WrittenText written(text, false);
    const std::size_t end = at + entry.written.size();
    if (is_word_character(first_code_point(there)) && is_word_character(written.code_point_before(at)))
      continue;
    if (is_word_character(last_code_point(there)) && is_word_character(written.code_point(end))) continue;
    return &entry;
  }
  return nullptr;
}

std::string SayAs::apply(std::string_view text, std::string_view language) const {
  if (entries_.empty()) return std::string(text);
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (const SayAsEntry* entry = find(text, at, language)) {
      std::string spoken = entry->spoken;
      if (is_pinyin(spoken)) {
        spoken = characters_that_sound(spoken);
        if (spoken.empty()) spoken = entry->written;
      }
      result += spoken;
      at += entry->written.size();
      continue;
    }
    const std::size_t begin = at;
    next_code_point(text, at);
    result += text.substr(begin, at - begin);
  }
  return result;
}

std::string characters_that_sound(std::string_view pinyin) {
  // Of each syllable the most frequent character that has no other reading.
  static const std::map<std::string, std::string> characters = [] {
    std::map<std::string, std::string> found;
    const auto dictionary = shared_pinyin_dictionary();
    if (dictionary == nullptr) return found;
    std::map<std::string, float> share;
    for (char32_t c = 0x4E00; c <= 0x9FA5; ++c) {
      std::string character;
      append_utf8(character, c);
      const auto word = dictionary->find(character);
      if (!word || word->syllables.find(' ') != std::string_view::npos) continue;
      const std::string syllable = numbered_syllable(word->syllables);
      const auto known = share.find(syllable);
      if (known != share.end() && known->second >= word->log_share) continue;
      share[syllable] = word->log_share;
      found[syllable] = character;
    }
    return found;
  }();
  std::string result;
  for (const std::string_view syllable : parts_of(pinyin)) {
    auto character = characters.find(std::string(syllable));
    // A neutral tone sounds nearest in the tone that there is.
    for (char tone = '1'; character == characters.end() && syllable.ends_with('5') && tone <= '4'; ++tone)
      character = characters.find(std::string(syllable.substr(0, syllable.size() - 1)) + tone);
    if (character == characters.end()) return {};
    result += character->second;
  }
  return result;
}

}  // namespace anima::text
