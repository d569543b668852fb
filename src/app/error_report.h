// An error as people and programs read it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/error.h"

namespace anima::app {

// "anima: MESSAGE", then lines "  cause: ..." and "  fix: ..." where there are such.
std::string to_text(const Error& error);

// {"error": {"code", "message", "cause", "fix", "exit_status"}}
nlohmann::ordered_json to_json(const Error& error);

}  // namespace anima::app
