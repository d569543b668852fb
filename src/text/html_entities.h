// "&amp;", "&#8212;", "&#x4F60;": characters written by name or number.
#pragma once

#include <string>

#include "text/lookahead.h"

namespace anima::text {

struct Entity {
  Recognised found;
  std::string text;  // never a control character; blanks of any kind as ' '; "" for soft hyphens and the like
};

// At an ampersand. The semicolon is demanded (CommonMark 6.2): "AT&T", "R&D" and "?a=1&copy=2" are text.
Entity recognise_entity(Ahead ahead);

}  // namespace anima::text
