#include "hearing/subtitle_cues.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.h"
#include "core/utf8.h"

namespace anima::hearing {
namespace {

// Words of 0.3 s each, one after the other.
Transcript said(const std::string& text, double word_s = 0.3) {
  Transcript transcript{text, "en", {}, TimeSource::kRecogniser};
  double at_s = 0;
  for (const std::string& word : words_to_show(text)) {
    transcript.words.push_back({word, at_s, at_s + word_s});
    at_s += word_s;
  }
  return transcript;
}

int width(const std::string& line) {
  int width = 0;
  for (const char32_t c : decode_utf8(line)) width += is_wide(c) ? 2 : 1;
  return width;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = {""};
  for (const char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  return lines;
}

TEST(SubtitleCues, EndsACueWithItsSentence) {
  const auto cues = make_cues(said("It is late. We should go home now. Good night!"));
  ASSERT_EQ(cues.size(), 3U);
  EXPECT_EQ(cues[0].text, "It is late.");
  EXPECT_EQ(cues[1].text, "We should go home now.");
  EXPECT_NEAR(cues[1].start_s, 0.9, 1e-9);
  EXPECT_NEAR(cues[1].end_s, 2.4, 1e-9);
  EXPECT_NEAR(cues[2].end_s, 3.4, 1e-9) << "the last cue stays for a second";
}

TEST(SubtitleCues, BreaksLongSentencesAtCommasAndLinesEvenly) {
  const auto cues = make_cues(
      said("When the rain had stopped and the sun came out again, we walked along the river to the old "
           "bridge and watched the boats until it was dark.",
           0.1));
  ASSERT_EQ(cues.size(), 3U);
  EXPECT_EQ(cues[0].text, "When the rain had stopped\nand the sun came out again,");
  for (const auto& cue : cues) {
    const auto lines = lines_of(cue.text);
    EXPECT_GE(width(cue.text), 30) << "a word was left alone: " << cue.text;
    EXPECT_LE(lines.size(), 2U);
    for (const std::string& line : lines) EXPECT_LE(width(line), 42) << line;
  }
}

TEST(SubtitleCues, CountsChineseCharactersTwice) {
  const auto cues =
      make_cues(said("人工智能正在改变我们的生活方式，也改变着我们学习和工作的方式，未来会怎样呢？", 0.1));
  for (const auto& cue : cues) {
    for (const std::string& line : lines_of(cue.text)) EXPECT_LE(width(line), 42) << line;
  }
  EXPECT_EQ(cues.front().text.find(' '), std::string::npos);
}

TEST(SubtitleCues, EndsACueAtAPause) {
  Transcript transcript = said("one two three four");
  for (std::size_t i = 2; i < 4; ++i) {
    transcript.words[i].start_s += 2;
    transcript.words[i].end_s += 2;
  }
  const auto cues = make_cues(transcript);
  ASSERT_EQ(cues.size(), 2U);
  EXPECT_EQ(cues[0].text, "one two");
  EXPECT_NEAR(cues[0].end_s, 1.0, 1e-9);
}

TEST(SubtitleCues, LosesNoWordAndKeepsOrder) {
  Random random(3);
  const std::vector<std::string> words = {"a",    "word,",           "sentence.", "你",  "好，",
                                          "吗？", "extraordinarily", "—",         "3.14"};
  for (int round = 0; round < 100; ++round) {
    Transcript transcript{"", "", {}, TimeSource::kAligned};
    double at_s = 0;
    std::string all;
    for (std::uint32_t i = random.below(60) + 1; i > 0; --i) {
      const std::string& word = words[random.below(9)];
      const double end_s = at_s + random.uniform(0, 0.6);
      transcript.words.push_back({word, at_s, end_s});
      at_s = end_s + (random.uniform() < 0.1 ? 1.5 : 0);
      all += word;
    }
    std::string shown;
    double last_s = 0;
    for (const auto& cue : make_cues(transcript)) {
      EXPECT_GE(cue.start_s, last_s - 1e-9);
      EXPECT_GE(cue.end_s, cue.start_s);
      last_s = cue.end_s;
      for (const char c : cue.text) shown += c == ' ' || c == '\n' ? "" : std::string(1, c);
    }
    EXPECT_EQ(shown, all);
  }
}

TEST(SubtitleCues, NeedsTimes) {
  EXPECT_TRUE(make_cues({"some words", "en", {}, TimeSource::kNone}).empty());
}

TEST(SubtitleCues, SayWhereTheirWordsAreDoubtful) {
  Transcript transcript{.text = "oh the suit",
                        .language = "en",
                        .words = {{"oh", 0, 1}, {"the", 1, 2}, {"suit", 2, 3}},
                        .times = TimeSource::kRecogniser,
                        .confidence = 0.1};
  const auto doubtful = make_cues(transcript);
  ASSERT_FALSE(doubtful.empty());
  EXPECT_EQ(doubtful[0].text.find("[uncertain"), 0U);
  transcript.confidence = 0.9;
  EXPECT_EQ(make_cues(transcript)[0].text, "oh the suit");
}

}  // namespace
}  // namespace anima::hearing
