#include "core/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <utility>

#include "core/error.h"

extern char** environ;

namespace anima {
namespace {

constexpr int kStopCheck_ms = 20;
constexpr std::size_t kErrorOutputKept = 8192;
constexpr double kDrain_s = 0.5;  // for helpers that outlive the program and hold its output open

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw Error(ErrorCode::kResourceExhausted, "cannot open a pipe to a program",
                "raise the limit of open files (ulimit -n)", std::strerror(errno));
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

void make_non_blocking(const Descriptor& descriptor) {
  ::fcntl(descriptor.get(), F_SETFL, ::fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
}

// A program that closes its input early must not end ours: SIGPIPE is held back on this thread
// while it lives, and one that became pending meanwhile is taken away.
class HeldBrokenPipe {
 public:
  HeldBrokenPipe() {
    ::sigemptyset(&broken_pipe_);
    ::sigaddset(&broken_pipe_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
  }
  ~HeldBrokenPipe() {
    if (!was_pending_) {
      const timespec now{};
      while (::sigtimedwait(&broken_pipe_, nullptr, &now) == -1 && errno == EINTR) {
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  HeldBrokenPipe(const HeldBrokenPipe&) = delete;
  HeldBrokenPipe& operator=(const HeldBrokenPipe&) = delete;

 private:
  sigset_t broken_pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

// A started program. Unless it was waited for, its group is killed when this goes.
class Child {
 public:
  Child(pid_t pid, Descriptor handle) : pid_(pid), handle_(std::move(handle)) {}
  ~Child() { kill_and_reap(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int handle() const { return handle_.get(); }

  // True once it ended. It stays a zombie, so that its group's number is not given to another.
  bool ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid_;
  }

  int kill_and_reap() {
    if (pid_ <= 0) return 0;
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) == -1 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t pid_;
  Descriptor handle_;
};

class SpawnActions {
 public:
  SpawnActions() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnActions() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

pid_t spawn(const ProcessRequest& request, const Pipe& in, const Pipe& out, const Pipe& err) {
  SpawnActions spawn;
  ::posix_spawn_file_actions_adddup2(&spawn.actions, in.read_end.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&spawn.actions, out.write_end.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&spawn.actions, err.write_end.get(), STDERR_FILENO);
  // Files that some library opened without the close-on-exec flag stay ours.
  ::posix_spawn_file_actions_addclosefrom_np(&spawn.actions, STDERR_FILENO + 1);
  if (!request.working_folder.empty()) {
    ::posix_spawn_file_actions_addchdir_np(&spawn.actions, request.working_folder.c_str());
  }
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&spawn.attributes, &none);
  ::posix_spawnattr_setsigdefault(&spawn.attributes, &all);
  ::posix_spawnattr_setpgroup(&spawn.attributes, 0);
  ::posix_spawnattr_setflags(&spawn.attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<char*> arguments;
  for (const std::string& argument : request.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = -1;
  const int failure =
      ::posix_spawnp(&pid, arguments[0], &spawn.actions, &spawn.attributes, arguments.data(), environ);
  if (failure != 0) {
    const std::string& program = request.arguments[0];
    if (failure == E2BIG) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("the arguments for '{}' are too long", program),
                  "hand long text over in a file or on standard input");
    }
    if (!request.working_folder.empty() && !std::filesystem::is_directory(request.working_folder)) {
      throw Error(ErrorCode::kNotFound,
                  fmt::format("cannot run '{}' in '{}': there is no such folder", program,
                              request.working_folder.string()),
                  "check the path");
    }
    throw Error(ErrorCode::kNotReady, fmt::format("cannot run the program '{}'", program),
                fmt::format("install '{}', or correct its name or path in the configuration", program),
                std::strerror(failure));
  }
  return pid;
}

// Reads what is there. Returns false at the end of the stream.
template <typename Take>
bool drain(Descriptor& descriptor, const Take& take) {
  std::array<std::byte, 65536> buffer;
  const ssize_t got = ::read(descriptor.get(), buffer.data(), buffer.size());
  if (got > 0) {
    take(std::span<const std::byte>(buffer.data(), static_cast<std::size_t>(got)));
    return true;
  }
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  descriptor.close();
  return false;
}

void keep_tail(std::string& tail, std::span<const std::byte> bytes) {
  tail.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (tail.size() > kErrorOutputKept) tail.erase(0, tail.size() - kErrorOutputKept);
}

}  // namespace

ProcessResult run_process(const ProcessRequest& request, const WorkContext& context,
                          const ProcessOutputSink& sink) {
  if (request.arguments.empty() || request.arguments[0].empty()) {
    throw Error(ErrorCode::kInvalidArgument, "a command without a program", "name the program first");
  }
  for (const std::string& argument : request.arguments) {
    if (argument.find('\0') != std::string::npos) {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("an argument for '{}' holds a NUL character", request.arguments[0]),
                  "remove it");
    }
  }
  const std::string what = fmt::format("running '{}'", request.arguments[0]);
  context.cancellation.throw_if_requested(what);

  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  const double started_s = monotonic_s();
  const pid_t pid = spawn(request, in, out, err);
  Child child(pid, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
  in.read_end.close();
  out.write_end.close();
  err.write_end.close();
  make_non_blocking(in.write_end);
  make_non_blocking(out.read_end);
  make_non_blocking(err.read_end);

  ProcessResult result;
  std::size_t output_bytes = 0;
  double ended_s = -1;
  const auto take_output = [&](std::span<const std::byte> bytes) {
    output_bytes += bytes.size();
    if (output_bytes > request.output_limit_bytes) {
      throw Error(
          ErrorCode::kResourceExhausted,
          fmt::format("'{}' wrote more than {} bytes", request.arguments[0], request.output_limit_bytes),
          "check that the command writes what is expected of it");
    }
    if (sink) {
      sink(bytes);
    } else {
      result.output.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    if (ended_s >= 0) ended_s = monotonic_s();  // a slow sink must not cost the end of the output
  };
  const auto take_errors = [&](std::span<const std::byte> bytes) { keep_tail(result.error_output, bytes); };

  HeldBrokenPipe held;
  std::size_t input_done = 0;
  if (request.input.empty()) in.write_end.close();
  while (true) {
    context.cancellation.throw_if_requested(what);
    const double now_s = monotonic_s();
    if (now_s - started_s > request.timeout_s) {
      throw Error(ErrorCode::kTimeout,
                  fmt::format("'{}' did not finish within {:g} s", request.arguments[0], request.timeout_s),
                  "raise the time limit in the configuration, or check the program by hand");
    }
    if (ended_s < 0 && child.ended()) ended_s = now_s;
    const bool streams_open = out.read_end.open() || err.read_end.open();
    if (ended_s >= 0 && (!streams_open || now_s - ended_s > kDrain_s)) break;

    std::array<pollfd, 4> waits{};
    nfds_t count = 0;
    if (out.read_end.open()) waits[count++] = {out.read_end.get(), POLLIN, 0};
    if (err.read_end.open()) waits[count++] = {err.read_end.get(), POLLIN, 0};
    if (in.write_end.open()) waits[count++] = {in.write_end.get(), POLLOUT, 0};
    if (ended_s < 0 && child.handle() >= 0) waits[count++] = {child.handle(), POLLIN, 0};
    ::poll(waits.data(), count, kStopCheck_ms);

    if (out.read_end.open()) drain(out.read_end, take_output);
    if (err.read_end.open()) drain(err.read_end, take_errors);
    if (in.write_end.open()) {
      const ssize_t written =
          ::write(in.write_end.get(), request.input.data() + input_done, request.input.size() - input_done);
      if (written > 0) input_done += static_cast<std::size_t>(written);
      const bool broken = written < 0 && errno != EAGAIN && errno != EINTR;
      if (broken || input_done == request.input.size()) in.write_end.close();
    }
  }
  result.exit_status = child.kill_and_reap();
  return result;
}

void require_success(const ProcessRequest& request, const ProcessResult& result) {
  if (result.exit_status == 0) return;
  std::string said = result.error_output;
  while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.pop_back();
  if (said.size() > 500) said = "..." + said.substr(said.size() - 500);
  throw Error(ErrorCode::kExternal,
              fmt::format("'{}' ended with status {}", request.arguments.empty() ? "" : request.arguments[0],
                          result.exit_status),
              "run the command by hand to see why", said);
}

std::filesystem::path find_program(const std::string& program) {
  if (program.empty()) return {};
  const auto executable = [](const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
  };
  if (program.find('/') != std::string::npos)
    return executable(program) ? std::filesystem::path(program) : std::filesystem::path();
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/bin:/bin";
  while (true) {
    const std::size_t colon = rest.find(':');
    const std::string_view folder = rest.substr(0, colon);
    const std::filesystem::path candidate = std::filesystem::path(folder.empty() ? "." : folder) / program;
    if (executable(candidate)) return candidate;
    if (colon == std::string_view::npos) return {};
    rest.remove_prefix(colon + 1);
  }
}

}  // namespace anima
