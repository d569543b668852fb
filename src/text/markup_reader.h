// Markdown and HTML, as chat models and web pages write it, as the plain text that is to be spoken.
//
//   std::string said = without_markup("# Menu\n* **Fish** &amp; [chips](https://example.com)\n");
//   // "Menu.\nFish & chips.\n"
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "text/markdown_blocks.h"
#include "text/markdown_inline.h"
#include "text/plain_writer.h"

namespace anima::text {

// What is no markup passes through byte by byte. Marks of emphasis, quotes, tags, comments, rules, footnotes
// and definitions vanish; a link is its text, a picture its description; a heading, an item, a row of a table
// and a block of HTML end like sentences, a cell with a comma; a block of code is "code", once ("代码" in
// Chinese text); formulas in dollars or \( \) are left as they are. What follows CommonMark 0.31, GitHub's
// tables, task lists and footnotes, and HTML, is tuned to doubt: "2*3*4", "snake_case", "i<3", "a<b && c>d",
// "#hashtag" and "-5" are text. docs/markup.md tells the whole. Takes any bytes; time is linear in them,
// memory bounded.
//
// However a text is cut into pieces, byte by byte too, its plain text is the same.
class MarkupReader {
 public:
  // Appends what is certain. An incomplete construct is held back, never more than 4 KiB of text.
  void push(std::string_view text, std::string& plain);
  // Appends the rest; ready for another text.
  void finish(std::string& plain);

 private:
  enum class Block { kNone, kParagraph, kItem, kHeading, kRow };

  void read();
  bool step();
  Ahead ahead() const;
  bool begin_line();
  bool begin_block(const Line& line);
  void begin_text(const Line& line);
  void end_line(std::size_t length);
  void end_block();
  bool read_fence();
  bool read_indented_code();
  bool read_note();
  bool drop_line();
  bool read_pipe();
  bool read_closing_hashes(bool& closes);
  void write_line_end();

  std::string buffer_;
  std::size_t at_ = 0;  // of what is not read yet in the buffer
  bool complete_ = false;
  PlainWriter writer_;
  InlineReader inline_;

  Block block_ = Block::kNone;
  std::string line_end_;  // of the line before, while it is not certain that it ends with it
  bool line_begins_ = true;
  bool behind_marker_ = false;  // of an item, on the same line
  bool blank_above_ = true;
  bool in_list_ = false;
  bool quoted_ = false;  // this line

  char fence_ = 0;  // of the open block of code
  std::size_t fence_length_ = 0;
  bool fence_quoted_ = false;
  bool indented_code_ = false;
  bool in_note_ = false;     // a footnote, which goes on as long as lines are indented
  bool drops_line_ = false;  // up to its end
  bool drops_end_ = false;   // its end, too

  bool in_table_ = false;
  bool table_piped_ = false;  // its rows begin with '|'
  bool rule_follows_ = false;
};

std::string without_markup(std::string_view text);

}  // namespace anima::text
