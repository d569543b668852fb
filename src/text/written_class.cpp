#include "text/written_class.h"

#include <array>

namespace anima::text {

std::string_view name_of(WrittenClass written) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(WrittenClass::kSayAs) + 1> kNames = {
      "word",    "letters", "cardinal",    "ordinal",      "digits", "telephone", "money",      "measure",
      "date",    "time",    "fraction",    "range",        "roman",  "address",   "electronic", "score",
      "version", "code",    "mathematics", "abbreviation", "symbol", "emoji",     "say-as"};
  return kNames[static_cast<std::size_t>(written)];
}

}  // namespace anima::text
