// Frames of the shared sample films, for tests that need a real face.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/image.h"
#include "media/film_reader.h"

namespace anima::test {

inline std::filesystem::path shared_folder() {
  const char* chosen = std::getenv("ANIMA_SHARED");
  return chosen != nullptr && *chosen != 0 ? std::filesystem::path(chosen)
                                           : std::filesystem::path(ANIMA_SOURCE_DIR) / ".." / "shared";
}

// The first `count` frames of ../shared/videos/`name`; empty where the film is missing.
inline std::vector<Image> sample_frames(const std::string& name, int count) {
  const std::filesystem::path film = shared_folder() / "videos" / name;
  std::vector<Image> frames;
  if (!std::filesystem::exists(film)) return frames;
  media::FrameReader reader(film, {});
  Image frame;
  double time_s = 0;
  while (static_cast<int>(frames.size()) < count && reader.next(frame, time_s)) frames.push_back(frame);
  return frames;
}

}  // namespace anima::test
