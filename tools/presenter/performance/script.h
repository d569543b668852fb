// What the presenter says while she is filmed: a text file, one breath group a line.
//
//   # a comment
//   en: Good *morning*, and welcome.     speech; *stars* mark what is stressed
//   zh: 早上*好*，欢迎你们。
//   pause 0.8                            silence between lines (kLinePause_s where none is given)
//   listen 4                             silence in which she attends to somebody else
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace anima::presenter {

inline constexpr double kLinePause_s = 0.42;

struct ScriptLine {
  std::string language;  // "en" or "zh"; empty: silence
  std::string text;      // without stars
  // Bytes [first, second) of `text` that are stressed.
  std::vector<std::pair<std::size_t, std::size_t>> stressed;
  double silence_s = 0;    // of a line of silence
  bool listening = false;  // in the silence
};

// Throws Error: kNotFound; kInvalidArgument, naming the line, for what is none of the above.
std::vector<ScriptLine> read_script(const std::filesystem::path& path);
std::vector<ScriptLine> parse_script(const std::string& text);

}  // namespace anima::presenter
