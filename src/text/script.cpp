#include "text/script.h"

#include <array>

#include "text/characters.h"

namespace anima::text {
namespace {

struct Range {
  char32_t first;
  char32_t last;
  Script script;
};

// Blocks of Unicode; the first that holds a character counts.
constexpr std::array kRanges = {
    Range{0x250, 0x2AF, Script::kLatin},  // phonetic letters
    Range{0x2B0, 0x36F, Script::kNone},   // combining marks, of any script
    Range{0x370, 0x3FF, Script::kGreek},
    Range{0x400, 0x52F, Script::kCyrillic},
    Range{0x530, 0x58F, Script::kArmenian},
    Range{0x590, 0x5FF, Script::kHebrew},
    Range{0x600, 0x6FF, Script::kArabic},
    Range{0x750, 0x77F, Script::kArabic},
    Range{0x8A0, 0x8FF, Script::kArabic},
    Range{0x900, 0x97F, Script::kDevanagari},
    Range{0x980, 0x9FF, Script::kBengali},
    Range{0xA00, 0xA7F, Script::kGurmukhi},
    Range{0xA80, 0xAFF, Script::kGujarati},
    Range{0xB00, 0xB7F, Script::kOriya},
    Range{0xB80, 0xBFF, Script::kTamil},
    Range{0xC00, 0xC7F, Script::kTelugu},
    Range{0xC80, 0xCFF, Script::kKannada},
    Range{0xD00, 0xD7F, Script::kMalayalam},
    Range{0xD80, 0xDFF, Script::kSinhala},
    Range{0xE00, 0xE7F, Script::kThai},
    Range{0x1000, 0x109F, Script::kMyanmar},
    Range{0x10A0, 0x10FF, Script::kGeorgian},
    Range{0x1100, 0x11FF, Script::kHangul},
    Range{0x1200, 0x139F, Script::kEthiopic},
    Range{0x1C80, 0x1C8F, Script::kCyrillic},
    Range{0x1C90, 0x1CBF, Script::kGeorgian},
    Range{0x1D00, 0x1DBF, Script::kLatin},
    Range{0x1DC0, 0x1DFF, Script::kNone},
    Range{0x1E00, 0x1EFF, Script::kLatin},  // Vietnamese
    Range{0x1F00, 0x1FFF, Script::kGreek},
    Range{0x2C60, 0x2C7F, Script::kLatin},
    Range{0x2D00, 0x2D2F, Script::kGeorgian},
    Range{0x2D80, 0x2DDF, Script::kEthiopic},
    Range{0x2DE0, 0x2DFF, Script::kCyrillic},
    Range{0x3041, 0x3096, Script::kKana},
    Range{0x30A1, 0x30FA, Script::kKana},  // not the dot (・) and the long stroke, which Chinese has too
    Range{0x3131, 0x318E, Script::kHangul},
    Range{0x31F0, 0x31FF, Script::kKana},
    Range{0xA640, 0xA69F, Script::kCyrillic},
    Range{0xA720, 0xA7FF, Script::kLatin},
    Range{0xA960, 0xA97F, Script::kHangul},
    Range{0xAC00, 0xD7FF, Script::kHangul},
    Range{0xFB00, 0xFB06, Script::kLatin},
    Range{0xFB13, 0xFB17, Script::kArmenian},
    Range{0xFB1D, 0xFB4F, Script::kHebrew},
    Range{0xFB50, 0xFDFF, Script::kArabic},
    Range{0xFE70, 0xFEFC, Script::kArabic},
    Range{0xFF66, 0xFF9F, Script::kKana},
    Range{0xFFA0, 0xFFDC, Script::kHangul},
    // Whole regions of letters that nothing above claimed.
    Range{0x700, 0x1FFF, Script::kOther},
    Range{0x2C00, 0x2DDF, Script::kOther},
    Range{0xA000, 0xABFF, Script::kOther},
    Range{0x10000, 0x1BFFF, Script::kOther},
};

struct ScriptLanguage {
  Script script;
  std::string_view language;
};
// The first language of a script is the one it is read in.
constexpr std::array kLanguages = {
    ScriptLanguage{Script::kLatin, "en"},       ScriptLanguage{Script::kHan, "zh"},
    ScriptLanguage{Script::kHan, "yue"},        ScriptLanguage{Script::kHan, "hak"},
    ScriptLanguage{Script::kKana, "ja"},        ScriptLanguage{Script::kHangul, "ko"},
    ScriptLanguage{Script::kCyrillic, "ru"},    ScriptLanguage{Script::kCyrillic, "uk"},
    ScriptLanguage{Script::kCyrillic, "be"},    ScriptLanguage{Script::kCyrillic, "bg"},
    ScriptLanguage{Script::kCyrillic, "sr"},    ScriptLanguage{Script::kCyrillic, "mk"},
    ScriptLanguage{Script::kCyrillic, "kk"},    ScriptLanguage{Script::kCyrillic, "ky"},
    ScriptLanguage{Script::kCyrillic, "tt"},    ScriptLanguage{Script::kCyrillic, "ba"},
    ScriptLanguage{Script::kCyrillic, "cv"},    ScriptLanguage{Script::kCyrillic, "mn"},
    ScriptLanguage{Script::kCyrillic, "tg"},    ScriptLanguage{Script::kCyrillic, "bs"},
    ScriptLanguage{Script::kGreek, "el"},       ScriptLanguage{Script::kGreek, "grc"},
    ScriptLanguage{Script::kArabic, "ar"},      ScriptLanguage{Script::kArabic, "fa"},
    ScriptLanguage{Script::kArabic, "ur"},      ScriptLanguage{Script::kArabic, "ug"},
    ScriptLanguage{Script::kArabic, "sd"},      ScriptLanguage{Script::kArabic, "ps"},
    ScriptLanguage{Script::kHebrew, "he"},      ScriptLanguage{Script::kHebrew, "yi"},
    ScriptLanguage{Script::kArmenian, "hy"},    ScriptLanguage{Script::kArmenian, "hyw"},
    ScriptLanguage{Script::kGeorgian, "ka"},    ScriptLanguage{Script::kEthiopic, "am"},
    ScriptLanguage{Script::kEthiopic, "ti"},    ScriptLanguage{Script::kDevanagari, "hi"},
    ScriptLanguage{Script::kDevanagari, "mr"},  ScriptLanguage{Script::kDevanagari, "ne"},
    ScriptLanguage{Script::kDevanagari, "kok"}, ScriptLanguage{Script::kBengali, "bn"},
    ScriptLanguage{Script::kBengali, "as"},     ScriptLanguage{Script::kBengali, "bpy"},
    ScriptLanguage{Script::kGurmukhi, "pa"},    ScriptLanguage{Script::kGujarati, "gu"},
    ScriptLanguage{Script::kOriya, "or"},       ScriptLanguage{Script::kTamil, "ta"},
    ScriptLanguage{Script::kTelugu, "te"},      ScriptLanguage{Script::kKannada, "kn"},
    ScriptLanguage{Script::kMalayalam, "ml"},   ScriptLanguage{Script::kSinhala, "si"},
    ScriptLanguage{Script::kThai, "th"},        ScriptLanguage{Script::kMyanmar, "my"},
    ScriptLanguage{Script::kMyanmar, "shn"},    ScriptLanguage{Script::kOther, "und"},
};

}  // namespace

Script script_of(char32_t c) {
  if (is_latin_letter(c)) return Script::kLatin;
  if (c < 0x250) return Script::kNone;
  if (is_han(c)) return Script::kHan;
  if (c == 0x37E || c == 0x387 || c == 0x589 || c == 0x60C || c == 0x61B || c == 0x61F || c == 0x6D4 ||
      c == 0x964 || c == 0x965 || (c >= 0x1361 && c <= 0x1368))
    return Script::kNone;  // marks among letters
  for (const Range& range : kRanges) {
    if (c >= range.first && c <= range.last) return range.script;
  }
  return Script::kNone;
}

bool is_foreign_letter(char32_t c) {
  if (c >= 0x2B0 && c <= 0x36F) return true;
  if (c >= 0x3099 && c <= 0x30FF && c != 0x30FB) return true;
  const Script script = script_of(c);
  return script != Script::kNone && script != Script::kHan && !is_latin_letter(c);
}

std::string_view language_of_script(Script script) {
  for (const ScriptLanguage& entry : kLanguages) {
    if (entry.script == script) return entry.language;
  }
  return {};
}

Script script_of_language(std::string_view language) {
  for (const ScriptLanguage& entry : kLanguages) {
    if (entry.language == language) return entry.script;
  }
  return Script::kLatin;
}

}  // namespace anima::text
