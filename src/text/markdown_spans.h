// The pieces of a Markdown paragraph that are taken whole: code, the tail of a link, addresses, formulas.
#pragma once

#include <string>
#include <string_view>

#include "text/lookahead.h"

namespace anima::text {

struct Span {
  Recognised found;
  std::string text;  // what is read
};

// At the first of a run of backticks. kNo: `run` backticks that open nothing and are text. In a row of a
// table the code ends with its cell.
struct CodeSpan {
  Span span;
  std::size_t run = 0;
};
CodeSpan recognise_code_span(Ahead ahead, bool in_table);

enum class LinkTail { kAddress, kReference };
struct Link {
  Recognised found;
  LinkTail kind = LinkTail::kAddress;
  std::string reference;  // of a kReference, normalised; "" for "[]"
  bool unfinished =
      false;  // an address without end (a picture written into it): drop all up to the closing ')'
};
// Behind the ']' of a link's text: "(address "title")" or "[reference]".
Link recognise_link_tail(Ahead ahead);

// "<https://example.com>" and "<name@example.com>": the address.
Span recognise_autolink(Ahead ahead);

// "[^1]": the mark of a footnote.
Recognised recognise_footnote_mark(Ahead ahead);

// A formula with its marks, "$a_1$", "$$...$$", "\(...\)", "\[...\]": left as it is.
Recognised recognise_formula(Ahead ahead);

// The id of a reference as it is compared: blanks are one, ASCII letters in lower case.
std::string normalised_reference(std::string_view id);

}  // namespace anima::text
