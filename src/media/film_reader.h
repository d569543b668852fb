// Frames and sound out of any file that GStreamer reads, as streams.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "core/image.h"
#include "core/sound.h"
#include "core/warning_sink.h"

namespace anima::media {

// A square in source pixels (as shown). It may reach outside of the picture: edge pixels repeat.
struct CropSquare {
  double left_px = 0;
  double top_px = 0;
  double side_px = 0;
};

// The size at which square pixels show a picture whose pixels are wider than high by this ratio.
struct ShownSize {
  double width_px = 0;
  double height_px = 0;
};
ShownSize shown_size(int width, int height, int aspect_numerator, int aspect_denominator);

struct FrameReaderOptions {
  double frame_rate_hz = 25;            // frames are picked or repeated by time stamp; 0 keeps every frame
  std::optional<CropSquare> crop = {};  // none: the whole picture
  int width_px = 0;                     // output size; 0 keeps the (cropped) size. With a crop: square
  int height_px = 0;
};

// Decodes one frame at a time; memory does not grow with the film. Each output frame is the
// source frame nearest in time. Throws what probe_film throws, and Error(kUnusableInput) for a
// file without a picture. One reader belongs to one thread at a time.
class FrameReader {
 public:
  // `warn` as of SoundReader.
  FrameReader(const std::filesystem::path& path, const FrameReaderOptions& options, WarningSink warn = {});
  ~FrameReader();
  // False at the end. Reuses the memory of `frame` (RGB). `time_s` is the presentation time of the frame on
  // the output grid.
  bool next(Image& frame, double& time_s);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Sound as a mono stream at the asked rate, time-aligned with the film (a late start is padded
// with silence). Channels are added up, or one of them is taken where that would lose the speech
// (media/channel_mixer.h); of several tracks, the one with speech is read (media/track_choice.h).
class SoundReader {
 public:
  // `warn` is told what was chosen, and where the sound ends at another time than the file says. Where nobody
  // is to be told, a sound that ends too early is Error(kCorruptData).
  SoundReader(const std::filesystem::path& path, int sample_rate_hz, WarningSink warn = {});
  ~SoundReader();
  // Fills up to samples.size() values, returns how many; 0 at the end.
  std::size_t read(std::span<float> samples);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The whole sound, at most `limit_s` seconds (Error(kUnusableInput) beyond).
Sound read_sound(const std::filesystem::path& path, int sample_rate_hz, double limit_s = 7200,
                 const WarningSink& warn = {});
// Its first `limit_s` seconds, and whether there are more.
Sound read_sound_beginning(const std::filesystem::path& path, int sample_rate_hz, double limit_s,
                           bool* more = nullptr, const WarningSink& warn = {});

}  // namespace anima::media
