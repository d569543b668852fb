// Lines of numbers, as the geometry files hold them.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace anima::presenter {

// Calls `take(fields, line number)` for every line that is neither empty nor a '#' comment; fields
// are what stands between blanks.
inline void for_each_line(
    std::string_view text,
    const std::function<void(const std::vector<std::string_view>&, std::size_t)>& take) {
  std::vector<std::string_view> fields;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    fields.clear();
    for (std::size_t at = 0; at < line.size();) {
      at = std::min(line.find_first_not_of(" \t\r", at), line.size());
      const std::size_t stop = std::min(line.find_first_of(" \t\r", at), line.size());
      if (stop > at) fields.push_back(line.substr(at, stop - at));
      at = stop;
    }
    if (!fields.empty() && fields[0][0] != '#') take(fields, number);
  }
}

[[noreturn]] inline void refuse_line(const std::string& name, std::size_t line, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, name + ", line " + std::to_string(line) + ": " + what,
              "take the file from ../shared/presenter again");
}

// A whole field as a finite number below a thousand decimetres.
inline float read_number(std::string_view field, const std::string& name, std::size_t line) {
  float value = 0;
  const auto [end, failure] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (failure != std::errc() || end != field.data() + field.size() || !(std::abs(value) < 1000)) {
    refuse_line(name, line, "'" + std::string(field.substr(0, 40)) + "' is not a number in (-1000, 1000)");
  }
  return value;
}

// A whole field as an index below `limit`.
inline std::uint32_t read_index(std::string_view field, std::size_t limit, const std::string& name,
                                std::size_t line) {
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (failure != std::errc() || end != field.data() + field.size() || value >= limit) {
    refuse_line(name, line,
                "'" + std::string(field.substr(0, 40)) + "' is not an index below " + std::to_string(limit));
  }
  return value;
}

}  // namespace anima::presenter
