// What a film or sound file holds, without decoding it all.
#pragma once

#include <filesystem>
#include <string>

namespace anima::media {

struct FilmInfo {
  bool has_video = false;
  bool has_sound = false;
  int width_px = 0;  // as shown: after rotation and pixel aspect
  int height_px = 0;
  int rotation_degrees = 0;  // 0, 90, 180 or 270, as the container's flag says
  double frame_rate_hz = 0;  // average; 0 when unknown
  bool variable_frame_rate = false;
  double duration_s = 0;
  int sample_rate_hz = 0;
  int channels = 0;
  std::string container;
  std::string video_codec;
  std::string sound_codec;
  bool ai_generated = false;  // carries Anima's machine-readable label
};

// Throws Error: kNotFound, kInvalidArgument (a folder), kCorruptData (truncated or not media at
// all), kUnsupported (a codec that no installed GStreamer plugin reads; names the plugin).
FilmInfo probe_film(const std::filesystem::path& path);

}  // namespace anima::media
