// The frames of a film as raw RGB in one file: random access without decoding, and without
// holding them in memory (a 3-minute film is 3.5 GB; a read of one frame is one `pread`).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/image.h"

namespace anima::media {

// Appends frames. The file gets its final name on `finish`; a store that was not finished does
// not exist. Throws Error(kResourceExhausted) when the disk is full.
class FrameStoreWriter {
 public:
  FrameStoreWriter(const std::filesystem::path& path, int width, int height, int channels = 3);
  ~FrameStoreWriter();  // removes what was not finished
  void append(const Image& frame);
  int finish();  // number of frames

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reads frames; `read` is safe from several threads at once.
class FrameStore {
 public:
  explicit FrameStore(const std::filesystem::path& path);  // Error(kCorruptData) if it is not one
  ~FrameStore();
  FrameStore(FrameStore&&) noexcept;
  int count() const;
  int width() const;
  int height() const;
  int channels() const;
  void read(int index, Image& frame) const;  // reuses the memory of `frame`

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace anima::media
