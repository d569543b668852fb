#include "core/environment.h"

#include <fmt/format.h>

#include <string_view>

#include "core/error.h"
#include "core/files.h"

extern char** environ;

namespace anima {
namespace {

constexpr std::uint64_t kFileLimit_bytes = 1U << 20U;

std::string_view trimmed(std::string_view text) {
  const char* blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_name(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name) {
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!letter) return false;
  }
  return true;
}

// The value without quotes or a comment behind it. False where a quote is not closed.
bool parse_value(std::string_view text, std::string& value) {
  value.clear();
  if (!text.empty() && (text[0] == '"' || text[0] == '\'')) {
    const char quote = text[0];
    std::size_t i = 1;
    for (; i < text.size() && text[i] != quote; ++i) {
      if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
        ++i;
        value += text[i] == 'n' ? '\n' : text[i];
      } else {
        value += text[i];
      }
    }
    if (i >= text.size()) return false;
    const std::string_view rest = trimmed(text.substr(i + 1));
    return rest.empty() || rest[0] == '#';
  }
  const std::size_t comment = text.find(" #");
  value = trimmed(text.substr(0, comment));
  return true;
}

}  // namespace

std::map<std::string, std::string> parse_environment_file(const std::string& text,
                                                          const std::string& source) {
  std::map<std::string, std::string> values;
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    const std::size_t equals = line.find('=');
    const std::string_view name = trimmed(line.substr(0, equals));
    std::string value;
    if (equals == std::string_view::npos || !is_name(name) ||
        !parse_value(trimmed(line.substr(equals + 1)), value)) {
      // The line may hold a key, so it is not shown.
      throw Error(ErrorCode::kCorruptData, fmt::format("line {} of '{}' is not NAME=VALUE", number, source),
                  "write NAME=VALUE, or start the line with # to leave it out");
    }
    values[std::string(name)] = value;
  }
  return values;
}

Environment Environment::of_process(const std::filesystem::path& file) {
  std::map<std::string, std::string> values;
  std::error_code error;
  if (!file.empty() && std::filesystem::exists(file, error)) {
    values = parse_environment_file(read_text_file(file, kFileLimit_bytes), file.string());
  }
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      values[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  return Environment(std::move(values));
}

bool Environment::has(const std::string& name) const {
  return !text(name).empty();
}

std::string Environment::text(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return fallback;
  const std::string_view value = trimmed(found->second);
  return value.empty() ? fallback : std::string(value);
}

Secret Environment::secret(const std::string& name) const {
  return Secret(text(name));
}

std::vector<std::string> Environment::names_with_prefix(const std::string& prefix) const {
  std::vector<std::string> names;
  for (auto i = values_.lower_bound(prefix); i != values_.end() && i->first.starts_with(prefix); ++i) {
    names.push_back(i->first);
  }
  return names;
}

}  // namespace anima
