#include "media/file_peek.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace anima::media {

FilePeek::FilePeek(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

FilePeek::~FilePeek() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::span<const std::uint8_t> FilePeek::peek(std::uint64_t position) {
  const ssize_t got = ::pread(descriptor_, buffer_.data(), buffer_.size(), static_cast<off_t>(position));
  return {buffer_.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

std::string FilePeek::read(std::uint64_t position, std::size_t limit_bytes) const {
  std::string bytes(limit_bytes, '\0');
  std::size_t filled = 0;
  while (filled < limit_bytes) {
    const ssize_t got = ::pread(descriptor_, bytes.data() + filled, limit_bytes - filled,
                                static_cast<off_t>(position + filled));
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

std::uint64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8U | byte;
  return value;
}

std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | bytes[i];
  return value;
}

}  // namespace anima::media
