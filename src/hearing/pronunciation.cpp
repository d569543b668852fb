#include "hearing/pronunciation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "core/files.h"
#include "core/process.h"
#include "core/utf8.h"
#include "hearing/pocketsphinx_engine.h"

namespace anima::hearing {
namespace {

using Phones = std::vector<std::string>;

constexpr std::uint64_t kDictionaryLimit_bytes = 64U << 20U;
constexpr double kEspeakTimeout_s = 20;
constexpr int kAnyPerDigit = 3;  // "?" stands for about 80 ms

struct Rule {
  std::string_view written;
  std::string_view phones;
};

// Longer spellings first. eSpeak NG's mnemonics for Mandarin; the front rounded vowel has no English
// counterpart, and lies nearest to IY by its formants.
constexpr std::array<Rule, 43> kMandarin = {{
    {"tS;h", "CH"}, {"ts.h", "CH"}, {"tS;", "JH"}, {"ts.", "JH"}, {"tsh", "T S"}, {"ong", "UH NG"},
    {"S;", "SH"},   {"s.", "SH"},   {"z.", "R"},   {"ts", "D Z"}, {"ph", "P"},    {"th", "T"},
    {"kh", "K"},    {"@r", "ER"},   {"ai", "AY"},  {"Au", "AW"},  {"au", "AW"},   {"ei", "EY"},
    {"ou", "OW"},   {"i.", "ER"},   {"i[", "IH"},  {"o-", "AH"},  {"ng", "NG"},   {"p", "B"},
    {"t", "D"},     {"k", "G"},     {"X", "HH"},   {"f", "F"},    {"m", "M"},     {"n", "N"},
    {"l", "L"},     {"s", "S"},     {"N", "NG"},   {"w", "W"},    {"j", "Y"},     {"A", "AA"},
    {"a", "AA"},    {"E", "EH"},    {"@", "AH"},   {"&", "AE"},   {"o", "AO"},    {"u", "UW"},
    {"i", "IY"},
}};
constexpr Rule kFrontRounded = {"y", "IY"};

constexpr std::array<Rule, 43> kLetters = {{
    {"tch", "CH"}, {"igh", "AY"}, {"sh", "SH"}, {"ch", "CH"}, {"th", "TH"}, {"ph", "F"},    {"ck", "K"},
    {"qu", "K W"}, {"ng", "NG"},  {"ee", "IY"}, {"ea", "IY"}, {"oo", "UW"}, {"ou", "AW"},   {"ow", "OW"},
    {"ai", "EY"},  {"ay", "EY"},  {"oa", "OW"}, {"er", "ER"}, {"ur", "ER"}, {"ar", "AA R"}, {"or", "AO R"},
    {"a", "AE"},   {"b", "B"},    {"c", "K"},   {"d", "D"},   {"e", "EH"},  {"f", "F"},     {"g", "G"},
    {"h", "HH"},   {"i", "IH"},   {"j", "JH"},  {"k", "K"},   {"l", "L"},   {"m", "M"},     {"n", "N"},
    {"o", "AA"},   {"p", "P"},    {"r", "R"},   {"s", "S"},   {"t", "T"},   {"u", "AH"},    {"v", "V"},
    {"w", "W"},
}};
constexpr std::array<Rule, 3> kLastLetters = {{{"x", "K S"}, {"y", "IY"}, {"z", "Z"}}};

void append_phones(Phones& phones, std::string_view list) {
  while (!list.empty()) {
    const std::size_t blank = std::min(list.find(' '), list.size());
    if (blank > 0) phones.emplace_back(list.substr(0, blank));
    list.remove_prefix(std::min(blank + 1, list.size()));
  }
}

template <std::size_t Size>
const Rule* longest_match(const std::array<Rule, Size>& rules, std::string_view text) {
  for (const Rule& rule : rules) {
    if (text.starts_with(rule.written)) return &rule;
  }
  return nullptr;
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// The word's phones from the dictionary, whole or in its parts ("well-known"); else by its letters.
Phones english_phones(const std::string& word, const PronunciationDictionary& dictionary) {
  Phones phones = dictionary.find(word);
  if (!phones.empty()) return phones;
  std::string part;
  const auto flush = [&] {
    Phones found = dictionary.find(part);
    if (found.empty()) found = phones_by_letters(part);
    phones.insert(phones.end(), found.begin(), found.end());
    part.clear();
  };
  for (const char c : word) {
    if ((c >= 'a' && c <= 'z') || c == '\'') {
      part += c;
    } else if (c >= '0' && c <= '9') {
      flush();
      phones.insert(phones.end(), kAnyPerDigit, "?");
    } else {
      flush();
    }
  }
  flush();
  return phones;
}

// One list of phones for each Han character of all `words`, in order; empty where espeak-ng is missing
// or reads them in another number of syllables.
std::vector<Phones> han_phones(const std::vector<std::string>& words, std::size_t characters,
                               const WorkContext& context) {
  if (characters == 0 || find_program("espeak-ng").empty()) return {};
  std::string text;
  for (const std::string& word : words) {
    std::u32string han;
    for (const char32_t c : decode_utf8(word, "the transcript")) {
      if (is_han(c)) han += c;
    }
    // Between stretches of Chinese a line break, so that each is read by itself.
    text += han.empty() ? "\n" : encode_utf8(han);
  }
  // The voice "cmn" of 1.51 reads characters as English letters and digits of their pinyin.
  ProcessRequest request{.arguments = {"espeak-ng", "-v", "cmn-latn-pinyin", "-x", "-q", "--stdin"},
                         .input = text};
  request.timeout_s = kEspeakTimeout_s;
  const ProcessResult result = run_process(request, context);
  require_success(request, result);
  std::vector<Phones> syllables;
  std::string token;
  const auto flush = [&] {
    Phones phones = phones_of_mandarin(token);
    if (!phones.empty()) syllables.push_back(std::move(phones));
    token.clear();
  };
  for (const char c : result.output) {
    if (c == ' ' || c == '\n' || c == '|') {
      flush();
    } else {
      token += c;
    }
  }
  flush();
  return syllables.size() == characters ? syllables : std::vector<Phones>();
}

}  // namespace

PronunciationDictionary::PronunciationDictionary(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw Error(ErrorCode::kNotReady, "the English pronouncing dictionary is missing",
                "apt-get install pocketsphinx-en-us");
  }
  text_ = std::make_unique<const std::string>(read_text_file(file, kDictionaryLimit_bytes));
  index();
}

PronunciationDictionary PronunciationDictionary::parse(std::string text) {
  PronunciationDictionary dictionary;
  dictionary.text_ = std::make_unique<const std::string>(std::move(text));
  dictionary.index();
  return dictionary;
}

void PronunciationDictionary::index() {
  std::string_view rest = *text_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos || blank == 0 || line.find('(') < blank) continue;
    entries_.emplace(line.substr(0, blank), line.substr(blank + 1));
  }
}

Phones PronunciationDictionary::find(const std::string& word) const {
  Phones phones;
  const auto found = entries_.find(word);
  if (found != entries_.end()) append_phones(phones, found->second);
  return phones;
}

std::shared_ptr<const PronunciationDictionary> shared_pronunciation_dictionary() {
  static const auto dictionary =
      std::make_shared<const PronunciationDictionary>(default_pocketsphinx_folder() / "cmudict-en-us.dict");
  return dictionary;
}

Phones phones_of_mandarin(const std::string& mnemonics) {
  std::string plain;  // without stress, tones, lengths and pauses
  for (const char c : mnemonics) {
    if (std::string_view("',_|:%;0123456789").find(c) == std::string_view::npos) {
      plain += c;
    } else if (c == ';' && !plain.empty() && plain.back() == 'S') {
      plain += c;  // part of the palatals
    }
  }
  Phones phones;
  for (std::string_view rest = plain; !rest.empty();) {
    const Rule* rule = longest_match(kMandarin, rest);
    if (rule == nullptr && rest.starts_with(kFrontRounded.written)) rule = &kFrontRounded;
    if (rule != nullptr) append_phones(phones, rule->phones);
    rest.remove_prefix(rule != nullptr ? rule->written.size() : 1);
  }
  return phones;
}

Phones phones_by_letters(const std::string& word) {
  Phones phones;
  for (std::string_view rest = word; !rest.empty();) {
    const bool silent_end = rest == "e" && !phones.empty();
    const Rule* rule = silent_end ? nullptr : longest_match(kLetters, rest);
    if (rule == nullptr && !silent_end) rule = longest_match(kLastLetters, rest);
    if (rule != nullptr) append_phones(phones, rule->phones);
    rest.remove_prefix(rule != nullptr ? rule->written.size() : 1);
  }
  return phones;
}

std::vector<audio::AlignmentWord> pronounce(const std::vector<std::string>& words,
                                            const PronunciationDictionary& dictionary,
                                            const WorkContext& context) {
  std::size_t han_characters = 0;
  for (const std::string& word : words) {
    for (const char32_t c : decode_utf8(word, "the transcript")) han_characters += is_han(c) ? 1 : 0;
  }
  const std::vector<Phones> syllables = han_phones(words, han_characters, context);

  std::vector<audio::AlignmentWord> pronounced;
  std::size_t syllable = 0;
  for (const std::string& word : words) {
    Phones phones;
    std::string latin;
    for (const char32_t c : decode_utf8(word, "the transcript")) {
      if (is_han(c)) {
        const Phones unknown = {"?", "?"};
        const Phones& sounds = syllables.empty() ? unknown : syllables[syllable];
        ++syllable;
        phones.insert(phones.end(), sounds.begin(), sounds.end());
      } else if (c < 0x80) {
        latin += static_cast<char>(c);
      } else if (c == 0x2019) {
        latin += '\'';
      } else if (c > 0xBF && !(c >= 0x2000 && c <= 0x2BFF) && !(c >= 0x3000 && c <= 0x303F) && c < 0xFE00) {
        phones.emplace_back("?");
      }
    }
    latin = lower_case(latin);
    while (!latin.empty() && std::string_view(".,;:!?\"()[]-").find(latin.back()) != std::string_view::npos)
      latin.pop_back();
    while (!latin.empty() && std::string_view("\"'([-").find(latin.front()) != std::string_view::npos)
      latin.erase(0, 1);
    if (!latin.empty()) {
      const Phones english = english_phones(latin, dictionary);
      phones.insert(phones.end(), english.begin(), english.end());
    }
    if (phones.empty()) phones = {"?"};
    pronounced.push_back({std::move(phones)});
  }
  return pronounced;
}

}  // namespace anima::hearing
