#include "media/subtitles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <sstream>

#include "core/error.h"
#include "core/files.h"

namespace anima::media {
namespace {

struct TimedText {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::vector<std::string> lines;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    std::string clean;
    for (const char c : line) {
      if (c == '\t') {
        clean += ' ';
      } else if (static_cast<unsigned char>(c) >= 0x20) {
        clean += c;
      }
    }
    const std::size_t first = clean.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    lines.push_back(clean.substr(first, clean.find_last_not_of(' ') - first + 1));
  }
  return lines;
}

std::vector<TimedText> prepare(std::span<const Cue> cues) {
  std::vector<TimedText> prepared;
  for (const Cue& cue : cues) {
    const bool usable = cue.start_s >= 0 && cue.end_s >= cue.start_s && cue.end_s < 99 * 3600.0;
    if (!usable) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("a subtitle cannot last from {} s to {} s: '{}'",
                                                           cue.start_s, cue.end_s, cue.text));
    }
    TimedText timed{std::llround(cue.start_s * 1000), std::llround(cue.end_s * 1000), lines_of(cue.text)};
    if (!timed.lines.empty()) prepared.push_back(std::move(timed));
  }
  std::stable_sort(prepared.begin(), prepared.end(),
                   [](const TimedText& a, const TimedText& b) { return a.start_ms < b.start_ms; });
  for (std::size_t i = 0; i + 1 < prepared.size(); ++i) {
    // Players show overlapping cues on top of each other.
    if (prepared[i + 1].start_ms > prepared[i].start_ms) {
      prepared[i].end_ms = std::min(prepared[i].end_ms, prepared[i + 1].start_ms);
    }
  }
  return prepared;
}

std::string time_text(std::int64_t ms, char decimal_mark) {
  return fmt::format("{:02}:{:02}:{:02}{}{:03}", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, decimal_mark,
                     ms % 1000);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

std::string to_srt(std::span<const Cue> cues) {
  std::string text;
  int number = 0;
  for (const TimedText& cue : prepare(cues)) {
    text +=
        fmt::format("{}\n{} --> {}\n", ++number, time_text(cue.start_ms, ','), time_text(cue.end_ms, ','));
    for (std::string line : cue.lines) {
      replace_all(line, "-->", "->");
      text += line + "\n";
    }
    text += "\n";
  }
  return text;
}

std::string to_vtt(std::span<const Cue> cues) {
  std::string text = "WEBVTT\n\n";
  for (const TimedText& cue : prepare(cues)) {
    text += fmt::format("{} --> {}\n", time_text(cue.start_ms, '.'), time_text(cue.end_ms, '.'));
    for (std::string line : cue.lines) {
      replace_all(line, "&", "&amp;");
      replace_all(line, "<", "&lt;");
      replace_all(line, ">", "&gt;");
      text += line + "\n";
    }
    text += "\n";
  }
  return text;
}

namespace {

std::string extension_of(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

}  // namespace

void require_subtitle_name(const std::filesystem::path& path) {
  const std::string extension = extension_of(path);
  if (extension == ".srt" || extension == ".vtt") return;
  throw Error(ErrorCode::kUnsupported, fmt::format("subtitles cannot be written as '{}'", path.string()),
              "end the name in .srt or .vtt");
}

void write_subtitles(const std::filesystem::path& path, std::span<const Cue> cues) {
  require_subtitle_name(path);
  write_file_atomically(path, extension_of(path) == ".srt" ? to_srt(cues) : to_vtt(cues));
}

}  // namespace anima::media
