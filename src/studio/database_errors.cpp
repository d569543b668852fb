#include "studio/database_errors.h"

#include <sqlite3.h>

namespace anima::studio {

Error database_error(const SQLite::Exception& exception, const std::string& doing) {
  const std::string message = "the library's database failed while " + doing;
  switch (exception.getErrorCode()) {
    case SQLITE_FULL:
      return {ErrorCode::kResourceExhausted, message, "free some disk space and run the same command again",
              exception.what()};
    case SQLITE_IOERR:  // what a full disk looks like while the database is opened
      return {ErrorCode::kResourceExhausted, message,
              "the disk is full or failing: free some disk space, and run the same command again",
              exception.what()};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::kCorruptData, message,
              "move the file anima.db of the library aside: people are found again from their folders, only "
              "the list "
              "of past jobs is lost",
              exception.what()};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kTimeout, message, "another process keeps it locked: stop that one, or try again",
              exception.what()};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return {ErrorCode::kInvalidArgument, message, "check that the library's folder may be written",
              exception.what()};
    default:
      return {ErrorCode::kInternal, message, "report this with the text after 'cause'", exception.what()};
  }
}

}  // namespace anima::studio
