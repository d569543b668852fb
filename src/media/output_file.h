// A file in the making: it has a temporary name beside its final one until it is complete.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace anima::media {

class OutputFile {
 public:
  // Throws Error(kInvalidArgument) when `path` is a folder or its folder is not there. Removes what
  // killed processes left of earlier ones: of the same name at once, of others after an hour, because a
  // process of another machine or container that shares the folder cannot be seen from here.
  explicit OutputFile(const std::filesystem::path& path);
  ~OutputFile();  // removes what was not published
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& temporary() const { return temporary_; }
  // A second name beside it, for a muxer that needs one; removed with the first.
  const std::filesystem::path& scratch() const { return scratch_; }

  // Appends `tail`, flushes to disk, and gives the file its name.
  void publish(std::span<const std::byte> tail = {});

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::filesystem::path scratch_;
};

}  // namespace anima::media
