#include "core/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/error.h"

namespace anima {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(const std::string& doing, const fs::path& path, int error_number) {
  const std::string cause = std::strerror(error_number);
  if (error_number == ENOSPC || error_number == EDQUOT) {
    throw Error(ErrorCode::kResourceExhausted, fmt::format("no space left to {} '{}'", doing, path.string()),
                "free some disk space and run the same command again", cause);
  }
  if (error_number == ENOENT) {
    throw Error(ErrorCode::kNotFound, fmt::format("cannot {} '{}': there is no such file or folder", doing, path.string()),
                "check the path", cause);
  }
  throw Error(ErrorCode::kInvalidArgument, fmt::format("cannot {} '{}'", doing, path.string()),
              "check the path and its permissions", cause);
}

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int close_now() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd);
  }

 private:
  int fd_;
};

// Removes the temporary file unless the rename took it.
class TemporaryFile {
 public:
  explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
  ~TemporaryFile() {
    if (!kept_) ::unlink(path_.c_str());
  }
  void keep() { kept_ = true; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  bool kept_ = false;
};

}  // namespace

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
  static std::atomic<unsigned> counter{0};
  TemporaryFile temporary(path.parent_path() / fmt::format(".{}.{}-{}.part", path.filename().string(), ::getpid(),
                                                           counter.fetch_add(1)));
  Descriptor file(::open(temporary.path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (file.get() < 0) throw_errno("write", path, errno);
  const std::byte* next = bytes.data();
  std::size_t left = bytes.size();
  while (left > 0) {
    const ssize_t written = ::write(file.get(), next, left);
    if (written < 0) {
      if (errno == EINTR) continue;
      throw_errno("write", path, errno);
    }
    next += written;
    left -= static_cast<std::size_t>(written);
  }
  if (::fsync(file.get()) != 0) throw_errno("write", path, errno);
  if (file.close_now() != 0) throw_errno("write", path, errno);
  if (::rename(temporary.path().c_str(), path.c_str()) != 0) throw_errno("write", path, errno);
  temporary.keep();
}

void write_file_atomically(const fs::path& path, const std::string& text) {
  write_file_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

std::vector<std::byte> read_file(const fs::path& path, std::uint64_t limit_bytes) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) throw_errno("read", path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_errno("read", path, errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is {}, not a file", path.string(), S_ISDIR(status.st_mode) ? "a folder" : "a device"),
                "name a file");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit_bytes) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("'{}' is {} bytes long; at most {} are expected of such a file", path.string(), size, limit_bytes),
                "check that this is the right file");
  }
  std::vector<std::byte> bytes(size);
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw_errno("read", path, errno);
    }
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

std::string read_text_file(const fs::path& path, std::uint64_t limit_bytes) {
  const std::vector<std::byte> bytes = read_file(path, limit_bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void require_free_space(const fs::path& folder, std::uint64_t needed_bytes) {
  std::error_code error;
  fs::path existing = fs::absolute(folder, error);
  while (!existing.empty() && !fs::exists(existing, error) && existing != existing.root_path()) {
    existing = existing.parent_path();
  }
  const fs::space_info space = fs::space(existing, error);
  if (error) return;  // a file system that cannot tell: the write itself will
  if (space.available < needed_bytes) {
    throw Error(ErrorCode::kResourceExhausted,
                fmt::format("'{}' has {} MB free, but about {} MB are needed", folder.string(),
                            space.available >> 20, (needed_bytes >> 20) + 1),
                "free some disk space, or choose another folder with --library");
  }
}

}  // namespace anima
