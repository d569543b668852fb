// Words that are not said as words: capitals, consonants and accounts' names, letter by letter.
#pragma once

#include <string>
#include <string_view>

namespace anima::text {

// "GPU" -> "G P U"; the letters keep their case.
std::string spell_letters(std::string_view letters);

// Capitals that are said as a word ("NASA") and not letter by letter.
bool is_spoken_acronym(std::string_view capitals);

// A Latin word as it is said inside a text: capitals of two to five letters are spelled, with the "s"
// of their plural ("CPUs" -> "C P U's"), unless they are a spoken acronym or `shouted`: then all
// the text is in capitals. A typographic apostrophe becomes a straight one.
std::string say_word(std::string_view written, bool shouted);
// Whether `say_word` spells it.
bool is_spelled(std::string_view written, bool shouted);

// A part of an address or an identifier: spelled where nobody could say it (no vowel, or too short to
// be a word).
std::string say_identifier_part(std::string_view letters);

}  // namespace anima::text
