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

bool is_letter_or_digit(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  return u_isalpha(point) != 0 || u_isdigit(point) != 0;
}

bool is_mark(char32_t c) {
  const std::int8_t type = u_charType(static_cast<UChar32>(c));
  return type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
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

// FNV-1a (Fowler, Noll, Vo), 32 bits: a name's mark, the same on every machine.
std::uint32_t mark_of(const std::string& name) {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619U;
  return hash;
}

// "张三" -> "zhang-san"; empty where ICU knows no Latin letters for it.
std::string latin_letters_of(const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> transliterator(
      icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
  if (U_FAILURE(status) != 0 || transliterator == nullptr) return {};
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
  std::size_t characters = 0;
  for (std::size_t at = 0; at < name.size();) {
    const char32_t c = next_code_point(name, at);
    if (c == U' ' || c == 0x3000 || c == 0xA0) {
      blank = !result.empty();
      continue;
    }
    if (blank) result += ' ';
    blank = false;
    append_utf8(result, c);
  }
  result = composed(result);
  for (std::size_t at = 0; at < result.size(); ++characters) {
    const bool first = at == 0;
    const char32_t c = next_code_point(result, at);
    if (first ? !(is_letter_or_digit(c) || c == U'_') : !(is_letter_or_digit(c) || is_mark(c) || is_joint(c)))
      refuse(name);
  }
  if (characters == 0 || characters > kLongestName || result.size() > kLongestName_bytes) refuse(name);
  return result;
}

void require_person_name(const std::string& name) {
  static_cast<void>(normalised_name(name));
}

std::string folder_name_of(const std::string& name) {
  const std::string normalised = normalised_name(name);
  if (is_plain(normalised)) return normalised;
  const std::string letters = latin_letters_of(normalised);
  return fmt::format("{}{}{:08x}", letters, letters.empty() ? "" : "-", mark_of(normalised));
}

std::string name_skeleton(const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<USpoofChecker, decltype(&uspoof_close)> checker(uspoof_open(&status), &uspoof_close);
  std::string skeleton(kLongestName_bytes * 8, '\0');
  const std::int32_t length =
      uspoof_getSkeletonUTF8(checker.get(), 0, name.data(), static_cast<std::int32_t>(name.size()),
                             skeleton.data(), static_cast<std::int32_t>(skeleton.size()), &status);
  if (U_FAILURE(status) != 0 || length < 0 || static_cast<std::size_t>(length) > skeleton.size()) return name;
  skeleton.resize(static_cast<std::size_t>(length));
  return skeleton;
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
  return name.empty() ? "person" : normalised_name(name);
}

void write_name_file(const std::filesystem::path& folder, const std::string& name) {
  if (folder_name_of(name) != name) write_file_atomically(folder / kNameFile, name + "\n");
}

std::string name_of_folder(const std::filesystem::path& folder) {
  const std::string own = folder.filename().string();
  try {
    if (!std::filesystem::exists(folder / kNameFile)) return own;
    std::string name = read_text_file(folder / kNameFile, 4 * kLongestName_bytes);
    while (!name.empty() && name.back() == '\n') name.pop_back();
    return folder_name_of(name) == own ? normalised_name(name) : own;
  } catch (const Error&) {
    return own;  // a damaged file costs the script, not the person
  }
}

}  // namespace anima::studio
