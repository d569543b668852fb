#include "app/reading_report.h"

#include <algorithm>

#include "core/utf8.h"
#include "text/characters.h"

namespace anima::app {
namespace {

// Of a terminal: Han and emoji take two.
std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    columns += is_wide(c) || text::is_emoji(c) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x3000 && c <= 0x303F)
                   ? 2
                   : 1;
  }
  return columns;
}

std::string padded(const std::string& text, std::size_t columns) {
  const std::size_t own = columns_of(text);
  return text + std::string(own < columns ? columns - own : 1, ' ');
}

// On one line whatever is written.
std::string one_line(const std::string& written) {
  std::string result;
  for (const char c : written) result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  const std::size_t end = result.find_last_not_of(' ');
  return end == std::string::npos ? std::string() : result.substr(0, end + 1);
}

}  // namespace

std::string to_text(const std::vector<text::ExplainedClause>& clauses) {
  constexpr std::size_t kWidestWritten = 28;
  constexpr std::size_t kClassColumns = 14;
  constexpr std::size_t kSpokenColumns = 30;
  std::string result;
  for (const text::ExplainedClause& clause : clauses) {
    result += "[" + clause.language + "] " + one_line(clause.written) + "\n";
    std::size_t widest = 8;
    for (const text::ExplainedPiece& piece : clause.pieces)
      widest = std::max(widest, std::min(kWidestWritten, columns_of(one_line(piece.written))));
    for (const text::ExplainedPiece& piece : clause.pieces) {
      std::string line = "  " + padded(one_line(piece.written), widest + 2) +
                         padded(std::string(name_of(piece.kind)), kClassColumns);
      const std::string spoken = piece.spoken + piece.mark;
      line += piece.syllables.empty() ? spoken : padded(spoken, kSpokenColumns) + piece.syllables;
      result += line + "\n";
    }
  }
  return result;
}

nlohmann::ordered_json to_json(const std::vector<text::ExplainedClause>& clauses) {
  auto list = nlohmann::ordered_json::array();
  for (const text::ExplainedClause& clause : clauses) {
    auto pieces = nlohmann::ordered_json::array();
    for (const text::ExplainedPiece& piece : clause.pieces) {
      nlohmann::ordered_json json = {
          {"written", piece.written}, {"class", name_of(piece.kind)}, {"spoken", piece.spoken}};
      if (!piece.syllables.empty()) json["syllables"] = piece.syllables;
      if (!piece.mark.empty()) json["pause"] = piece.mark;
      pieces.push_back(std::move(json));
    }
    list.push_back(
        {{"written", clause.written}, {"language", clause.language}, {"pieces", std::move(pieces)}});
  }
  return {{"clauses", std::move(list)}};
}

}  // namespace anima::app
