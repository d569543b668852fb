// Looks into a file at any place. Internal to `media`: for headers that are checked before a demuxer sees
// them.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace anima::media {

class FilePeek {
 public:
  // Does not throw: `descriptor` is negative where the file cannot be opened, with the reason in errno.
  explicit FilePeek(const std::filesystem::path& path);
  ~FilePeek();
  FilePeek(const FilePeek&) = delete;
  FilePeek& operator=(const FilePeek&) = delete;

  int descriptor() const { return descriptor_; }
  // The 64 bytes at `position`, fewer at the end of the file. Valid until the next call.
  std::span<const std::uint8_t> peek(std::uint64_t position);
  std::string read(std::uint64_t position, std::size_t limit_bytes) const;

 private:
  int descriptor_;
  std::array<std::uint8_t, 64> buffer_{};
};

// Numbers as files hold them; `bytes` has at most 8.
std::uint64_t big_endian(std::span<const std::uint8_t> bytes);
std::uint64_t little_endian(std::span<const std::uint8_t> bytes);

}  // namespace anima::media
