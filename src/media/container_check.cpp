#include "media/container_check.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

#include "core/error.h"
#include "media/file_peek.h"

namespace anima::media {
namespace {

namespace fs = std::filesystem;

// Where the file should end at least, judged by its top-level boxes (ISO/IEC 14496-12, 4.2).
std::optional<std::uint64_t> mp4_end(FilePeek& file, std::uint64_t file_bytes) {
  std::uint64_t position = 0;
  for (int box = 0; box < 100000; ++box) {
    const auto bytes = file.peek(position);
    if (bytes.empty()) return position;
    if (bytes.size() < 8) return position + 8;
    std::uint64_t size = big_endian(bytes.first(4));
    if (box == 0) {
      constexpr const char* kFirstTypes[] = {"ftyp", "moov", "mdat", "wide", "free", "skip"};
      const std::string type(reinterpret_cast<const char*>(bytes.data()) + 4, 4);
      if (std::find(std::begin(kFirstTypes), std::end(kFirstTypes), type) == std::end(kFirstTypes))
        return std::nullopt;
    }
    if (size == 0) return file_bytes;  // "to the end of the file"
    if (size == 1) {
      if (bytes.size() < 16) return position + 16;
      size = big_endian(bytes.subspan(8, 8));
    }
    if (size < 8) return std::nullopt;  // not a box: the demuxer will say what it thinks of it
    if (size > file_bytes - position) return size + position < size ? UINT64_MAX : size + position;
    position += size;
  }
  return std::nullopt;
}

// An EBML variable-length number (RFC 8794, 4): its value without the marker and its length.
struct EbmlNumber {
  std::uint64_t value = 0;
  std::size_t length = 0;
  bool unknown = false;  // all value bits set
};
std::optional<EbmlNumber> ebml_number(std::span<const std::uint8_t> bytes) {
  if (bytes.empty() || bytes[0] == 0) return std::nullopt;
  std::size_t length = 1;
  while ((bytes[0] & (0x80U >> (length - 1))) == 0) ++length;
  if (bytes.size() < length) return std::nullopt;
  const std::uint64_t mask = (std::uint64_t{1} << (7 * length)) - 1;
  const std::uint64_t value = big_endian(bytes.first(length)) & mask;
  return EbmlNumber{value, length, value == mask};
}

std::optional<std::uint64_t> matroska_end(FilePeek& file) {
  std::uint64_t position = 0;
  for (const std::uint32_t id : {0x1A45DFA3U, 0x18538067U}) {  // EBML header, Segment
    const auto bytes = file.peek(position);
    if (bytes.size() < 5 || big_endian(bytes.first(4)) != id) return std::nullopt;
    const std::optional<EbmlNumber> size = ebml_number(bytes.subspan(4));
    if (!size || size->unknown) return std::nullopt;
    position += 4 + size->length + size->value;
  }
  return position;
}

std::optional<std::uint64_t> riff_end(FilePeek& file) {
  const auto bytes = file.peek(0);
  if (bytes.size() < 12 || std::memcmp(bytes.data(), "RIFF", 4) != 0) return std::nullopt;
  const std::uint64_t size = bytes[4] | bytes[5] << 8U | bytes[6] << 16U | std::uint64_t{bytes[7]} << 24U;
  // Programs that stream, or were stopped, leave such sizes; what is there can be read.
  if (size == 0 || size >= 0x7FFF0000U) return std::nullopt;
  return size + 8;
}

// An IFF file of sound: AIFF and AIFF-C ("EA IFF 85", section 4).
std::optional<std::uint64_t> aiff_end(FilePeek& file) {
  const auto bytes = file.peek(0);
  if (bytes.size() < 12 || std::memcmp(bytes.data(), "FORM", 4) != 0) return std::nullopt;
  if (std::memcmp(bytes.data() + 8, "AIF", 3) != 0) return std::nullopt;
  const std::uint64_t size = big_endian(bytes.subspan(4, 4));
  if (size == 0 || size >= 0x7FFF0000U) return std::nullopt;
  return size + 8;
}

// Where the last page that begins in the last 128 KB ends (RFC 3533, 6): a page has 65307 bytes at most.
std::optional<std::uint64_t> ogg_end(FilePeek& file, std::uint64_t file_bytes) {
  constexpr std::uint64_t kTail_bytes = 1U << 17U;
  constexpr std::size_t kHeader_bytes = 27;
  if (file.peek(0).size() < 4 || std::memcmp(file.peek(0).data(), "OggS", 4) != 0) return std::nullopt;
  const std::uint64_t first = file_bytes > kTail_bytes ? file_bytes - kTail_bytes : 0;
  const std::string tail = file.read(first, kTail_bytes);
  const std::size_t page = tail.rfind("OggS");
  if (page == std::string::npos) return std::nullopt;
  if (page + kHeader_bytes > tail.size()) return first + page + kHeader_bytes;
  const auto segments = static_cast<std::uint8_t>(tail[page + kHeader_bytes - 1]);
  std::uint64_t end = page + kHeader_bytes + segments;
  for (std::size_t i = 0; i < segments && page + kHeader_bytes + i < tail.size(); ++i)
    end += static_cast<std::uint8_t>(tail[page + kHeader_bytes + i]);
  return first + end;
}

}  // namespace

void check_container(const fs::path& path) {
  FilePeek file(path);
  if (file.descriptor() < 0) {
    const int reason = errno;
    const bool missing = reason == ENOENT || reason == ENOTDIR;
    throw Error(missing ? ErrorCode::kNotFound : ErrorCode::kInvalidArgument,
                fmt::format("'{}' {}", path.string(), missing ? "is not there" : "cannot be opened"),
                missing ? "check the path" : "check its permissions", std::strerror(reason));
  }
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is {}, not a film or sound file", path.string(),
                            S_ISDIR(status.st_mode) ? "a folder" : "not a regular file"),
                "name the file itself");
  }
  const auto file_bytes = static_cast<std::uint64_t>(status.st_size);
  if (file_bytes == 0) {
    throw Error(ErrorCode::kCorruptData, fmt::format("'{}' is empty", path.string()),
                "copy or record it again");
  }
  std::optional<std::uint64_t> end = mp4_end(file, file_bytes);
  if (!end) end = matroska_end(file);
  if (!end) end = riff_end(file);
  if (!end) end = aiff_end(file);
  if (!end) end = ogg_end(file, file_bytes);
  if (end && *end > file_bytes + 1) {  // RIFF pads odd sizes, and some writers forget the byte
    throw Error(ErrorCode::kCorruptData,
                fmt::format("'{}' is cut off: it has {} bytes, but its parts need at least {}", path.string(),
                            file_bytes, *end),
                "copy or download it again, whole");
  }
}

}  // namespace anima::media
