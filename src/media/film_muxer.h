// What FilmWriter stands on: one implementation per way of making a file. Internal to `media`.
#pragma once

#include <memory>
#include <span>

#include "core/image.h"
#include "media/film_writer.h"
#include "media/gstreamer_runtime.h"
#include "media/output_file.h"

namespace anima::media {

enum class FilmContainer { kMp4, kWebm, kWebp };

// FilmWriter has checked sizes and order before it calls these.
class FilmMuxer {
 public:
  virtual ~FilmMuxer() = default;
  virtual void write_frame(const Image& frame) = 0;
  virtual void write_sound(std::span<const float> mono_samples) = 0;
  // Ends both streams and closes the temporary file; FilmWriter publishes it.
  virtual void close() = 0;
};

// A VP9 encoder of constant quality, fast enough for more than real time on one core.
GstElement* add_vp9_encoder(Pipeline& pipeline, const FilmWriterOptions& options);

// MP4 with H.264 and AAC, or WebM with VP9 and Opus, encoded and muxed by GStreamer.
std::unique_ptr<FilmMuxer> make_opaque_muxer(const OutputFile& file, FilmContainer container,
                                             const FilmWriterOptions& options);

// WebM with VP9, its alpha channel as a second VP9 stream in BlockAdditions, and Opus.
std::unique_ptr<FilmMuxer> make_transparent_muxer(const OutputFile& file, const FilmWriterOptions& options);

// A moving picture without sound that plays again and again; with alpha if `options` say so.
std::unique_ptr<FilmMuxer> make_animated_webp_muxer(const OutputFile& file, const FilmWriterOptions& options);

}  // namespace anima::media
