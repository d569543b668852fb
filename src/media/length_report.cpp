#include "media/length_report.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "core/error.h"

namespace anima::media {

void report_length(const std::filesystem::path& path, const char* what, double read_s, double stated_s,
                   const WarningSink& warn, double tolerance_s) {
  if (std::abs(read_s - stated_s) <= tolerance_s) return;
  const bool missing = read_s < stated_s;
  const std::string words = fmt::format("the {} of '{}' ends after {:.2f} s, but the file states {:.2f} s",
                                        what, path.string(), read_s, stated_s);
  const char* fix = "copy it again, whole, or export it anew (sound as 16-bit WAV, film as MP4)";
  if (warn) {
    warn(missing ? fmt::format("{}: {}", words, fix) : words);
  } else if (missing) {
    throw Error(ErrorCode::kCorruptData, words, fix);
  }
}

}  // namespace anima::media
