// Films and sound files out: MP4 (H.264 + AAC), WebM (VP9, with alpha if asked, + Opus), animated WebP
// (silent: sound written to it is dropped), WAV.
// Each carries a machine-readable "AI-generated" label in its metadata (media/content_label.h).
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "core/image.h"
#include "core/sound.h"

namespace anima::media {

struct FilmWriterOptions {
  int width_px = 512;
  int height_px = 512;
  int frame_rate_hz = 25;
  int sample_rate_hz = 48000;  // of the samples given to write_sound
  bool with_sound = true;
  bool transparent = false;  // WebM or WebP with alpha: frames have 4 channels
  int quality = 20;          // constant rate factor: lower is better
  std::string title = {};
};

// Streams: frames and sound may be written in any interleaving, some seconds apart at most.
// The file appears under its name on `finish`; without it nothing is left behind.
class FilmWriter {
 public:
  FilmWriter(const std::filesystem::path& path, const FilmWriterOptions& options);  // container by extension
  ~FilmWriter();
  void write_frame(const Image& frame);
  void write_sound(std::span<const float> mono_samples);
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// 16-bit mono WAV with the label; samples are clipped to [-1, 1].
void write_wav(const std::filesystem::path& path, const Sound& sound, const std::string& title = {});

}  // namespace anima::media
