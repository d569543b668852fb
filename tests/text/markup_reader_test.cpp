#include "text/markup_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "text/markup_cases.h"

namespace anima::text {
namespace {

TEST(MarkupReader, MarksVanishAndWordsStay) {
  for (const MarkupCase& line : kMarkupCases)
    EXPECT_EQ(without_markup(line.written), line.plain) << line.written;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool found = text.substr(at).starts_with(from);
    result += found ? to : text.substr(at, 1);
    at += found ? from.size() : 1;
  }
  return result;
}

TEST(MarkupReader, LinesThatEndAsOnWindowsAreReadAlike) {
  for (const MarkupCase& line : kMarkupCases) {
    if (line.written.find('\r') != std::string_view::npos) continue;
    const std::string plain = without_markup(replaced(line.written, "\n", "\r\n"));
    EXPECT_EQ(replaced(plain, "\r", ""), line.plain) << line.written;
  }
}

// Over a thousand written numbers, addresses, codes and formulas: the false friends of markup.
TEST(MarkupReader, WhatTheTablesOfReadingHoldIsNoMarkup) {
  for (const std::string name : {"english.tsv", "chinese.tsv"}) {
    std::ifstream table(std::filesystem::path(ANIMA_SOURCE_DIR) / "tests/text/reading" / name);
    std::string line;
    int rows = 0;
    while (std::getline(table, line)) {
      const std::size_t begin = line.find('\t') + 1;
      if (line.starts_with('#') || begin == 0) continue;
      const std::string escaped = line.substr(begin, line.find('\t', begin) - begin);
      const std::string written = replaced(replaced(escaped, "\\n", "\n"), "\\\\", "\\");
      const std::string plain = without_markup(written);
      // "1. First" is an item: it ends like a sentence.
      EXPECT_TRUE(plain == written || plain == written + "." || plain == written + "。") << written << "\n"
                                                                                         << plain;
      ++rows;
    }
    EXPECT_GE(rows, 400) << name;
  }
}

TEST(MarkupReader, AnswersOfChatModelsAreReadAsAPersonWould) {
  EXPECT_EQ(without_markup("Sure! Here's a quick overview of **async/await**:\n\n"
                           "### 1. What is it?\n\n"
                           "`async` defines a coroutine, *nothing more*.\n\n"
                           "- **`asyncio.run()`** – starts the loop\n"
                           "- **`asyncio.gather(*aws)`** – runs many at once\n"
                           "  - returns results *in order*\n\n"
                           "```python\nimport asyncio\n\nasync def main():\n    pass\n```\n\n"
                           "> **Note**: Don't block the loop!\n\n"
                           "| Method | Time (s) |\n|:-------|:--------:|\n| sync   | 10.2     |\n\n"
                           "1. Install it: `pip install aiohttp`\n"
                           "2. Run:\n   ```bash\n   python main.py\n   ```\n"
                           "3. Enjoy!\n\n"
                           "See [the docs](https://docs.python.org/3/library/asyncio.html).[^1]\n\n---\n\n"
                           "It costs between $5 and $10/month.\n\n[^1]: Official.\n"),
            "Sure! Here's a quick overview of async/await:\n\n"
            "1. What is it?\n\n"
            "async defines a coroutine, nothing more.\n\n"
            "asyncio.run() – starts the loop.\n"
            "asyncio.gather(*aws) – runs many at once.\n"
            "returns results in order.\n\n"
            "code.\n\n"
            "Note: Don't block the loop!\n\n"
            "Method, Time (s).\nsync, 10.2.\n\n"
            "1. Install it: pip install aiohttp.\n"
            "2. Run:\ncode.\n"
            "3. Enjoy!\n\n"
            "See the docs.\n\n\n"
            "It costs between $5 and $10/month.\n\n");
  EXPECT_EQ(without_markup("好的！以下是**“内卷”**的几个方面：\n\n"
                           "## 一、什么是内卷\n\n"
                           "*内卷*（Involution）是指**过度竞争**。例如：\n\n"
                           "1. **教育**：补习班越来越多\n"
                           "2. **职场**：“996”工作制\n"
                           "   - 早上9点到晚上9点\n\n"
                           "> 引用：人生不止是竞争。\n> ——某人\n\n"
                           "```python\nprint(\"hi\")\n```\n\n"
                           "| 项目 | 数值 |\n| --- | --- |\n| 人数 | 5 |\n\n"
                           "更多请看[这里](https://example.com/中文)。**希望有帮助！**\n"),
            "好的！以下是“内卷”的几个方面：\n\n"
            "一、什么是内卷。\n\n"
            "内卷（Involution）是指过度竞争。例如：\n\n"
            "1. 教育：补习班越来越多。\n"
            "2. 职场：“996”工作制。\n"
            "早上9点到晚上9点。\n\n"
            "引用：人生不止是竞争。\n——某人\n\n"
            "代码。\n\n"
            "项目，数值。\n人数，5。\n\n"
            "更多请看这里。希望有帮助！\n");
}

TEST(MarkupReader, AWebPageIsReadWithoutItsMachinery) {
  EXPECT_EQ(
      without_markup(
          "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n  <title>T</title>\n  <style>\n"
          "    a { color: red }\n\n  </style>\n</head>\n<body class=\"home\">\n"
          "  <nav>\n    <ul>\n      <li><a href=\"/\">Home</a></li>\n    </ul>\n  </nav>\n\n"
          "    <h1>Welcome to <em>Anima</em></h1>\n    <p>\n      Some text with a\n"
          "      <a href=\"x\" title=\"x > y\">link</a>, <code>code_here</code>\n      &amp; more&hellip;\n"
          "    </p>\n\n    <!-- not\n\n    read -->\n"
          "    <img src=\"data:image/png;base64,AAAA\" alt=\"A sunny day\">\n"
          "    <table border>\n      <tr>\n        <td>Bob</td>\n        <td>5</td>\n      </tr>\n"
          "    </table>\n    <pre>\nint main() {\n\n}\n    </pre>\n    <p>The end\n"
          "  <script>\n    var x = \"<p>no</p>\";\n\n    // # no\n  </script>\n"
          "  <footer>&copy; 2026<br>All rights reserved</footer>\n</body>\n</html>\n"),
      "\nHome.\nWelcome to Anima.\nSome text with a link, code_here & more…\nA sunny day.\nBob, 5.\ncode.\n"
      "The end.\n© 2026, All rights reserved.");
}

TEST(MarkupReader, APictureInItsOwnAddressIsNotRead) {
  const std::string data(100000, 'A');
  EXPECT_EQ(without_markup("See <img src=\"data:image/png;base64," + data + "\" alt=\"a cat\"> here"),
            "See a cat here");
  EXPECT_EQ(without_markup("See ![a cat](data:image/png;base64," + data + ") here"), "See a cat here");
}

// A pair that is far apart vanishes all the same, though its first mark could not wait.
TEST(MarkupReader, LongEmphasisVanishes) {
  std::string words;
  while (words.size() < 2000) words += "long words ";
  EXPECT_EQ(without_markup("**" + words + "end** *" + words + "end*."), words + "end " + words + "end.");
}

}  // namespace
}  // namespace anima::text
