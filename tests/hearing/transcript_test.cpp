#include "hearing/transcript.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace anima::hearing {
namespace {

using testing::ElementsAre;

TEST(Transcript, SplitsWordsOfBothScripts) {
  EXPECT_THAT(words_to_show("Hello,  world!\nIt's 9:30."), ElementsAre("Hello,", "world!", "It's", "9:30."));
  EXPECT_THAT(words_to_show("你好，世界。OK吗？"), ElementsAre("你", "好，", "世", "界。", "OK", "吗？"));
  EXPECT_THAT(words_to_show("用GPT-4写 C++"), ElementsAre("用", "GPT-4", "写", "C++"));
  EXPECT_THAT(words_to_show("“你好”"), ElementsAre("“你", "好”"));
  EXPECT_TRUE(words_to_show(" \n").empty());
  EXPECT_THROW(words_to_show("\xFF"), Error);
}

TEST(Transcript, LosesNoCharacter) {
  for (const std::string text : {"你好，world。——“好”！", "a—b…c", "。。。a", "（你）(b)"}) {
    std::string joined;
    for (const std::string& word : words_to_show(text)) joined += word;
    EXPECT_EQ(joined, text);
  }
}

TEST(Transcript, GivesBareWordsTheirMarks) {
  const auto shown = [](const std::string& text, const std::vector<std::string>& bare) {
    std::vector<TranscribedWord> words;
    for (const std::string& word : bare) words.push_back({word});
    add_marks(text, words);
    std::vector<std::string> result;
    for (const TranscribedWord& word : words) result.push_back(word.word);
    return result;
  };
  EXPECT_THAT(shown("Well, it's \"done\"! Is it?", {"Well", "it's", "done", "Is", "it"}),
              ElementsAre("Well,", "it's", "done\"!", "Is", "it?"));
  EXPECT_THAT(shown("你好，“世界”。OK？", {"你", "好", "世", "界", "OK"}),
              ElementsAre("你", "好，", "世", "界”。", "OK？"));
  EXPECT_THAT(shown("增长５％。ＧＰＵ！", {"增长", "５％", "ＧＰＵ"}),
              ElementsAre("增长", "５％。", "ＧＰＵ！"));
  EXPECT_THAT(shown("Yes. No.", {"Yes.", "No."}), ElementsAre("Yes.", "No.")) << "they have them already";
  EXPECT_THAT(shown("one, two, three.", {"one", "zwei", "three"}), ElementsAre("one,", "zwei", "three."));
  EXPECT_THAT(shown("a " + std::string(100, 'b') + " c.", {"c"}), ElementsAre("c")) << "too far away";
  EXPECT_THAT(shown("", {"a", ""}), ElementsAre("a", ""));
}

TEST(Transcript, JoinsWithABlankOnlyWhereTheScriptHasOne) {
  EXPECT_EQ(join_texts("hello", "world"), "hello world");
  EXPECT_EQ(join_texts("你好。", "世界"), "你好。世界");
  EXPECT_EQ(join_texts("你好", "world"), "你好world");
  EXPECT_EQ(join_texts("", "a"), "a");
  EXPECT_EQ(join_texts("a", ""), "a");
}

TEST(Transcript, AppendsPiecesWithTheirTimes) {
  Transcript whole;
  append_transcript(whole, {"a b", "en", {{"a", 0.5, 1}, {"b", 1, 2}}, TimeSource::kRecogniser}, 0);
  append_transcript(whole, {}, 5);
  append_transcript(whole, {"c", "en", {{"c", 0.25, 1}}, TimeSource::kEstimated}, 10);
  EXPECT_EQ(whole.text, "a b c");
  ASSERT_EQ(whole.words.size(), 3U);
  EXPECT_DOUBLE_EQ(whole.words[2].start_s, 10.25);
  EXPECT_EQ(whole.times, TimeSource::kEstimated);
  append_transcript(whole, {"d", "en", {}, TimeSource::kNone}, 20);
  EXPECT_EQ(whole.text, "a b c d");
  EXPECT_EQ(whole.times, TimeSource::kNone);
  EXPECT_TRUE(whole.words.empty()) << "times for some words only are worse than none";
}

TEST(Transcript, TheConfidenceOfPiecesIsTheirMeanOverTheTimeOfWords) {
  Transcript whole;
  append_transcript(whole,
                    {.text = "a",
                     .language = "en",
                     .words = {{"a", 0, 1}},
                     .times = TimeSource::kRecogniser,
                     .confidence = 0.9},
                    0);
  EXPECT_DOUBLE_EQ(whole.confidence, 0.9);
  append_transcript(whole,
                    {.text = "b",
                     .language = "en",
                     .words = {{"b", 0, 3}},
                     .times = TimeSource::kRecogniser,
                     .confidence = 0.1},
                    2);
  EXPECT_DOUBLE_EQ(whole.confidence, 0.3);
  EXPECT_NE(doubt_of(whole).find("0.30"), std::string::npos);
  append_transcript(
      whole, {.text = "c", .language = "en", .words = {{"c", 0, 3}}, .times = TimeSource::kRecogniser}, 5);
  EXPECT_LT(whole.confidence, 0);
  EXPECT_EQ(doubt_of(whole), "");
}

}  // namespace
}  // namespace anima::hearing
