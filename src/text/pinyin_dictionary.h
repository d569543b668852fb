// Chinese words: how they are read and how frequent they are.
//
// The dictionary is the npm package @pinyin-pro/data (ISC; 350,000 words in simplified characters),
// which `npm ci` installs: many characters have several readings, and only the word they stand in
// tells which one it is (银行 yin2 hang2, 不行 bu4 xing2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anima::text {

// Immutable, safe for concurrent use. About 20 MB.
class PinyinDictionary {
 public:
  // Of a JSON object {"银行": ["yín háng", 7.684e-9], ...}. Throws Error(kNotFound) where there is no
  // such file and Error(kCorruptData) for another content.
  explicit PinyinDictionary(const std::filesystem::path& path);

  struct Word {
    std::string_view syllables;  // with tone marks, blanks between: "yín háng"
    float log_share = 0;         // natural logarithm of its share of running text
  };
  std::optional<Word> find(std::string_view word) const;
  std::size_t size() const { return entries_.size(); }
  // Of a word, in characters.
  static constexpr int kLongestWord = 16;

 private:
  struct Entry {
    std::uint32_t begin = 0;  // of the word in text_, its syllables behind it
    std::uint16_t word_bytes = 0;
    std::uint16_t syllables_bytes = 0;
    float log_share = 0;
  };
  std::string_view word(const Entry& entry) const { return {&text_[entry.begin], entry.word_bytes}; }

  std::string text_;
  std::vector<Entry> entries_;  // by their words' bytes
};

std::filesystem::path pinyin_dictionary_path();

// The installed one, loaded at the first call (0.2 s); null where it is not installed.
std::shared_ptr<const PinyinDictionary> shared_pinyin_dictionary();

// "hǎo" -> "hao3", "lǜ" -> "lv4", "de" -> "de5".
std::string numbered_syllable(std::string_view marked);

}  // namespace anima::text
