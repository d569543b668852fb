#include "media/frame_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <string>

#include "core/error.h"

static_assert(std::endian::native == std::endian::little, "the header of a frame store is little-endian");

namespace anima::media {
namespace {

namespace fs = std::filesystem;

// Before the frames: magic, then five 32-bit numbers, padded to a page so that frames of a usual
// size start at page boundaries.
constexpr std::array<char, 8> kMagic = {'A', 'N', 'I', 'M', 'F', 'R', 'M', '1'};
constexpr std::size_t kHeaderBytes = 4096;
constexpr int kSizeLimit_px = 16384;

struct Header {
  std::array<char, 8> magic = kMagic;
  std::int32_t width = 0;
  std::int32_t height = 0;
  std::int32_t channels = 0;
  std::int32_t count = 0;
};

bool plausible(const Header& header) {
  return header.magic == kMagic && header.width > 0 && header.width <= kSizeLimit_px && header.height > 0 &&
         header.height <= kSizeLimit_px &&
         (header.channels == 1 || header.channels == 3 || header.channels == 4) && header.count >= 0;
}

std::size_t frame_bytes(const Header& header) {
  return static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height) *
         static_cast<std::size_t>(header.channels);
}

[[noreturn]] void throw_errno(const char* doing, const fs::path& path, int error_number) {
  const std::string cause = std::strerror(error_number);
  if (error_number == ENOSPC || error_number == EDQUOT) {
    throw Error(ErrorCode::kResourceExhausted, fmt::format("no space left to {} '{}'", doing, path.string()),
                "free some disk space and run the same command again", cause);
  }
  throw Error(error_number == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInvalidArgument,
              fmt::format("cannot {} '{}'", doing, path.string()), "check the path and its permissions",
              cause);
}

void write_all(int file, const void* data, std::size_t size, const fs::path& path) {
  const auto* next = static_cast<const std::byte*>(data);
  while (size > 0) {
    const ssize_t written = ::write(file, next, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      throw_errno("write", path, errno);
    }
    next += written;
    size -= static_cast<std::size_t>(written);
  }
}

}  // namespace

struct FrameStoreWriter::State {
  fs::path path;
  fs::path temporary;
  int file = -1;
  Header header;

  ~State() {
    if (file < 0) return;
    ::close(file);
    ::unlink(temporary.c_str());
  }
};

FrameStoreWriter::FrameStoreWriter(const fs::path& path, int width, int height, int channels)
    : state_(std::make_unique<State>()) {
  static std::atomic<unsigned> counter{0};
  state_->header.width = width;
  state_->header.height = height;
  state_->header.channels = channels;
  if (!plausible(state_->header)) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("a frame store of {}x{} pixels with {} channels cannot be made", width, height, channels),
        "use 1 to 16384 pixels and 1, 3 or 4 channels");
  }
  state_->path = path;
  state_->temporary = path.parent_path() / fmt::format(".{}.{}-{}.part", path.filename().string(), ::getpid(),
                                                       counter.fetch_add(1));
  state_->file = ::open(state_->temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (state_->file < 0) throw_errno("write", path, errno);
  const std::vector<std::byte> room(kHeaderBytes);
  write_all(state_->file, room.data(), room.size(), path);
}

FrameStoreWriter::~FrameStoreWriter() = default;

void FrameStoreWriter::append(const Image& frame) {
  Header& header = state_->header;
  if (state_->file < 0) throw Error(ErrorCode::kInternal, "a frame was appended to a finished frame store");
  if (frame.width != header.width || frame.height != header.height || frame.channels != header.channels ||
      frame.pixels.size() != frame_bytes(header)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("frame {} is {}x{}x{}, but the store '{}' takes {}x{}x{}", header.count,
                            frame.width, frame.height, frame.channels, state_->path.string(), header.width,
                            header.height, header.channels));
  }
  if (header.count == std::numeric_limits<std::int32_t>::max()) {
    throw Error(ErrorCode::kResourceExhausted,
                fmt::format("'{}' holds too many frames", state_->path.string()));
  }
  write_all(state_->file, frame.pixels.data(), frame.pixels.size(), state_->path);
  ++header.count;
}

int FrameStoreWriter::finish() {
  State& state = *state_;
  if (state.file < 0) return state.header.count;
  if (::lseek(state.file, 0, SEEK_SET) != 0) throw_errno("write", state.path, errno);
  write_all(state.file, &state.header, sizeof state.header, state.path);
  if (::fdatasync(state.file) != 0) throw_errno("write", state.path, errno);
  if (::rename(state.temporary.c_str(), state.path.c_str()) != 0) throw_errno("write", state.path, errno);
  ::close(state.file);
  state.file = -1;
  return state.header.count;
}

struct FrameStore::State {
  fs::path path;
  int file = -1;
  Header header;

  ~State() {
    if (file >= 0) ::close(file);
  }
};

FrameStore::FrameStore(const fs::path& path) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.path = path;
  state.file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (state.file < 0) throw_errno("read", path, errno);
  struct stat status {};
  if (::fstat(state.file, &status) != 0) throw_errno("read", path, errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is not a file", path.string()), "name a file");
  }
  const ssize_t got = ::pread(state.file, &state.header, sizeof state.header, 0);
  if (got != static_cast<ssize_t>(sizeof state.header) || !plausible(state.header)) {
    throw Error(ErrorCode::kCorruptData, fmt::format("'{}' is not a frame store", path.string()),
                "delete it; it is made again from the film");
  }
  // The limits on sizes keep this product far from overflow: 2^14 * 2^14 * 2^2 * 2^31 < 2^64.
  const std::uint64_t expected = kHeaderBytes + static_cast<std::uint64_t>(frame_bytes(state.header)) *
                                                    static_cast<std::uint64_t>(state.header.count);
  if (static_cast<std::uint64_t>(status.st_size) != expected) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("the frame store '{}' has {} bytes, but its {} frames need {}", path.string(),
                            status.st_size, state.header.count, expected),
                "delete it; it is made again from the film");
  }
}

FrameStore::~FrameStore() = default;
FrameStore::FrameStore(FrameStore&&) noexcept = default;

int FrameStore::count() const {
  return state_->header.count;
}
int FrameStore::width() const {
  return state_->header.width;
}
int FrameStore::height() const {
  return state_->header.height;
}
int FrameStore::channels() const {
  return state_->header.channels;
}

void FrameStore::read(int index, Image& frame) const {
  const Header& header = state_->header;
  if (index < 0 || index >= header.count) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("frame {} was asked of '{}', which has {}", index,
                                                         state_->path.string(), header.count));
  }
  frame.width = header.width;
  frame.height = header.height;
  frame.channels = header.channels;
  const std::size_t size = frame_bytes(header);
  frame.pixels.resize(size);
  std::size_t done = 0;
  while (done < size) {
    const auto offset = static_cast<off_t>(kHeaderBytes + static_cast<std::size_t>(index) * size + done);
    const ssize_t got = ::pread(state_->file, frame.pixels.data() + done, size - done, offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("read", state_->path, errno);
    if (got == 0) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("the frame store '{}' was cut while it was read", state_->path.string()),
                  "delete it; it is made again from the film");
    }
    done += static_cast<std::size_t>(got);
  }
}

}  // namespace anima::media
