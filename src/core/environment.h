// Settings and keys from the process environment and a `.env` file.
#pragma once

#include <filesystem>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace anima {

// A key or password. It cannot be printed, formatted, compared or turned into JSON by accident;
// whoever needs the value says so with `reveal`, in the one place that hands it to a server.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  bool empty() const { return value_.empty(); }
  const std::string& reveal() const { return value_; }

 private:
  std::string value_;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;

// A snapshot of names and values; copies are independent.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  // The environment of this process; names it lacks come from `file` where that exists (lines
  // NAME=VALUE, `export NAME=VALUE`, values in single or double quotes, # comments). The file's
  // values are not put into the process environment, so programs started by us do not inherit
  // them. Throws Error(kCorruptData) naming file and line, never its content.
  static Environment of_process(const std::filesystem::path& file = ".env");

  // Set, and not blank.
  bool has(const std::string& name) const;
  std::string text(const std::string& name, const std::string& fallback = {}) const;
  Secret secret(const std::string& name) const;  // empty where not set; blanks at its ends removed
  std::vector<std::string> names_with_prefix(const std::string& prefix) const;

 private:
  std::map<std::string, std::string> values_;
};

// NAME=VALUE lines; `source` is named in errors.
std::map<std::string, std::string> parse_environment_file(const std::string& text, const std::string& source);

}  // namespace anima
