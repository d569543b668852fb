// A text in pieces is read as the whole, in time and memory that grow with its length alone.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/random.h"
#include "text/markup_cases.h"
#include "text/markup_reader.h"

namespace anima::text {
namespace {

std::string read_in_pieces(std::string_view text, std::size_t bytes) {
  MarkupReader reader;
  std::string plain;
  for (std::size_t at = 0; at < text.size(); at += bytes) reader.push(text.substr(at, bytes), plain);
  reader.finish(plain);
  return plain;
}

// Every case twice in one text: what stands before and behind must not matter to the cuts either.
std::string all_cases() {
  std::string text;
  for (int round = 0; round < 2; ++round) {
    for (const MarkupCase& line : kMarkupCases) {
      text += line.written;
      text += "\n\n";
    }
  }
  return text;
}

TEST(MarkupStream, EveryCutIsReadAsTheWhole) {
  for (const MarkupCase& line : kMarkupCases) {
    for (std::size_t cut = 0; cut <= line.written.size(); ++cut) {
      MarkupReader reader;
      std::string plain;
      reader.push(line.written.substr(0, cut), plain);
      reader.push(line.written.substr(cut), plain);
      reader.finish(plain);
      EXPECT_EQ(plain, line.plain) << line.written << " cut at " << cut;
    }
    EXPECT_EQ(read_in_pieces(line.written, 1), line.plain) << line.written << " byte by byte";
  }
}

TEST(MarkupStream, OneReaderReadsOneTextAfterAnother) {
  MarkupReader reader;
  for (const MarkupCase& line : kMarkupCases) {
    std::string plain;
    reader.push(line.written, plain);
    reader.finish(plain);
    EXPECT_EQ(plain, line.plain) << line.written;
  }
}

TEST(MarkupStream, ALongTextInPiecesOfAnySizeIsReadAsTheWhole) {
  const std::string text = all_cases();
  const std::string whole = without_markup(text);
  for (const std::size_t bytes : {1, 2, 3, 5, 7, 64, 255, 256, 257, 1000, 4096})
    EXPECT_EQ(read_in_pieces(text, bytes), whole) << bytes;
}

TEST(MarkupStream, RandomTextsOfMarksAreReadAlikeHoweverTheyAreCut) {
  const std::vector<std::string_view> atoms = {"*",
                                               "**",
                                               "***",
                                               "_",
                                               "__",
                                               "~~",
                                               "==",
                                               "`",
                                               "``",
                                               "```",
                                               "~~~",
                                               "[",
                                               "]",
                                               "](",
                                               ")",
                                               "![",
                                               "[^1]",
                                               "[a]: ",
                                               "http://a.b/",
                                               "<",
                                               ">",
                                               "<b>",
                                               "</b>",
                                               "<br>",
                                               "<p>",
                                               "</p>",
                                               "<td>",
                                               "<pre>",
                                               "</pre>",
                                               "<script>",
                                               "</script>",
                                               "<!--",
                                               "-->",
                                               "&amp;",
                                               "&#",
                                               ";",
                                               "\\",
                                               "\\(",
                                               "\\)",
                                               "$",
                                               "$$",
                                               "|",
                                               "\n|-|-|\n",
                                               "- ",
                                               "\n- ",
                                               "\n1. ",
                                               "\n# ",
                                               "\n> ",
                                               "\n---\n",
                                               "\n===\n",
                                               "\n\n",
                                               "\n",
                                               " ",
                                               "    ",
                                               "\n\n    x = 1;",
                                               "\r\n",
                                               "word",
                                               "文字",
                                               "。",
                                               "5",
                                               "\xE4",
                                               "\xFF",
                                               "😀",
                                               "\"",
                                               "'",
                                               "<img alt='x'>",
                                               "[x] ",
                                               "<sup>",
                                               "</sup>",
                                               "2",
                                               ".",
                                               ":",
                                               "\n```\n",
                                               "#",
                                               "</ruby>",
                                               "<rt>",
                                               "=",
                                               "<a href=\"x\">",
                                               "!",
                                               "^",
                                               "x*y",
                                               "a_b",
                                               "\t",
                                               "+",
                                               "-"};
  Random random(11);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::uint32_t more = 1 + random.below(60); more > 0; --more)
      text += atoms[random.below(static_cast<std::uint32_t>(atoms.size()))];
    const std::string whole = without_markup(text);
    ASSERT_EQ(read_in_pieces(text, 1), whole) << text;
    ASSERT_EQ(read_in_pieces(text, 2 + random.below(9)), whole) << text;
    const std::size_t cut = random.below(static_cast<std::uint32_t>(text.size() + 1));
    MarkupReader reader;
    std::string plain;
    reader.push(std::string_view(text).substr(0, cut), plain);
    reader.push(std::string_view(text).substr(cut), plain);
    reader.finish(plain);
    ASSERT_EQ(plain, whole) << text << " cut at " << cut;
  }
}

TEST(MarkupStream, PlainWordsAreHandedOutAtOnce) {
  MarkupReader reader;
  std::string plain;
  reader.push("Hello", plain);
  EXPECT_EQ(plain, "Hello");
  reader.push(", world. And", plain);
  EXPECT_EQ(plain, "Hello, world. And");
  reader.push(" **bold**", plain);
  EXPECT_EQ(plain, "Hello, world. And ");  // a third star could follow
  reader.push(" x [li", plain);
  EXPECT_EQ(plain, "Hello, world. And bold x ");
  reader.push("nk](", plain);
  EXPECT_EQ(plain, "Hello, world. And bold x ");
  reader.push("u) y", plain);
  EXPECT_EQ(plain, "Hello, world. And bold x link y");
  reader.finish(plain);
  EXPECT_EQ(plain, "Hello, world. And bold x link y");
}

TEST(MarkupStream, NothingIsHeldBackForLong) {
  constexpr std::size_t kMostHeld = 5000;
  const std::vector<std::string_view> openings = {
      "**",  "*",   "[",    "![",    "`",    "```x ", "<a href=\"", "<b ",   "&",          "$x",
      "\\(", "\\[", "[a](", "[a]: ", "| a ", "- 5",   "# ",         "<sup>", "<script> a", "=="};
  for (const std::string_view opening : openings) {
    MarkupReader reader;
    std::string plain;
    std::string text(opening);
    while (text.size() < 40000) text += "plain words follow ";
    reader.push(text, plain);
    EXPECT_GT(plain.size() + kMostHeld, text.size()) << opening;
  }
}

void expect_read_alike_in_pieces(std::string_view atom, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += atom;
  const std::string plain = read_in_pieces(text, 4096);
  EXPECT_LE(plain.size(), text.size() + text.size() / 2 + 16) << atom;
  text.resize(bytes / 64);
  EXPECT_EQ(without_markup(text), read_in_pieces(text, 1)) << atom;
}

// What is not linear does not end.
TEST(MarkupStream, AMegabyteOfMarksIsReadInLinearTime) {
  for (const std::string_view atom :
       {"[", "]", "*",   "_a ",  "<",       "&",  "`",     ">",  "> ", "- ",
        "|", "$", "\\[", "[a](", "<a b=\"", "<p", "<div>", "</", "\n", "    x;\n"})
    expect_read_alike_in_pieces(atom, 1 << 20);
}

TEST(MarkupStream, ManyMarksOfAnyKindAreReadInLinearTime) {
  const std::vector<std::string_view> atoms = {
      "[",          "]",        "*",          "**a ",      "_a ",    "*a _b ",   "<",
      "&",          "&a",       "`",          "` `` ",     ">",      "> ",       "- ",
      "1. ",        "#",        "# ",         "|",         "|\n",    "| a |\n",  "$",
      "$x*",        "\\",       "\\[",        "\\(a_",     "![",     "[a](",     "[a](b \"",
      "[a][",       "]: ",      "<a b=\"",    "<a b='c' ", "<!--",   "<p",       "<p>",
      "<div>",      "<pre>",    "<script>",   "<sup>",     "<sup>1", "</",       "<b x=\"<b x='",
      "~~~",        "~~a ",     "==",         "-",         "=",      "\n=",      "- -\n",
      "---\n",      " ",        "\n",         "\r",        "\t",     "    x;\n", "[^",
      "[a]:",       "[a]: b\n", "a|b\n-|-\n", "`\n",       "```\n",  "* *",      "\xE4",
      "\xFF",       "**中",     "[中](",      "<br>",      "&#",     "&#x",      "1",
      "https://a*", "www._",    "](http://",  "<http://",  "<a@",    "0123. ",   "- 5\n"};
  for (const std::string_view atom : atoms) expect_read_alike_in_pieces(atom, 1 << 17);
}

}  // namespace
}  // namespace anima::text
