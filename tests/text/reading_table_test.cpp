// The tables of tests/text/reading hold how each kind of written thing is said, checked by hand.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/utf8.h"
#include "text/normaliser.h"
#include "text/pinyin_dictionary.h"
#include "text/pinyin_reading.h"

namespace anima::text {
namespace {

struct Row {
  int line = 0;
  std::vector<std::string> columns;
};

std::filesystem::path table_folder() {
  return std::filesystem::path(ANIMA_SOURCE_DIR) / "tests/text/reading";
}

std::vector<Row> read_table(const std::string& name) {
  std::vector<Row> rows;
  std::ifstream file(table_folder() / name);
  std::string text;
  for (int line = 1; std::getline(file, text); ++line) {
    if (text.empty() || text[0] == '#') continue;
    Row row{line, {}};
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find('\t', at), text.size());
      row.columns.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() &&
        (text[i + 1] == 'n' || text[i + 1] == 't' || text[i + 1] == '\\')) {
      ++i;
      result += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : '\\';
    } else {
      result += text[i];
    }
  }
  return result;
}

// In lower case, Latin words apart by one blank, Han without; a pause inside is a comma.
std::string spoken_form(std::string_view written, std::string_view language) {
  std::string result;
  std::string mark;
  for (const SpokenWord& word : normalise_text(written, language)) {
    if (word.spoken.empty()) continue;
    if (!mark.empty()) result += ", ";
    const bool wide =
        is_wide(first_code_point(word.spoken)) && (result.empty() || is_wide(last_code_point(result)));
    if (!result.empty() && mark.empty() && !wide) result += ' ';
    result += word.spoken;
    mark = word.mark;
  }
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

void check_table(const std::string& name, std::string_view language) {
  const std::vector<Row> rows = read_table(name);
  EXPECT_GE(rows.size(), 400U) << name;
  for (const Row& row : rows) {
    ASSERT_EQ(row.columns.size(), 3U) << name << ':' << row.line;
    EXPECT_EQ(spoken_form(unescaped(row.columns[1]), language), row.columns[2])
        << name << ':' << row.line << ' ' << row.columns[0] << ": " << row.columns[1];
  }
}

TEST(ReadingTable, EnglishIsReadAsItsTableSays) {
  check_table("english.tsv", "en");
}

TEST(ReadingTable, ChineseIsReadAsItsTableSays) {
  check_table("chinese.tsv", "zh");
}

TEST(ReadingTable, CharactersAreReadAsTheirTableSays) {
  const auto dictionary = shared_pinyin_dictionary();
  ASSERT_NE(dictionary, nullptr) << "npm ci installs the dictionary";
  const std::vector<Row> rows = read_table("pinyin.tsv");
  EXPECT_GE(rows.size(), 200U);
  for (const Row& row : rows) {
    ASSERT_EQ(row.columns.size(), 2U) << "pinyin.tsv:" << row.line;
    std::string read;
    for (const std::string& syllable : read_pinyin(row.columns[0], *dictionary)) {
      if (!read.empty()) read += ' ';
      read += syllable;
    }
    EXPECT_EQ(read, row.columns[1]) << "pinyin.tsv:" << row.line << ' ' << row.columns[0];
  }
}

}  // namespace
}  // namespace anima::text
