#include "core/error.h"

#include <utility>

namespace anima {
namespace {

std::string one_line(const std::string& message, const std::string& fix, const std::string& cause) {
  std::string line = message;
  if (!cause.empty()) line += " (cause: " + cause + ")";
  if (!fix.empty()) line += " — " + fix;
  return line;
}

}  // namespace

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "invalid_argument";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kCorruptData: return "corrupt_data";
    case ErrorCode::kUnusableInput: return "unusable_input";
    case ErrorCode::kNotReady: return "not_ready";
    case ErrorCode::kResourceExhausted: return "resource_exhausted";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kTimeout: return "timeout";
    case ErrorCode::kExternal: return "external";
    case ErrorCode::kInternal: return "internal";
  }
  return "internal";
}

int exit_status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return 2;
    case ErrorCode::kNotFound: return 3;
    case ErrorCode::kUnsupported: return 4;
    case ErrorCode::kCorruptData: return 5;
    case ErrorCode::kUnusableInput: return 6;
    case ErrorCode::kNotReady: return 7;
    case ErrorCode::kResourceExhausted: return 8;
    case ErrorCode::kTimeout: return 9;
    case ErrorCode::kExternal: return 10;
    case ErrorCode::kInternal: return 70;
    case ErrorCode::kCancelled: return 130;
  }
  return 70;
}

Error::Error(ErrorCode code, std::string message, std::string fix, std::string cause)
    : std::runtime_error(one_line(message, fix, cause)),
      code_(code),
      message_(std::move(message)),
      fix_(std::move(fix)),
      cause_(std::move(cause)) {}

}  // namespace anima
