// What the beginning of a line says in Markdown (CommonMark 0.31 chapter 4, and the tables and task lists of
// GitHub), with more doubt than a web page needs: what people write in a chat without thinking of Markdown
// stays text.
#pragma once

#include <string>

#include "text/lookahead.h"

namespace anima::text {

enum class LineKind {
  kText,
  kBlank,
  kFence,       // opens a block of code
  kHeading,     // "# "
  kRule,        // "---", alone
  kUnderline,   // makes a heading of the paragraph above
  kItem,        // of a list
  kDefinition,  // "[id]: address"
  kFootnote,    // "[^1]: ..."
  kAlert,       // "[!NOTE]" alone, the first line of a quote (GitHub)
  kIndentedCode
};

struct LineContext {
  bool paragraph = false;   // the line above is text of a paragraph
  bool item = false;        // the line above belongs to an item of a list
  bool in_list = false;     // an item stands above, with nothing but indented or blank lines between
  bool blank_above = true;  // or nothing at all
  bool in_html = false;     // between HTML tags: indentation means nothing
  bool quoted = false;      // behind the mark of a quote
};

struct Line {
  Verdict verdict = Verdict::kNo;  // kUnknown, or kYes: the kind is certain
  LineKind kind = LineKind::kText;
  // Bytes from the beginning of the line: the marks before the text (kHeading, kItem, kFootnote), the blanks
  // before it (kText), or the whole line without its end (the others).
  std::size_t length = 0;
  std::string kept;              // kItem: "1. "
  std::string name;              // kDefinition: its id; kAlert: "Note"
  char fence = 0;                // kFence: '`' or '~'
  std::size_t fence_length = 0;  // kFence
};

// At the beginning of a line, behind the marks of quotes.
Line classify_line(Ahead ahead, const LineContext& context);

// ">" of a quote with the blanks around it. "->", ">=", ">_<" and ">5" are none.
Recognised recognise_quote_mark(Ahead ahead);

// Whether this line (in a block of code that `fence` times `length` opened) closes it.
Recognised recognise_fence_end(Ahead ahead, char fence, std::size_t length);

// At the first '|' in a line: whether the next line is the rule below a table's head. Prose with a '|' in it
// is not waited for as long as a line that begins with one.
Verdict heads_a_table(Ahead ahead, bool begins_line);
// At the beginning of a line: "|---|:-:|", without its end.
Recognised recognise_table_rule(Ahead ahead);

// Behind the end of a line: whether the paragraph ends there.
Verdict ends_paragraph(Ahead ahead);

// Length of "\n" or "\r\n" at `at`, 0 for anything else. A '\r' at the end of what is known is kUnknown.
Recognised recognise_line_end(Ahead ahead);

}  // namespace anima::text
