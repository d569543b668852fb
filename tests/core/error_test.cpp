#include "core/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace anima {
namespace {

constexpr ErrorCode kCodes[] = {
    ErrorCode::kInvalidArgument, ErrorCode::kNotFound, ErrorCode::kUnsupported,       ErrorCode::kCorruptData,
    ErrorCode::kUnusableInput,   ErrorCode::kNotReady, ErrorCode::kResourceExhausted, ErrorCode::kCancelled,
    ErrorCode::kTimeout,         ErrorCode::kExternal, ErrorCode::kInternal};

TEST(Error, SaysWhatIsWrongWhyAndWhatToDo) {
  const Error error(ErrorCode::kNotFound, "'a.mp4' is not there", "check the path", "No such file");
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_EQ(error.message(), "'a.mp4' is not there");
  EXPECT_EQ(error.fix(), "check the path");
  EXPECT_EQ(error.cause(), "No such file");
  EXPECT_STREQ(error.what(), "'a.mp4' is not there (cause: No such file) — check the path");
  EXPECT_STREQ(Error(ErrorCode::kInternal, "oops").what(), "oops");
}

TEST(Error, EveryCodeHasItsOwnNameAndExitStatus) {
  std::set<std::string> names;
  std::set<int> statuses;
  for (const ErrorCode code : kCodes) {
    names.insert(std::string(name_of(code)));
    statuses.insert(exit_status_of(code));
    EXPECT_GT(exit_status_of(code), 1);
    EXPECT_LE(exit_status_of(code), 130);
  }
  EXPECT_EQ(names.size(), std::size(kCodes));
  EXPECT_EQ(statuses.size(), std::size(kCodes));
  EXPECT_EQ(exit_status_of(ErrorCode::kCancelled), 130);  // as a shell reports a stop by Ctrl-C
  EXPECT_EQ(name_of(ErrorCode::kCorruptData), "corrupt_data");
}

}  // namespace
}  // namespace anima
