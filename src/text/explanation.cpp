#include "text/explanation.h"

#include "core/utf8.h"
#include "text/language.h"
#include "text/markup_reader.h"
#include "text/normaliser.h"
#include "text/pinyin_dictionary.h"
#include "text/pinyin_reading.h"
#include "text/splitter.h"

namespace anima::text {
namespace {

bool is_lone_han(const SpokenWord& word) {
  if (word.written != WrittenClass::kWord || !word.syllables.empty()) return false;
  std::size_t at = 0;
  return !word.spoken.empty() && is_han(next_code_point(word.spoken, at)) && at == word.spoken.size();
}

// The Han runs of one clause depend on each other for their readings: all are read at once, as the
// speaker does, and handed back by character.
class ClauseExplanation {
 public:
  ClauseExplanation(std::string_view clause, const std::vector<SpokenWord>& words)
      : clause_(clause), words_(words) {}

  std::vector<ExplainedPiece> explain() {
    for (std::size_t begin = 0; begin < words_.size();) {
      std::size_t end = begin;
      std::string run;
      // A run ends at a pause, and at what is not all Han.
      while (end < words_.size() && holds_only_han(words_[end].spoken) && words_[end].syllables.empty()) {
        run += words_[end].spoken;
        ++end;
        if (!words_[end - 1].mark.empty()) break;
      }
      if (end == begin) {
        add(begin, begin + 1, words_[begin].spoken, words_[begin].syllables);
        begin = begin + 1;
        continue;
      }
      add_run(begin, end, run);
      begin = end;
    }
    return std::move(pieces_);
  }

 private:
  static bool holds_only_han(std::string_view text) {
    if (text.empty()) return false;
    for (std::size_t at = 0; at < text.size();) {
      if (!is_han(next_code_point(text, at))) return false;
    }
    return true;
  }

  void add(std::size_t first, std::size_t behind, std::string spoken, std::string syllables) {
    const SpokenWord& last = words_[behind - 1];
    pieces_.push_back({std::string(clause_.substr(words_[first].begin, last.end - words_[first].begin)),
                       words_[first].written, std::move(spoken), std::move(syllables), last.mark});
  }

  void add_run(std::size_t first, std::size_t behind, const std::string& run) {
    const auto dictionary = shared_pinyin_dictionary();
    std::vector<HanWord> found;
    if (dictionary != nullptr) found = read_han_words(run, *dictionary);
    if (found.empty()) {
      for (std::size_t w = first; w < behind; ++w) add(w, w + 1, words_[w].spoken, {});
      return;
    }
    // Syllables by the byte at which their character begins in the run, and where words begin.
    std::vector<std::string> syllable_at(run.size());
    std::vector<bool> word_begins(run.size() + 1, false);
    for (const HanWord& word : found) {
      word_begins[word.begin] = true;
      std::size_t at = word.begin;
      for (const std::string& syllable : word.syllables) {
        syllable_at[at] = syllable;
        next_code_point(run, at);
      }
    }
    word_begins[run.size()] = true;
    std::size_t offset = 0;
    for (std::size_t w = first; w < behind;) {
      std::size_t next = w;
      std::string spoken;
      std::string syllables;
      do {
        for (std::size_t at = 0; at < words_[next].spoken.size();) {
          const std::string& syllable = syllable_at[offset + at];
          if (!syllables.empty()) syllables += ' ';
          syllables += syllable.empty() ? "?" : syllable;
          next_code_point(words_[next].spoken, at);
        }
        spoken += words_[next].spoken;
        offset += words_[next].spoken.size();
        ++next;
      } while (next < behind && !word_begins[offset] && is_lone_han(words_[w]) && is_lone_han(words_[next]));
      add(w, next, std::move(spoken), std::move(syllables));
      w = next;
    }
  }

  std::string_view clause_;
  const std::vector<SpokenWord>& words_;
  std::vector<ExplainedPiece> pieces_;
};

}  // namespace

std::vector<ExplainedClause> explain_reading(std::string_view text, std::string_view language,
                                             const SayAs* say_as) {
  TextSplitter splitter;
  std::vector<std::string> clauses;
  const std::string plain = without_markup(text);
  splitter.push(plain, clauses);
  splitter.finish(clauses);
  std::vector<ExplainedClause> result;
  std::string surrounding = language_to_read(plain, language);
  for (const std::string& written : clauses) {
    const std::string clause = without_blank_runs(written);
    const std::string found = language_to_read(clause, language, surrounding);
    if (!language_of_text(clause).empty()) surrounding = found;
    const std::vector<SpokenWord> words = normalise_text(clause, found, say_as);
    if (words.empty()) continue;
    result.push_back({clause, found, ClauseExplanation(clause, words).explain()});
  }
  return result;
}

}  // namespace anima::text
