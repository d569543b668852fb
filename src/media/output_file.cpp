#include "media/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <regex>
#include <string>
#include <system_error>

#include "core/error.h"

namespace anima::media {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(const fs::path& path, int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
  throw Error(
      full ? ErrorCode::kResourceExhausted : ErrorCode::kInvalidArgument,
      fmt::format("'{}' cannot be written", path.string()),
      full ? "free some disk space and run the same command again" : "check the path and its permissions",
      std::strerror(error_number));
}

// Of ".NAME.PID-N.part" and ".NAME.PID-N.scratch", which no other program writes.
struct Unfinished {
  std::string name;
  long process = 0;
};

std::optional<Unfinished> unfinished_of(const std::string& file_name) {
  static const std::regex pattern(
      R"(\.(.+\.(?:mp4|webm|webp|wav))\.([1-9][0-9]{0,9})-[0-9]{1,10}\.(?:part|scratch))");
  std::smatch parts;
  if (!std::regex_match(file_name, parts, pattern)) return std::nullopt;
  return Unfinished{parts[1], std::strtol(parts[2].str().c_str(), nullptr, 10)};
}

bool process_exists(long process) {
  return ::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM;
}

void sweep(const fs::path& folder, const std::string& own_name) {
  constexpr std::chrono::hours kRest{1};
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const auto left = unfinished_of(entry->path().filename().string());
    std::error_code ignored;
    if (!left || !fs::is_regular_file(entry->symlink_status(ignored)) || process_exists(left->process))
      continue;
    const auto written = fs::last_write_time(entry->path(), ignored);
    if (left->name != own_name && (ignored || fs::file_time_type::clock::now() - written < kRest)) continue;
    fs::remove(entry->path(), ignored);
  }
}

}  // namespace

OutputFile::OutputFile(const fs::path& path) : path_(path) {
  static std::atomic<unsigned> counter{0};
  std::error_code ignored;
  const fs::path folder = path.parent_path().empty() ? fs::path(".") : path.parent_path();
  if (fs::is_directory(path, ignored) || !path.has_filename()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is a folder", path.string()),
                "name a file in it");
  }
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' cannot be written: its folder is not there", path.string()),
                fmt::format("make it with: mkdir -p '{}'", folder.string()));
  }
  sweep(folder, path.filename().string());
  const std::string name =
      fmt::format(".{}.{}-{}", path.filename().string(), ::getpid(), counter.fetch_add(1));
  temporary_ = folder / (name + ".part");
  scratch_ = folder / (name + ".scratch");
}

OutputFile::~OutputFile() {
  ::unlink(temporary_.c_str());
  ::unlink(scratch_.c_str());
}

void OutputFile::publish(std::span<const std::byte> tail) {
  const int file = ::open(temporary_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0) throw_errno(path_, errno);
  int failure = 0;
  while (!tail.empty() && failure == 0) {
    const ssize_t written = ::write(file, tail.data(), tail.size());
    if (written > 0) tail = tail.subspan(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) failure = errno;
  }
  if (failure == 0 && ::fsync(file) != 0) failure = errno;
  if (::close(file) != 0 && failure == 0) failure = errno;
  if (failure == 0 && ::rename(temporary_.c_str(), path_.c_str()) != 0) failure = errno;
  if (failure != 0) throw_errno(path_, failure);
}

}  // namespace anima::media
