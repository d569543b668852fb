#include "text/spelling.h"

#include <algorithm>
#include <array>

#include "core/utf8.h"
#include "text/written_text.h"

namespace anima::text {
namespace {

bool ascii_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// "CPUs": the stem and whether an "s" follows.
std::string_view capitals_of(std::string_view word, bool& plural) {
  plural = word.size() > 2 && word.ends_with('s') && ascii_upper(word[word.size() - 2]);
  if (plural) word.remove_suffix(1);
  return word;
}

}  // namespace

std::string spell_letters(std::string_view letters) {
  std::string text;
  for (std::size_t at = 0; at < letters.size();) {
    const char32_t c = next_code_point(letters, at);
    if (!text.empty()) text += ' ';
    append_utf8(text, c);
  }
  return text;
}

bool is_spoken_acronym(std::string_view capitals) {
  static constexpr std::array<std::string_view, 46> kWords = {
      "NASA", "NATO",  "UNESCO", "UNICEF", "OPEC", "LASER", "RADAR", "SCUBA", "AIDS",  "RAM",   "ROM", "PIN",
      "SIM",  "JPEG",  "GIF",    "OK",     "LAN",  "WAN",   "BIOS",  "ASAP",  "COVID", "ASEAN", "CAD", "SOS",
      "NO",   "YES",   "STOP",   "GO",     "THE",  "AND",   "NOT",   "ALL",   "NOW",   "NEW",   "TOP", "FIFA",
      "UEFA", "NAFTA", "SARS",   "MERS",   "RAID", "YOU",   "ARE",   "FOR",   "BUT",   "ZIP"};
  // "OK" and "SOS" are said as letters by flite's own lexicon or as one: leave them to it.
  return std::find(kWords.begin(), kWords.end(), capitals) != kWords.end();
}

bool is_spelled(std::string_view written, bool shouted) {
  bool plural = false;
  const std::string_view stem = capitals_of(written, plural);
  const bool capitals =
      stem.size() >= 2 && stem.size() <= 5 && std::all_of(stem.begin(), stem.end(), ascii_upper);
  return capitals && !shouted && !is_spoken_acronym(stem);
}

std::string say_word(std::string_view written, bool shouted) {
  std::string word;
  for (std::size_t at = 0; at < written.size();) {
    const char32_t c = next_code_point(written, at);
    append_utf8(word, c == U'’' ? U'\'' : c);
  }
  if (!is_spelled(word, shouted)) return word;
  bool plural = false;
  std::string text = spell_letters(capitals_of(word, plural));
  if (plural) text += "'s";
  return text;
}

std::string say_identifier_part(std::string_view letters) {
  const std::string small = small_letters(letters);
  const bool vowel = small.find_first_of("aeiouy") != std::string::npos;
  const bool word =
      is_one_of(small, {"com", "org", "net", "edu", "gov", "my", "at", "in", "of",   "to", "by", "is",
                        "it",  "on",  "or",  "we",  "us",  "no", "go", "me", "be",   "do", "so", "up",
                        "an",  "as",  "if",  "he",  "the", "mr", "ms", "dr", "docs", "src"});
  if (word) return std::string(letters);
  if (letters.size() <= 2 || (!vowel && letters.size() <= 5)) return spell_letters(letters);
  return say_word(letters, false);
}

}  // namespace anima::text
