// SQLite's exceptions as Anima's errors.
#pragma once

#include <SQLiteCpp/Exception.h>

#include "core/error.h"

namespace anima::studio {

// The error to throw for what SQLite says while `doing` something.
Error database_error(const SQLite::Exception& exception, const std::string& doing);

template <typename Function>
auto with_database_errors(const std::string& doing, Function&& function) {
  try {
    return function();
  } catch (const SQLite::Exception& exception) {
    throw database_error(exception, doing);
  }
}

}  // namespace anima::studio
