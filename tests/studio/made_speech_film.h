// Short films of the house presenter, whole, doubled or without her, for tests of what is refused.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "media/film_reader.h"
#include "media/film_writer.h"
#include "support/presenter_clip.h"

namespace anima::test {

struct MadeFilm {
  int width_px = kClipSide_px;
  int height_px = kClipSide_px;
  std::vector<int> left_px = {0};  // where she stands, once per entry
  int top_px = 0;
  double length_s = 6;  // her clip has no more
  bool with_sound = true;
  int sound_late_ms = 0;  // against the lips; negative: early
  double loudness = 1;    // 0: silence
  double speech_s = 1e9;  // silence afterwards
};

// Her own film on grey, as `made` says.
inline void write_speech_film(const std::filesystem::path& path, const MadeFilm& made) {
  const int frames = static_cast<int>(made.length_s * 25);
  const std::vector<Image> filmed = presenter_frames(frames, kClipSide_px);
  std::vector<float> sound = media::read_sound(presenter_clip(), 48000).samples;
  if (made.sound_late_ms > 0)
    sound.insert(sound.begin(), static_cast<std::size_t>(48 * made.sound_late_ms), 0.0F);
  if (made.sound_late_ms < 0) sound.erase(sound.begin(), sound.begin() - 48 * made.sound_late_ms);
  sound.resize(static_cast<std::size_t>(frames) * 1920);
  for (std::size_t i = 0; i < sound.size(); ++i)
    sound[i] *= i < made.speech_s * 48000 ? static_cast<float>(made.loudness) : 0.0F;
  media::FilmWriterOptions options;
  options.width_px = made.width_px;
  options.height_px = made.height_px;
  options.with_sound = made.with_sound;
  media::FilmWriter writer(path, options);
  Image picture(made.width_px, made.height_px, 3);
  for (int i = 0; i < frames; ++i) {
    std::fill(picture.pixels.begin(), picture.pixels.end(), std::uint8_t{110});
    for (const int left : made.left_px) {
      for (int y = 0; y < kClipSide_px; ++y)
        std::copy_n(filmed[i].row(y), 3 * kClipSide_px, picture.row(made.top_px + y) + 3 * left);
    }
    writer.write_frame(picture);
    if (made.with_sound) {
      writer.write_sound(std::span(sound).subspan(static_cast<std::size_t>(i) * 1920, 1920));
    }
  }
  writer.finish();
}

}  // namespace anima::test
