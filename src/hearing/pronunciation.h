// How words are pronounced, in the CMU phones of the acoustic model: good enough to find them in a
// sound, not to speak them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audio/phone_alignment.h"
#include "core/progress.h"

namespace anima::hearing {

// The CMU pronouncing dictionary of pocketsphinx-en-us, first pronunciations only.
class PronunciationDictionary {
 public:
  // Throws Error(kNotReady), naming the package, where the file is missing.
  explicit PronunciationDictionary(const std::filesystem::path& file);
  // Lines "word PH PH ..."; those that are not are passed over.
  static PronunciationDictionary parse(std::string text);

  // Empty for an unknown word. `word` in lower case.
  std::vector<std::string> find(const std::string& word) const;
  std::size_t size() const { return entries_.size(); }

 private:
  PronunciationDictionary() = default;
  void index();

  std::unique_ptr<const std::string> text_;  // the entries point into it
  std::unordered_map<std::string_view, std::string_view> entries_;
};

// The dictionary of the default model, loaded once per process. Thread-safe.
std::shared_ptr<const PronunciationDictionary> shared_pronunciation_dictionary();

// One AlignmentWord for each word. English by the dictionary, and by simple rules for words it
// lacks; Han characters by the pinyin that the program espeak-ng reads them with, its sounds put as
// the nearest English ones; numbers and other scripts as "any speech" of a likely length. Without
// espeak-ng Han characters are "any speech" too.
std::vector<audio::AlignmentWord> pronounce(const std::vector<std::string>& words,
                                            const PronunciationDictionary& dictionary,
                                            const WorkContext& context);

// Parts of the above, for tests: one syllable in eSpeak NG's mnemonics ("tS;'iA55N"), and an English word by
// its letters.
std::vector<std::string> phones_of_mandarin(const std::string& mnemonics);
std::vector<std::string> phones_by_letters(const std::string& word);

}  // namespace anima::hearing
