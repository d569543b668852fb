// Marks of emphasis: * _ ~~ ==. CommonMark 0.31, section 6.2 ("delimiter runs"), read as the text comes.
#pragma once

#include <deque>

#include "text/plain_writer.h"

namespace anima::text {

struct Flanks {
  bool opens = false;
  bool closes = false;
};

// Whether a run of `length` marks between two characters (0: the edge of the block) may begin and end
// emphasis. Beyond CommonMark: Chinese is written without blanks, so its characters count as one where the
// other side is punctuation ("**“重点”**是", which CommonMark leaves); a product is no emphasis ("2*3*4",
// "a*b*c", "2**3"); "==" and "~~" (two, no more) stand at the edge of words ("a==b" is code).
Flanks flanks_of(char mark, std::size_t length, char32_t before, char32_t after);

// Decides which marks in `writer` vanish: those that find their partner.
class Emphasis {
 public:
  // A run of marks at the place that the writer has reached. True where it ended emphasis and began none.
  bool run(PlainWriter& writer, char mark, std::size_t length, char32_t before, char32_t after);
  // A blank was passed: what began inside a word ("a**b") ends with it.
  void blank(PlainWriter& writer);
  // No mark waits for its partner longer than 256 bytes. Then one that can only begin is believed.
  void settle(PlainWriter& writer);
  // The block ends: marks without a partner are text.
  void end(PlainWriter& writer);

 private:
  struct Opener {
    PlainWriter::MarkId id = 0;
    char mark = 0;
    std::size_t left = 0;    // marks without a partner
    std::size_t length = 0;  // of the whole run
    Flanks flanks;
    bool in_word = false;
    bool before_letter = false;
    std::size_t position = 0;
  };

  void remove_behind(PlainWriter& writer, std::size_t index);

  std::deque<Opener> openers_;
  std::size_t believed_ = 0;  // the first of them: their marks have vanished already
  std::size_t in_words_ = 0;  // how many stand inside a word
};

}  // namespace anima::text
