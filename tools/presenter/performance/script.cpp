#include "presenter/performance/script.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "core/error.h"
#include "core/files.h"

namespace anima::presenter {
namespace {

constexpr std::uint64_t kScriptLimit_bytes = 1U << 20U;
constexpr double kLongestSilence_s = 60;

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

double seconds_of(const std::string& text, int number) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !(value > 0) ||
      value > kLongestSilence_s) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("line {}: '{}' is no length of time", number, text),
                fmt::format("give seconds from 0 to {}", kLongestSilence_s));
  }
  return value;
}

ScriptLine speech(const std::string& language, const std::string& marked, int number) {
  ScriptLine line;
  line.language = language;
  std::size_t opened = std::string::npos;
  for (const char c : marked) {
    if (c != '*') {
      line.text += c;
    } else if (opened == std::string::npos) {
      opened = line.text.size();
    } else {
      line.stressed.emplace_back(opened, line.text.size());
      opened = std::string::npos;
    }
  }
  if (opened != std::string::npos || line.text.empty()) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("line {}: {}", number, line.text.empty() ? "there is no text" : "a star is left open"),
        "stressed words stand between two stars");
  }
  return line;
}

}  // namespace

std::vector<ScriptLine> parse_script(const std::string& text) {
  std::vector<ScriptLine> script;
  std::istringstream lines(text);
  std::string raw;
  for (int number = 1; std::getline(lines, raw); ++number) {
    const std::string line = trimmed(raw);
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("en:") || line.starts_with("zh:")) {
      script.push_back(speech(line.substr(0, 2), trimmed(line.substr(3)), number));
    } else if (line.starts_with("pause ") || line.starts_with("listen ")) {
      ScriptLine silence;
      silence.listening = line.front() == 'l';
      silence.silence_s = seconds_of(trimmed(line.substr(line.find(' '))), number);
      script.push_back(silence);
    } else {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("line {}: '{}' is not understood", number, line),
                  "lines begin with en:, zh:, pause, listen or #");
    }
  }
  if (script.empty())
    throw Error(ErrorCode::kInvalidArgument, "the script is empty", "write lines of speech");
  return script;
}

std::vector<ScriptLine> read_script(const std::filesystem::path& path) {
  return parse_script(read_text_file(path, kScriptLimit_bytes));
}

}  // namespace anima::presenter
