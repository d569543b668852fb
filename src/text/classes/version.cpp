// Versions: every part is a number of its own, "two point ten point three".
#include "core/utf8.h"
#include "text/classes/classes.h"
#include "text/number_form.h"
#include "text/spelling.h"

namespace anima::text {
namespace {

bool is_versioned(const WrittenText& written, std::size_t at) {
  std::size_t before = written.skip_blanks_back(at);
  for (const std::string_view word : {"版本", "版本号", "升级到", "更新到", "固件"}) {
    if (written.ends_with(before, word)) return true;
  }
  return is_one_of(
      written.word_before(at),
      {"version",    "release",   "ver",    "ios",      "ipados",     "macos",  "android",   "python",
       "windows",    "ubuntu",    "debian", "node",     "java",       "php",    "ruby",      "go",
       "rust",       "linux",     "kernel", "chrome",   "firefox",    "safari", "cuda",      "pytorch",
       "tensorflow", "django",    "react",  "vue",      "openssl",    "http",   "bluetooth", "usb",
       "hdmi",       "gcc",       "cmake",  "postgres", "postgresql", "mysql",  "redis",     "kubernetes",
       "docker",     "harmonyos", "swift",  "kotlin",   "llama",      "qwen",   "gpt",       "gemini",
       "claude",     "opengl",    "vulkan", "directx",  "firmware",   "update", "build",     "numpy"});
}

}  // namespace

std::optional<Reading> read_version(const WrittenText& written, std::size_t at) {
  std::size_t number = at;
  const bool letter = (written.peek(at) == 'v' || written.peek(at) == 'V') && written.digit_at(at + 1);
  if (letter) {
    if (!written.word_begins(at)) return std::nullopt;
    ++number;
  } else if (!written.digit_at(at) || written.digit_before(at)) {
    return std::nullopt;
  }
  if (!letter && written.letter_before(at)) return std::nullopt;
  std::size_t end = written.digits_end(number);
  int dots = 0;
  constexpr int kMostDots = 6;
  while (written.peek(end) == '.' && written.digit_at(end + 1) && dots < kMostDots) {
    ++dots;
    end = written.digits_end(end + 1);
  }
  // 415.555.0132 is a telephone number.
  if (dots == 2 && !letter && written.digits_end(number) == number + 3 && end == number + 12 &&
      written.digits_end(number + 4) == number + 7)
    return std::nullopt;
  if (dots < 2 && !letter && !(dots == 1 && is_versioned(written, at))) return std::nullopt;
  const auto add = [&](std::string& spoken, std::string_view more) {
    if (written.chinese()) {
      append_chinese(spoken, more);
    } else {
      append_spoken(spoken, more);
    }
  };
  std::string spoken = letter ? std::string(written.slice(at, at + 1)) : "";
  for (std::size_t part = number; part < end;) {
    const std::size_t part_end = written.digits_end(part);
    if (part > number) add(spoken, written.chinese() ? "点" : "point");
    const std::string_view digits = written.slice(part, part_end);
    add(spoken, digits.size() > 1 && digits[0] == '0' ? say_digits(written, digits)
                : digits.size() > 2                   ? say_code_digits(written, digits)
                                                      : say_cardinal(written, digits));
    part = part_end + 1;
  }
  // "1.0.0-beta.2", "3.12rc1"
  std::size_t tag = end;
  if (written.peek(tag) == '-') ++tag;
  for (const std::string_view name : {"alpha", "beta", "rc", "dev", "preview", "stable", "LTS", "a", "b"}) {
    if (!written.starts_with(tag, name) || written.letter_at(tag + name.size())) continue;
    std::size_t behind = tag + name.size();
    const bool numbered =
        written.digit_at(behind) || (written.peek(behind) == '.' && written.digit_at(behind + 1));
    if (name.size() == 1 && !numbered) continue;
    add(spoken, name == "rc" || name.size() == 1 ? spell_letters(name) : say_word(name, false));
    if (numbered) {
      if (written.peek(behind) == '.') ++behind;
      const std::size_t last = written.digits_end(behind);
      add(spoken, say_cardinal(written, written.slice(behind, last)));
      behind = last;
    }
    end = behind;
    break;
  }
  if (written.peek(end) == '.' && (written.peek(end + 1) == 'x' || written.peek(end + 1) == 'X') &&
      written.word_ends(end + 2)) {
    add(spoken, written.chinese() ? "点" : "point");
    add(spoken, "x");
    end += 2;
  }
  if (written.letter_at(end)) return std::nullopt;
  return Reading{std::move(spoken), end, WrittenClass::kVersion};
}

}  // namespace anima::text
