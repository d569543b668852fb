#include "studio/person_name.h"

#include <fmt/format.h>

#include "core/error.h"

namespace anima::studio {
namespace {

constexpr std::size_t kLongestName = 64;

// Not std::isalnum: what a letter is must not depend on the locale.
bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// What a terminal shows safely: no control characters, and not too much.
std::string shown(const std::string& name) {
  std::string text;
  for (const char c : name.substr(0, kLongestName)) text += (c >= 0x20 && c < 0x7f) ? c : '?';
  return name.size() > kLongestName ? text + "..." : text;
}

}  // namespace

void require_person_name(const std::string& name) {
  bool valid = !name.empty() && name.size() <= kLongestName && name.front() != '-';
  for (const char c : name) valid = valid && (is_letter_or_digit(c) || c == '-' || c == '_');
  if (valid) return;
  throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' cannot be a person's name", shown(name)),
              "use 1 to 64 letters (a-z, A-Z), digits, '-' or '_', not starting with '-'");
}

std::string person_name_from(const std::filesystem::path& film) {
  std::string name;
  for (const char c : film.stem().string()) {
    if (is_letter_or_digit(c) || c == '_') {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
    if (name.size() == kLongestName) break;
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name.empty() ? "person" : name;
}

}  // namespace anima::studio
