// Text as it is to be spoken: what the normaliser makes and the speakers read.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace anima::text {

// One written word, number, date ... or Han character, with how it is read.
struct SpokenWord {
  std::string spoken;     // plain words: letters and apostrophes, blanks between; or Han characters
  std::string mark;       // the pause after it: "", ",", ".", "?" or "!" (";", ":", dashes count as ",")
  std::size_t begin = 0;  // the written form: bytes [begin, end) of the text
  std::size_t end = 0;
};

}  // namespace anima::text
