#include "app/error_report.h"

namespace anima::app {

std::string to_text(const Error& error) {
  std::string text = "anima: " + error.message() + "\n";
  if (!error.cause().empty()) text += "  cause: " + error.cause() + "\n";
  if (!error.fix().empty()) text += "  fix: " + error.fix() + "\n";
  return text;
}

nlohmann::ordered_json to_json(const Error& error) {
  return {{"error",
           {{"code", name_of(error.code())},
            {"message", error.message()},
            {"cause", error.cause()},
            {"fix", error.fix()},
            {"exit_status", exit_status_of(error.code())}}}};
}

}  // namespace anima::app
