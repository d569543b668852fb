// Subtitles from timed words: SubRip (.srt) and WebVTT (.vtt).
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace anima::media {

// What is said from `start_s` to `end_s`. The text is UTF-8; it may have several lines.
struct Cue {
  double start_s = 0;
  double end_s = 0;
  std::string text;
};

// Cues in order of their start, each cut where the next one begins. Cues without text are left
// out. Throws Error(kInvalidArgument) for times that are not finite, negative or over 99 hours,
// and for an end before its start. Blank lines inside a text, which would end a cue, are closed
// up; WebVTT's own marks (`-->`, `<`, `&`) are escaped there, and `-->` is broken up in SRT.
std::string to_srt(std::span<const Cue> cues);
std::string to_vtt(std::span<const Cue> cues);

// Throws Error(kUnsupported) for an extension other than .srt and .vtt: to ask before the work is done.
void require_subtitle_name(const std::filesystem::path& path);

// By extension (see above); written whole or not at all.
void write_subtitles(const std::filesystem::path& path, std::span<const Cue> cues);

}  // namespace anima::media
