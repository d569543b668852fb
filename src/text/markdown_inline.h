// The text of one paragraph, item, heading or cell: emphasis, links, code, entities, tags.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <string_view>

#include "text/emphasis.h"
#include "text/html_tags.h"
#include "text/lookahead.h"
#include "text/markdown_spans.h"
#include "text/plain_writer.h"

namespace anima::text {

class InlineReader {
 public:
  // Reads one piece at the beginning of `ahead` (never a line end) and returns its bytes; 0 where more text
  // must be known. `in_row`: a row of a table.
  std::size_t read(Ahead ahead, bool in_row, PlainWriter& writer);

  // Inside something of any length that is not read: returns the bytes passed over. Where these are none and
  // it is still skipping(), more text must be known.
  bool skipping() const { return skip_ != Skip::kNothing; }
  std::size_t skip(Ahead ahead, PlainWriter& writer);

  // The block ends: what has no partner is text.
  void end_block(PlainWriter& writer);
  void begin_line();
  // The end of a line or cell: what follows stands at an edge.
  void end_line(PlainWriter& writer);
  void define(std::string reference);

  bool line_has_text() const { return line_has_text_; }
  bool behind_blank() const;
  // Between HTML tags a line end is a blank, until a blank line.
  bool in_html() const { return html_depth_ > 0; }
  bool in_html_flow() const { return html_flow_; }
  void leave_html_flow() { html_flow_ = false; }

 private:
  enum class Skip { kNothing, kElement, kToNextTag, kComment, kLongTag, kAddress };
  struct Bracket {
    PlainWriter::MarkId id = 0;
    bool picture = false;
    char before = 0;
    std::size_t position = 0;    // in the writer
    std::size_t text_begin = 0;  // in all that was read
  };

  std::size_t pass(Ahead ahead, std::size_t count);
  std::size_t say(Ahead ahead, std::size_t count, std::string_view spoken, PlainWriter& writer);
  std::size_t read_plain(Ahead ahead, PlainWriter& writer);
  std::size_t read_emphasis(Ahead ahead, PlainWriter& writer);
  std::size_t read_escape(Ahead ahead, PlainWriter& writer);
  std::size_t read_bracket(Ahead ahead, bool picture, PlainWriter& writer);
  std::size_t read_bracket_end(Ahead ahead, PlainWriter& writer);
  std::size_t read_angle(Ahead ahead, PlainWriter& writer);
  std::size_t read_comment(Ahead ahead, PlainWriter& writer);
  std::size_t read_tag(Ahead ahead, const Tag& tag, PlainWriter& writer);
  Verdict holds_element(Ahead behind, const Tag& tag) const;
  void begin_or_end_block(const Tag& tag, PlainWriter& writer);
  void describe_picture(std::string_view description, PlainWriter& writer);
  bool is_link(const Link& link, const Bracket& bracket, std::string_view text) const;
  void settle(PlainWriter& writer);

  char last_byte() const { return recent_.empty() ? '\n' : recent_.back(); }
  std::string_view since(std::size_t begin) const;
  bool in_address() const;

  Emphasis emphasis_;
  std::deque<Bracket> brackets_;
  std::set<std::string> references_;

  std::string recent_;       // the end of what was read, as written
  std::size_t read_ = 0;     // bytes, all in all
  std::string word_;         // since the last blank or bracket: the beginning of it
  bool span_ended_ = false;  // a link or emphasis, just before
  bool span_ends_ = false;   // with the piece that is being read
  bool line_has_text_ = false;
  int html_depth_ = 0;
  bool html_flow_ = false;

  Skip skip_ = Skip::kNothing;
  std::string element_;  // kElement
  LongTag long_tag_;     // kLongTag
  bool text_before_picture_ = false;
};

}  // namespace anima::text
