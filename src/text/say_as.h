// The user's own dictionary: words and phrases, and how they are said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anima::text {

struct SayAsEntry {
  std::string written;   // a word or a phrase
  std::string language;  // "en", "zh"; empty: any
  std::string spoken;    // words, or numbered pinyin: "dong1 xi5"
};

// Whether every part of `spoken` is a syllable of numbered pinyin ("lv4", "nǚ" is not).
bool is_pinyin(std::string_view spoken);

// Immutable once made; safe for concurrent use.
class SayAs {
 public:
  SayAs() = default;
  // Throws Error(kInvalidArgument) for an entry that is empty, too long (kLongest_bytes), holds a line
  // break, or is in a language that has no reader.
  explicit SayAs(std::vector<SayAsEntry> entries);
  static constexpr std::size_t kLongest_bytes = 400;

  const std::vector<SayAsEntry>& entries() const { return entries_; }  // longest first
  bool empty() const { return entries_.empty(); }
  // The longest entry for text of `language` that is written at byte `at`, a whole word where it begins
  // and ends with Latin letters or digits. An entry without capitals stands for any case.
  const SayAsEntry* find(std::string_view text, std::size_t at, std::string_view language) const;
  // `text` with every entry's words in place of what is written, for engines that read text by
  // themselves. Pinyin becomes characters that sound so.
  std::string apply(std::string_view text, std::string_view language) const;

 private:
  std::vector<SayAsEntry> entries_;
};

// Frequent characters that are read so, one a syllable; empty where the dictionary is not installed or
// knows none for a syllable.
std::string characters_that_sound(std::string_view pinyin);

}  // namespace anima::text
