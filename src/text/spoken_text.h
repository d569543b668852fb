// Text as it is to be spoken: what the normaliser makes and the speakers read.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "text/written_class.h"

namespace anima::text {

// One written word, number, date ... or Han character, with how it is read.
struct SpokenWord {
  // Plain words: letters and apostrophes, blanks between, a comma behind one that pauses; or Han
  // characters.
  std::string spoken;
  std::string mark;       // the pause after it: "", ",", ".", "?" or "!" (";", ":", dashes count as ",")
  std::size_t begin = 0;  // the written form: bytes [begin, end) of the text
  std::size_t end = 0;
  WrittenClass written = WrittenClass::kWord;
  // Numbered pinyin of the Han in `spoken` ("dong1 xi5"), where the user's dictionary gives it; empty:
  // found from the characters.
  std::string syllables = {};
};

}  // namespace anima::text
