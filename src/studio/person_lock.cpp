#include "studio/person_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace anima::studio {

PersonLock::PersonLock(const std::filesystem::path& lock_file, const std::string& person) {
  descriptor_ = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor_ < 0) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("cannot open the lock '{}'", lock_file.string()),
                "check that the library's folder may be written", std::strerror(errno));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> holder{};
    const ssize_t got = ::pread(descriptor_, holder.data(), holder.size() - 1, 0);
    ::close(descriptor_);
    const std::string process = got > 0 ? std::string(holder.data()) : "unknown";
    throw Error(ErrorCode::kResourceExhausted,
                fmt::format("'{}' is being worked on by another process ({})", person, process),
                "wait until it has finished or stop it; then run the same command again");
  }
  // Only for the message above; nothing depends on it.
  const std::string process = std::to_string(::getpid());
  [[maybe_unused]] const int cut = ::ftruncate(descriptor_, 0);
  [[maybe_unused]] const ssize_t written = ::pwrite(descriptor_, process.data(), process.size(), 0);
}

// The file stays: removing it would let a third process lock a new file of the same name while a
// second one still waits for this one.
PersonLock::~PersonLock() {
  ::close(descriptor_);
}

}  // namespace anima::studio
