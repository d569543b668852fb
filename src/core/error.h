// The one error type of Anima.
//
// Every failure that a user or a caller can act on is thrown as `anima::Error`. Its message
// names the input, the value that was wrong, and what to do about it; its code decides the
// exit status of the command line and the HTTP status of the server. Libraries throw it and
// never print, exit or abort.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace anima {

enum class ErrorCode {
  kInvalidArgument,   // the caller asked for something that makes no sense
  kNotFound,          // a file, person, voice or stream that is not there
  kUnsupported,       // well formed, but a form that this build or engine cannot handle
  kCorruptData,       // bytes from outside that do not hold what they claim
  kUnusableInput,     // readable, but not good enough to work from (no face, silence, ...)
  kNotReady,          // an engine or package that must be installed or configured first
  kResourceExhausted, // disk, memory, quota or a rate limit
  kCancelled,         // the user stopped it; what was done so far is saved
  kTimeout,           // something outside did not answer in time
  kExternal,          // a server or program outside answered with an error
  kInternal,          // a bug in Anima
};

// A stable, lower-case name ("not_found"), used in JSON and in messages.
std::string_view name_of(ErrorCode code);

// The exit status of the command line for this code; documented in docs/troubleshooting.md.
int exit_status_of(ErrorCode code);

class Error : public std::runtime_error {
 public:
  // `message` says what is wrong with which input; `fix` says what the user can do (may be
  // empty); `cause` is the text of the lower-level failure (may be empty).
  Error(ErrorCode code, std::string message, std::string fix = {}, std::string cause = {});

  ErrorCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  const std::string& fix() const noexcept { return fix_; }
  const std::string& cause() const noexcept { return cause_; }

 private:
  ErrorCode code_;
  std::string message_;
  std::string fix_;
  std::string cause_;
};

}  // namespace anima
