// Scripts: what a letter tells about the language it is written in.
#pragma once

#include <string_view>

namespace anima::text {

// kOther: a script that none of the speakers reads (Lao, Tibetan, Khmer ...).
enum class Script {
  kNone,  // no letter: digits, marks, blanks, pictographs
  kLatin,
  kHan,
  kKana,
  kHangul,
  kCyrillic,
  kGreek,
  kArabic,
  kHebrew,
  kArmenian,
  kGeorgian,
  kEthiopic,
  kDevanagari,
  kBengali,
  kGurmukhi,
  kGujarati,
  kOriya,
  kTamil,
  kTelugu,
  kKannada,
  kMalayalam,
  kSinhala,
  kThai,
  kMyanmar,
  kOther
};
inline constexpr int kScriptCount = static_cast<int>(Script::kOther) + 1;

Script script_of(char32_t c);

// Letters beyond Latin and Han, and the marks that are written inside their words.
bool is_foreign_letter(char32_t c);

// The language (primary tag of BCP 47) that a script is read in where none is named: its most spoken
// one. "und" for kOther, empty for kNone.
std::string_view language_of_script(Script script);

// The script a language is written in; kLatin for all that are not known here.
Script script_of_language(std::string_view language);

}  // namespace anima::text
