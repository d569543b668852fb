// How a text will be read, for whoever writes it: each written piece, its class and its words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/say_as.h"
#include "text/written_class.h"

namespace anima::text {

struct ExplainedPiece {
  std::string written;  // as in the text without its markup
  WrittenClass kind = WrittenClass::kWord;
  std::string spoken;     // words; empty for what is not said
  std::string syllables;  // numbered pinyin of the Han in `spoken`; empty where there is none
  std::string mark;       // the pause behind it: "", ",", ".", "?" or "!"
};

struct ExplainedClause {
  std::string written;
  std::string language;  // it is read in
  std::vector<ExplainedPiece> pieces;
};

// The clauses as they are spoken one after the other. `language` as in SpeechRequest: empty for found.
// Han are put together to words where the dictionary of Chinese is installed.
std::vector<ExplainedClause> explain_reading(std::string_view text, std::string_view language,
                                             const SayAs* say_as = nullptr);

}  // namespace anima::text
