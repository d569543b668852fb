#include "studio/database_errors.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace anima::studio {
namespace {

ErrorCode code_of(int sqlite_code) {
  return database_error(SQLite::Exception("said by SQLite", sqlite_code), "opening it").code();
}

TEST(DatabaseErrors, TellTheUserWhatToDo) {
  EXPECT_EQ(code_of(SQLITE_FULL), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code_of(SQLITE_IOERR), ErrorCode::kResourceExhausted);
  EXPECT_EQ(code_of(SQLITE_CORRUPT), ErrorCode::kCorruptData);
  EXPECT_EQ(code_of(SQLITE_BUSY), ErrorCode::kTimeout);
  EXPECT_EQ(code_of(SQLITE_CANTOPEN), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code_of(SQLITE_MISUSE), ErrorCode::kInternal);
}

TEST(DatabaseErrors, NameWhatWasBeingDoneAndTheFix) {
  const Error error = database_error(SQLite::Exception("disk I/O error", SQLITE_IOERR), "opening it");
  EXPECT_NE(std::string(error.what()).find("opening it"), std::string::npos);
  EXPECT_NE(error.fix().find("disk"), std::string::npos);
}

TEST(DatabaseErrors, PassResultsThrough) {
  EXPECT_EQ(with_database_errors("counting", [] { return 7; }), 7);
  EXPECT_THROW(
      with_database_errors("counting", []() -> int { throw SQLite::Exception("full", SQLITE_FULL); }), Error);
}

}  // namespace
}  // namespace anima::studio
