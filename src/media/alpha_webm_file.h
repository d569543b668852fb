// A WebM file with one VP9 picture track that carries alpha, and one Opus track. Internal to
// `media`: GStreamer 1.22 reads such files, but cannot write them.
//
// Layout: RFC 9559 (Matroska) and the WebM guidelines. The alpha of each frame is the brightness
// of a second VP9 stream, stored as a BlockAdditional with BlockAddID 1 beside the frame.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "media/film_writer.h"

namespace anima::media {

class AlphaWebmFile {
 public:
  // `opus_head` is the identification header of RFC 7845, 5.1; empty without sound.
  // `named` is the file that errors are about.
  AlphaWebmFile(const std::filesystem::path& path, const std::filesystem::path& named,
                const FilmWriterOptions& options, std::span<const std::uint8_t> opus_head);

  // Blocks must come in the order of their times.
  void write_frame(std::int64_t time_ms, bool keyframe, std::span<const std::uint8_t> colour,
                   std::span<const std::uint8_t> alpha);
  void write_sound(std::int64_t time_ms, std::span<const std::uint8_t> packet);
  // Writes index, duration and sizes.
  void close(double duration_ms);

 private:
  void append(std::span<const std::uint8_t> bytes);
  void overwrite(std::uint64_t position, std::span<const std::uint8_t> bytes);
  void begin_cluster_if_due(std::int64_t time_ms, bool keyframe);
  void end_cluster();
  void check(bool good) const;

  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  struct IndexEntry {
    std::int64_t time_ms;
    std::uint64_t cluster_position;
  };

  std::filesystem::path named_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::uint64_t written_ = 0;
  std::uint64_t segment_size_position_ = 0;
  std::uint64_t segment_start_ = 0;
  std::uint64_t duration_position_ = 0;
  std::uint64_t cluster_position_ = 0;
  std::int64_t cluster_time_ms_ = -1;  // none open
  std::vector<std::uint8_t> cluster_;
  std::vector<IndexEntry> index_;
};

}  // namespace anima::media
