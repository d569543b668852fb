#include "text/say_as.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "text/normaliser.h"

namespace anima::text {
namespace {

std::string read(std::string_view text, std::string_view language, const SayAs& say_as) {
  std::string result;
  for (const SpokenWord& word : normalise_text(text, language, &say_as)) {
    if (!result.empty()) result += ' ';
    result += word.spoken + (word.syllables.empty() ? "" : "{" + word.syllables + "}");
  }
  return result;
}

TEST(SayAs, ComesBeforeEveryClass) {
  const SayAs say_as(
      {{"Qwen", "en", "kwen"}, {"SQL", "", "sequel"}, {"24/7", "en", "all the time"}, {"gif", "", "jif"}});
  EXPECT_EQ(read("Qwen speaks SQL 24/7", "en", say_as), "kwen speaks sequel all the time");
  EXPECT_EQ(read("GIF, gif and gift", "en", say_as), "jif jif and gift");
  EXPECT_EQ(read("qwen MySQL", "en", say_as), "qwen MySQL");
  EXPECT_EQ(normalise_text("my SQL", "en", &say_as)[1].written, WrittenClass::kSayAs);
}

TEST(SayAs, TakesTheLongestEntryOfTheLanguage) {
  const SayAs say_as({{"重", "zh", "chong2"}, {"重做", "zh", "chong2 zuo4"}, {"read", "en", "red"}});
  EXPECT_EQ(read("重做", "zh", say_as), "重做{chong2 zuo4}");
  EXPECT_EQ(say_as.find("read", 0, "zh"), nullptr);
  EXPECT_NE(say_as.find("read", 0, "en"), nullptr);
}

TEST(SayAs, PinyinOfLettersStandsOnCharactersThatSoundSo) {
  const SayAs say_as({{"Qwen", "", "qian1 wen4"}});
  const auto words = normalise_text("用Qwen", "zh", &say_as);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[1].syllables, "qian1 wen4");
  EXPECT_EQ(words[1].spoken, characters_that_sound("qian1 wen4"));
  EXPECT_EQ(say_as.apply("用Qwen。", "zh"), "用" + characters_that_sound("qian1 wen4") + "。");
}

TEST(SayAs, AppliesToTextForOtherEngines) {
  const SayAs say_as({{"SQL", "", "sequel"}});
  EXPECT_EQ(say_as.apply("SQL, MySQL; SQL", "en"), "sequel, MySQL; sequel");
  EXPECT_EQ(SayAs().apply("as it is", "en"), "as it is");
}

TEST(SayAs, TellsPinyinFromWords) {
  EXPECT_TRUE(is_pinyin("dong1 xi5"));
  EXPECT_TRUE(is_pinyin("lv4"));
  EXPECT_FALSE(is_pinyin("dong xi"));
  EXPECT_FALSE(is_pinyin("mp3 player"));
  EXPECT_FALSE(is_pinyin(""));
  EXPECT_FALSE(is_pinyin("a6"));
}

TEST(SayAs, RefusesWhatMakesNoSense) {
  EXPECT_THROW(SayAs({{"", "", "x"}}), Error);
  EXPECT_THROW(SayAs({{"x", "", "  "}}), Error);
  EXPECT_THROW(SayAs({{"x", "fr", "y"}}), Error);
  EXPECT_THROW(SayAs({{"x\ny", "", "y"}}), Error);
  EXPECT_THROW(SayAs({{std::string(SayAs::kLongest_bytes + 1, 'x'), "", "y"}}), Error);
  EXPECT_THROW(SayAs({{"\xff", "", "y"}}), Error);
}

}  // namespace
}  // namespace anima::text
