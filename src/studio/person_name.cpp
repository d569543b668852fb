#include "studio/person_name.h"

#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <cstdint>
#include <memory>

#include "core/error.h"
#include "core/files.h"
#include "core/utf8.h"

namespace anima::studio {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestName_bytes = 200;
constexpr std::size_t kLatinLetters = 40;  // of a folder's name before its mark
constexpr int kMarksOnALetter = 4;         // Unicode UTS #39, section 5.4
constexpr const char* kNameFile = ".name";

// Not std::isalnum: what a letter is must not depend on the locale.
bool is_ascii_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_plain(const std::string& name) {
  bool plain = !name.empty() && name.size() <= kLongestName && name.front() != '-';
  for (const char c : name) plain = plain && (is_ascii_letter_or_digit(c) || c == '-' || c == '_');
  return plain;
}

// What nobody sees (fillers, joiners, variation selectors) is no part of a name, though some of it counts as
// letters or marks.
bool is_invisible(char32_t c) {
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

bool is_letter_or_digit(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  return !is_invisible(c) &&
         (u_isalpha(point) != 0 || u_isdigit(point) != 0 || u_charType(point) == U_LETTER_NUMBER);  // 〇, Ⅷ
}

bool is_mark(char32_t c) {
  const std::int8_t type = u_charType(static_cast<UChar32>(c));
  return !is_invisible(c) && (type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK);
}

bool is_variation_selector(char32_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

// Joiners that spelling asks for: RFC 5892, appendix A, for ZERO WIDTH NON-JOINER (علی‌رضا) and ZERO
// WIDTH JOINER (after the virama of the scripts of India).
bool is_joiner_in_place(char32_t before, char32_t c, char32_t after) {
  constexpr int kVirama = 9;
  if (c != 0x200C && c != 0x200D) return false;
  if (u_getCombiningClass(static_cast<UChar32>(before)) == kVirama) return is_letter_or_digit(after);
  if (c == 0x200D) return false;
  const auto joining = [](char32_t letter) {
    return u_getIntPropertyValue(static_cast<UChar32>(letter), UCHAR_JOINING_TYPE);
  };
  return (joining(before) == U_JT_DUAL_JOINING || joining(before) == U_JT_LEFT_JOINING ||
          joining(before) == U_JT_TRANSPARENT) &&
         (joining(after) == U_JT_DUAL_JOINING || joining(after) == U_JT_RIGHT_JOINING);
}

// Keyboards of several languages write one character in several ways.
char32_t usual_form(char32_t c) {
  if (c == 0x3000 || c == 0xA0) return U' ';
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + U'!';  // full-width ASCII
  if (c == 0x2010 || c == 0x2011 || c == 0x2013) return U'-';
  return c;
}

bool is_joint(char32_t c) {
  constexpr std::u32string_view kJoints = U" -_'’.·・";
  return kJoints.find(c) != std::u32string_view::npos;
}

// What a terminal shows safely: no control or invisible characters, and not too much.
std::string shown(const std::string& name) {
  std::string text;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < name.size() && characters < kLongestName; ++characters) {
    const char32_t c = next_code_point(name, at);
    append_utf8(text, is_letter_or_digit(c) || is_mark(c) || (c >= 0x20 && c < 0x7f) ? c : U'?');
  }
  return characters == kLongestName ? text + "..." : text;
}

[[noreturn]] void refuse(const std::string& name) {
  throw Error(
      ErrorCode::kInvalidArgument, fmt::format("'{}' cannot be a name", shown(name)),
      "use 1 to 64 letters and digits of any script, with blanks, '-', '_', apostrophes or dots between "
      "them, beginning with a letter or a digit");
}

std::string composed(const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normaliser = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status) != 0) {
    throw Error(ErrorCode::kNotReady, "names cannot be normalised: ICU's data is missing", "reinstall libicu",
                u_errorName(status));
  }
  const icu::UnicodeString result = normaliser->normalize(icu::UnicodeString::fromUTF8(name), status);
  std::string text;
  result.toUTF8String(text);
  return text;
}

std::u32string code_points(const std::string& text) {
  std::u32string points;
  for (std::size_t at = 0; at < text.size();) points += next_code_point(text, at);
  return points;
}

USpoofChecker* spoof_checker() {
  UErrorCode status = U_ZERO_ERROR;
  static const std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> checker(uspoof_open(&status),
                                                                               &uspoof_close);
  if (checker == nullptr) {
    throw Error(ErrorCode::kNotReady, "names cannot be compared: ICU's data is missing", "reinstall libicu",
                u_errorName(status));
  }
  return checker.get();
}

// Whether a word mixes scripts that nobody mixes ("pаul" with a Cyrillic letter), or digits of two scripts:
// beyond "highly restrictive" in Unicode UTS #39, section 5.2, which lets Latin stand beside Chinese,
// Japanese and Korean.
bool mixes_scripts(const std::u32string& word) {
  static USpoofChecker* const checker = [] {
    UErrorCode status = U_ZERO_ERROR;
    USpoofChecker* made = uspoof_clone(spoof_checker(), &status);
    uspoof_setChecks(made, USPOOF_RESTRICTION_LEVEL | USPOOF_MIXED_NUMBERS, &status);
    uspoof_setRestrictionLevel(made, USPOOF_HIGHLY_RESTRICTIVE);
    return made;
  }();
  std::string text;
  for (const char32_t c : word) append_utf8(text, c);
  UErrorCode status = U_ZERO_ERROR;
  return uspoof_checkUTF8(checker, text.data(), static_cast<std::int32_t>(text.size()), nullptr, &status) !=
         0;
}

void require_unmixed_words(const std::string& name, const std::u32string& points) {
  std::u32string word;
  for (std::size_t i = 0; i <= points.size(); ++i) {
    if (i < points.size() && !is_joint(points[i])) {
      word += points[i];
      continue;
    }
    if (!word.empty() && mixes_scripts(word)) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("'{}' mixes letters or digits of several scripts in one word", shown(name)),
                  "write each word in one script: some letters look alike and are others");
    }
    word.clear();
  }
}

// FNV-1a (Fowler, Noll, Vo), 32 bits: a name's mark, the same on every machine.
std::uint32_t mark_of(const std::string& name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619U;
  return hash;
}

std::string mark_text_of(const std::string& name) {
  return fmt::format("{:08x}", mark_of(name));
}

// "张三" -> "zhang-san"; empty where ICU knows no Latin letters for it.
std::string latin_letters_of(const std::string& name) {
  // Slow to make, and not to be used by two threads at once.
  thread_local const std::unique_ptr<icu::Transliterator> transliterator = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::Transliterator>(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
  }();
  if (transliterator == nullptr) return {};
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(name);
  transliterator->transliterate(text);
  std::string latin;
  text.toUTF8String(latin);
  std::string letters;
  for (const char c : latin) {
    if (is_ascii_letter_or_digit(c)) {
      letters += c;
    } else if (!letters.empty() && letters.back() != '-') {
      letters += '-';
    }
    if (letters.size() == kLatinLetters) break;
  }
  while (!letters.empty() && letters.back() == '-') letters.pop_back();
  return letters;
}

}  // namespace

std::string normalised_name(const std::string& name) {
  if (name.size() > 4 * kLongestName_bytes || !is_utf8(name)) refuse(name);
  std::string result;
  bool blank = false;
  for (const char32_t given : code_points(name)) {
    const char32_t c = usual_form(given);
    if (is_variation_selector(c)) continue;
    if (c == U' ') {
      blank = !result.empty();
      continue;
    }
    if (blank) result += ' ';
    blank = false;
    append_utf8(result, c);
  }
  result = composed(result);
  const std::u32string points = code_points(result);
  if (points.empty() || points.size() > kLongestName || result.size() > kLongestName_bytes) refuse(name);
  if (!is_letter_or_digit(points[0]) && points[0] != U'_') refuse(name);
  int marks = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const char32_t c = points[i];
    const bool joiner = i + 1 < points.size() && is_joiner_in_place(points[i - 1], c, points[i + 1]);
    if (!is_letter_or_digit(c) && !is_mark(c) && !is_joint(c) && !joiner) refuse(name);
    marks = is_mark(c) ? marks + 1 : 0;
    if (marks > kMarksOnALetter) refuse(name);
  }
  if (!is_plain(result)) require_unmixed_words(name, points);
  return result;
}

void require_person_name(const std::string& name) {
  static_cast<void>(normalised_name(name));
}

std::string folder_name_of(const std::string& name) {
  const std::string normalised = normalised_name(name);
  if (is_plain(normalised)) return normalised;
  const std::string letters = latin_letters_of(normalised);
  return letters + (letters.empty() ? "" : "-") + mark_text_of(normalised);
}

std::string name_as_argument(const std::string& name) {
  return is_plain(name) ? name : '"' + name + '"';  // no name holds what a shell reads between these quotes
}

std::string name_skeleton(const std::string& name) {
  std::string seen;  // ICU's skeleton keeps the joiners, which the standard leaves out
  for (const char32_t c : code_points(name)) {
    if (!is_invisible(c)) append_utf8(seen, c);
  }
  UErrorCode status = U_ZERO_ERROR;
  std::string skeleton(kLongestName_bytes * 8, '\0');
  const std::int32_t length =
      uspoof_getSkeletonUTF8(spoof_checker(), 0, seen.data(), static_cast<std::int32_t>(seen.size()),
                             skeleton.data(), static_cast<std::int32_t>(skeleton.size()), &status);
  if (U_FAILURE(status) != 0 || length < 0 || static_cast<std::size_t>(length) > skeleton.size()) return seen;
  skeleton.resize(static_cast<std::size_t>(length));
  return skeleton;
}

bool look_alike(const std::string& name, const std::string& other) {
  const auto without_case = [](const std::string& text) {
    std::string folded;
    icu::UnicodeString::fromUTF8(text).foldCase().toUTF8String(folded);
    return folded;
  };
  return name_skeleton(name) == name_skeleton(other) ||
         name_skeleton(without_case(name)) == name_skeleton(without_case(other)) ||
         folder_name_of(name) == folder_name_of(other);
}

void require_distinct_name(const std::string& name, const std::vector<std::string>& others,
                           const std::string& who) {
  for (const std::string& other : others) {
    if (!look_alike(name, other)) continue;
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' looks like '{}', {}", name, other, who),
                "choose a name that can be told from it");
  }
}

std::string person_name_from(const std::filesystem::path& film) {
  const std::string stem = film.stem().string();
  std::string name;
  std::size_t characters = 0;
  for (std::size_t at = 0;
       at < stem.size() && characters < kLongestName && name.size() + 4 <= kLongestName_bytes;) {
    const char32_t c = next_code_point(stem, at);
    if (is_letter_or_digit(c) || c == U'_' || (is_mark(c) && !name.empty() && name.back() != '-')) {
      append_utf8(name, c);
      ++characters;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
      ++characters;
    }
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  if (name.empty()) return "person";
  try {
    return normalised_name(name);
  } catch (const Error&) {  // "Иванvideo": the name of a file is not chosen with care
    const std::string letters = latin_letters_of(name);
    return letters.empty() ? "person" : letters;
  }
}

std::filesystem::path named_folder(const std::filesystem::path& root, const std::string& name) {
  const std::string normalised = normalised_name(name);
  std::filesystem::path folder = root / folder_name_of(normalised);
  std::error_code error;
  if (!is_plain(normalised) && !std::filesystem::exists(folder, error)) {
    for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
      if (!entry.path().filename().string().ends_with(mark_text_of(normalised))) continue;
      if (!entry.is_symlink(error) && name_of_folder(entry.path()) == normalised) return entry.path();
    }
  }
  if (std::filesystem::is_symlink(folder, error)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is a symbolic link", folder.string()),
                "the folder must lie inside of the library: move it there, or use --library");
  }
  return folder;
}

void write_name_file(const std::filesystem::path& folder, const std::string& name) {
  if (!is_plain(name)) write_file_atomically(folder / kNameFile, name + "\n");
}

std::string name_of_folder(const std::filesystem::path& folder) {
  const std::string own = folder.filename().string();
  try {
    if (!std::filesystem::exists(folder / kNameFile)) return own;
    std::string name = read_text_file(folder / kNameFile, 4 * kLongestName_bytes);
    while (!name.empty() && name.back() == '\n') name.pop_back();
    name = normalised_name(name);
    const std::string mark = mark_text_of(name);
    return own == mark || own.ends_with("-" + mark) ? name : own;
  } catch (const Error&) {
    return own;  // a damaged file costs the script, not the person
  }
}

}  // namespace anima::studio
