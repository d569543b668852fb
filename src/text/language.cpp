#include "text/language.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "core/utf8.h"
#include "text/characters.h"
#include "text/classes/classes.h"
#include "text/script.h"

namespace anima::text {
namespace {

// Letters of each script in a text.
class ScriptCounts {
 public:
  explicit ScriptCounts(std::string_view text) {
    Script before = Script::kNone;
    std::array<int, kScriptCount> lone{};  // letters that stand alone: "the angle α"
    int run = 0;
    const auto end_run = [&] {
      (run == 1 ? lone : letters_)[static_cast<std::size_t>(before)] += run;
      run = 0;
    };
    for (std::size_t at = 0; at < text.size();) {
      const char32_t c = ascii_form(next_code_point(text, at));
      if (is_foreign_letter(c) && script_of(c) == Script::kNone) continue;  // a mark inside a word
      const Script script = script_of(c);
      if (script != before) end_run();
      before = script;
      ++run;
    }
    end_run();
    for (const Script script : {Script::kLatin, Script::kHan, Script::kKana}) {
      const auto at = static_cast<std::size_t>(script);
      letters_[at] += std::exchange(lone[at], 0);
    }
    letters_[0] = lone[0] = 0;
    // A single letter of another script is a symbol, unless it is all there is.
    if (std::all_of(letters_.begin(), letters_.end(), [](int count) { return count == 0; })) letters_ = lone;
  }

  int of(Script script) const { return letters_[static_cast<std::size_t>(script)]; }

  // The most written one besides Latin and Han; kNone where there is none.
  Script foreign() const {
    Script most = Script::kNone;
    for (int s = static_cast<int>(Script::kKana); s < kScriptCount; ++s) {
      if (of(static_cast<Script>(s)) > of(most)) most = static_cast<Script>(s);
    }
    return most;
  }

 private:
  std::array<int, kScriptCount> letters_{};
};

std::string tag_of(std::string_view language) {
  std::string tag(language);
  std::transform(tag.begin(), tag.end(), tag.begin(),
                 [](unsigned char c) { return static_cast<char>(c == '_' ? '-' : std::tolower(c)); });
  if (tag == "zh-yue" || tag == "zh-hk") return "yue";
  if (tag == "cmn" || tag.starts_with("cmn-") || tag.starts_with("zh-")) return "zh";
  if (tag == "en-us") return "en";
  return tag;
}

}  // namespace

bool holds_english_words(std::string_view text) {
  bool letters_only = true;
  bool small = false;
  std::size_t begin = 0;
  const auto is_word = [&](std::size_t end) {
    const std::string_view token = text.substr(begin, end - begin);
    if (!letters_only || token.empty()) return false;
    if (token.size() == 2)
      return is_one_of(token, {"is", "to", "of", "on", "at", "my", "me", "he", "we", "it", "be", "do", "go",
                               "no", "so", "up", "an", "as", "if", "or", "by", "us", "am", "hi", "oh"}) &&
             small;
    return token.size() > 2 && small && !is_unit(token) && !is_unit(small_letters(token));
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t here = at;
    const char32_t c = ascii_form(next_code_point(text, at));
    const bool joins = is_latin_letter(c) || c == U'\'' || c == U'’' || is_digit(c) || c == U'_' ||
                       c == U'@' || c == U'/' || c == U'\\' || c == U'#';
    // A full stop or colon inside a token joins; behind one it ends the sentence.
    const bool inside = (c == U'.' || c == U':') && at < text.size() && here > begin &&
                        (is_latin_letter(first_code_point(text.substr(at))) ||
                         is_digit(first_code_point(text.substr(at))) || text[at] == '/');
    if (joins || inside) {
      if (!is_latin_letter(c) && c != U'\'' && c != U'’') letters_only = false;
      small = small || (c >= U'a' && c <= U'z');
      continue;
    }
    if (is_word(here)) return true;
    begin = at;
    letters_only = true;
    small = false;
  }
  return is_word(text.size());
}

namespace {

// Marks that only Chinese and Japanese write.
bool holds_wide_marks(std::string_view text) {
  constexpr std::u32string_view kMarks = U"，。、；：？！「」『』《》（）【】";
  for (std::size_t at = 0; at < text.size();) {
    if (kMarks.find(next_code_point(text, at)) != std::u32string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::string language_of_text(std::string_view text) {
  const ScriptCounts counts(text);
  const bool any =
      counts.of(Script::kLatin) + counts.of(Script::kHan) > 0 || counts.foreign() != Script::kNone;
  return any ? language_to_read(text, {}) : std::string();
}

std::string language_to_read(std::string_view text, std::string_view asked, std::string_view surrounding) {
  const std::string wanted = tag_of(asked);
  const std::string around = tag_of(surrounding);
  const ScriptCounts counts(text);
  const int han = counts.of(Script::kHan);
  const int kana = counts.of(Script::kKana);
  if (han > 0) {
    if (wanted == "ja" || script_of_language(wanted) == Script::kHan) return wanted;
    if (around == "ja" || (around != "zh" && kana >= 2 && 2 * kana >= han)) return "ja";
    return around.empty() || script_of_language(around) != Script::kHan ? "zh" : around;
  }
  if (const Script script = counts.foreign(); script != Script::kNone) {
    // Of an unknown script the asker knows more than we do.
    if (!wanted.empty() && (script == Script::kOther || script_of_language(wanted) == script)) return wanted;
    return std::string(language_of_script(script));
  }
  if (counts.of(Script::kLatin) > 0) {
    if (!wanted.empty() && wanted != "zh") return wanted;
    const bool chinese = wanted == "zh" || around == "zh" || holds_wide_marks(text);
    return chinese && !holds_english_words(text) ? "zh" : "en";
  }
  if (!around.empty()) return around;
  return wanted.empty() ? "en" : wanted;
}

}  // namespace anima::text
