#include "text/splitter.h"

#include <gtest/gtest.h>

#include <numeric>

#include "core/random.h"
#include "core/utf8.h"

namespace anima::text {
namespace {

std::vector<std::string> split(const std::string& text, std::size_t step = 1) {
  TextSplitter splitter;
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size(); at += step) splitter.push(text.substr(at, step), pieces);
  splitter.finish(pieces);
  return pieces;
}

std::string joined(const std::vector<std::string>& pieces) {
  return std::accumulate(pieces.begin(), pieces.end(), std::string());
}

TEST(TextSplitter, LosesNothingWhateverComesInWhateverPieces) {
  Random random(4);
  const std::vector<std::string> atoms = {"你好", "，", "。",   "！",    "？",   "……", "hello", " ",
                                          ".",    ",",  "3.14", "1,000", "Dr. ", "\n", "”",     "“",
                                          "😀",    "(",  ")",    "-",     "—",    ":",  "10:30", "e.g. "};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::uint32_t i = 0; i < 5 + random.below(60); ++i)
      text += atoms[random.below(static_cast<std::uint32_t>(atoms.size()))];
    const auto whole = split(text, text.size());
    EXPECT_EQ(joined(whole), text);
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{7}}) {
      // The pieces may differ only in what was known when; the text may not.
      EXPECT_EQ(joined(split(text, step)), text);
    }
    for (const std::string& piece : whole) EXPECT_FALSE(piece.empty());
  }
}

TEST(TextSplitter, CutsChineseAtClausesAndSentences) {
  const auto pieces = split("你好，我是你的数字人助手。今天天气很好，我们一起去公园散步吧！好吗？");
  ASSERT_GE(pieces.size(), 3U);
  EXPECT_EQ(pieces[0], "你好，我是你的数字人助手。");
  EXPECT_TRUE(pieces.back().ends_with("？"));
  for (const std::string& piece : pieces) {
    EXPECT_TRUE(piece.ends_with("。") || piece.ends_with("，") || piece.ends_with("！") ||
                piece.ends_with("？"))
        << piece;
  }
}

TEST(TextSplitter, TheFirstPieceIsShort) {
  const auto pieces =
      split("Well, the train that leaves the station at noon, which is always full, takes four hours.");
  ASSERT_GE(pieces.size(), 2U);
  EXPECT_LT(estimated_speech_s(pieces[0]), 3.5);
  const auto unmarked = split(
      "there is no mark in this very long sentence that somebody wrote without any thought for readers");
  EXPECT_LT(estimated_speech_s(unmarked[0]), 3.5);
}

TEST(TextSplitter, NeverCutsInsideNumbersAbbreviationsAndNames) {
  for (const std::string unit :
       {"3.14", "1,000,000", "10:30", "Dr. Smith", "e.g. this", "U.S. army", "example.com", "J. Smith",
        "v2.0.1", "No. 5", "3.5 km", "$1.5M", "code: 4071", "验证码：4071", "w/o", "10：30", "３．１４",
        "１，２３４", "2010—2015"}) {
    const std::string text =
        "We all know that " + unit + " is what they were talking about yesterday. It was late.";
    for (const std::size_t step : {std::size_t{1}, std::size_t{5}, text.size()}) {
      bool kept = false;
      for (const std::string& piece : split(text, step)) kept = kept || piece.find(unit) != std::string::npos;
      EXPECT_TRUE(kept) << unit << " in steps of " << step;
    }
  }
}

TEST(TextSplitter, KeepsTheNumberOfAListWithItsLine) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{100}}) {
    const auto pieces =
        split("1. 苹果很好吃。\n2. 梨也很好吃。\n12、香蕉很好吃。\n- 3. Pears are good.\n", step);
    ASSERT_EQ(pieces.size(), 4U);
    EXPECT_EQ(pieces[0], "1. 苹果很好吃。\n");
    EXPECT_EQ(pieces[1], "2. 梨也很好吃。\n");
    EXPECT_EQ(pieces[2], "12、香蕉很好吃。\n");
  }
  // A number that ends a sentence.
  EXPECT_EQ(split("It costs 3. Then we went home.").front(), "It costs 3. ");
  EXPECT_EQ(split("The answer:\n42.\nIt is known.").size(), 3U);
}

TEST(TextSplitter, NoPieceIsLongerThanAnEngineTakes) {
  const std::string texts[] = {"Hello" + std::string(5000, ' ') + "world.",
                               "Wait" + std::string(5000, '.') + " Go.",
                               std::string(5000, '\x01'),
                               std::string(5000, '.'),
                               [] {
                                 std::string text;
                                 for (int i = 0; i < 3000; ++i) text += "1,";
                                 return text;
                               }(),
                               [] {
                                 std::string text;
                                 for (int i = 0; i < 3000; ++i) text += "…";
                                 return text + "好。";
                               }()};
  for (const std::string& text : texts) {
    for (const std::size_t step : {std::size_t{7}, text.size()}) {
      const auto pieces = split(text, step);
      EXPECT_EQ(joined(pieces), text);
      for (const std::string& piece : pieces) {
        EXPECT_LE(count_code_points(piece), static_cast<std::size_t>(TextSplitterOptions{}.most_characters));
        EXPECT_TRUE(is_utf8(piece));
      }
    }
  }
}

TEST(TextSplitter, BlanksInARowAreOne) {
  EXPECT_EQ(without_blank_runs("Hello   \t world. "), "Hello world. ");
  EXPECT_EQ(without_blank_runs("\n\x01\x02好"), "\n好");
  EXPECT_EQ(without_blank_runs(""), "");
}

TEST(TextSplitter, KeepsMarksTogetherWithTheirClosers) {
  const auto pieces = split("他说：“你真的要走吗？！”然后他就哭了……我不知道该怎么办。");
  EXPECT_EQ(joined(pieces), "他说：“你真的要走吗？！”然后他就哭了……我不知道该怎么办。");
  for (const std::string& piece : pieces) {
    EXPECT_FALSE(piece.starts_with("”") || piece.starts_with("！") || piece.starts_with("…")) << piece;
  }
}

TEST(TextSplitter, SpeaksASentenceAsSoonAsItIsKnown) {
  TextSplitter splitter;
  std::vector<std::string> pieces;
  splitter.push("It costs 3.", pieces);
  EXPECT_TRUE(pieces.empty());  // "3.5"?
  splitter.push(" Then", pieces);
  ASSERT_EQ(pieces.size(), 1U);
  splitter.push("你来了。", pieces);
  splitter.push("好", pieces);
  EXPECT_EQ(pieces.size(), 2U);
}

TEST(TextSplitter, SurvivesAMegabyteWithoutMarksAndBytesThatAreNoText) {
  const auto pieces = split(std::string(1 << 20, 'a'), 4096);
  std::size_t total = 0;
  for (const std::string& piece : pieces) {
    EXPECT_LE(piece.size(), 500U);
    total += piece.size();
  }
  EXPECT_EQ(total, 1U << 20U);
  const std::string broken = "\xff\xfe\x80 abc \xe4\xbd. \xed\xa0\x80 d";
  EXPECT_EQ(joined(split(broken)), broken);
  EXPECT_TRUE(split("").empty());
}

TEST(TextSplitter, PausesLongestAfterSentences) {
  EXPECT_GT(natural_pause_s("好。"), natural_pause_s("好，"));
  EXPECT_GT(natural_pause_s("well, "), natural_pause_s("well "));
  EXPECT_EQ(natural_pause_s("yes.\" "), natural_pause_s("yes."));
  EXPECT_GT(natural_pause_s("end.\n"), natural_pause_s("end."));
}

}  // namespace
}  // namespace anima::text
