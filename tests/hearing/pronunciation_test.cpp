#include "hearing/pronunciation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/process.h"

namespace anima::hearing {
namespace {

using testing::ElementsAre;

TEST(Pronunciation, ReadsADictionary) {
  const auto dictionary =
      PronunciationDictionary::parse("hello HH AH L OW\nread R EH D\nread(2) R IY D\n\nbroken\n x\n");
  EXPECT_EQ(dictionary.size(), 2U);
  EXPECT_THAT(dictionary.find("hello"), ElementsAre("HH", "AH", "L", "OW"));
  EXPECT_THAT(dictionary.find("read"), ElementsAre("R", "EH", "D"));
  EXPECT_TRUE(dictionary.find("nothing").empty());
  EXPECT_THROW(PronunciationDictionary("/no/such/dictionary"), Error);
}

TEST(Pronunciation, FindsWordsHoweverTheyAreWritten) {
  const auto dictionary =
      PronunciationDictionary::parse("hello HH AH L OW\nwell W EH L\nknown N OW N\nit's IH T S\n");
  const auto words = pronounce({"\"Hello,", "WELL-known!", "It\xE2\x80\x99s", "42", "—"}, dictionary, {});
  EXPECT_THAT(words[0].phones, ElementsAre("HH", "AH", "L", "OW"));
  EXPECT_THAT(words[1].phones, ElementsAre("W", "EH", "L", "N", "OW", "N"));
  EXPECT_THAT(words[2].phones, ElementsAre("IH", "T", "S"));
  EXPECT_THAT(words[3].phones, ElementsAre("?", "?", "?", "?", "?", "?"));
  EXPECT_THAT(words[4].phones, ElementsAre("?"));
}

TEST(Pronunciation, SpellsUnknownWords) {
  EXPECT_THAT(phones_by_letters("thatcher"), ElementsAre("TH", "AE", "CH", "ER"));
  EXPECT_THAT(phones_by_letters("zyx"), ElementsAre("Z", "IY", "K", "S"));
  EXPECT_THAT(phones_by_letters("bake"), ElementsAre("B", "AE", "K"));
}

TEST(Pronunciation, PutsMandarinIntoEnglishSounds) {
  EXPECT_THAT(phones_of_mandarin("n'i35_|"), ElementsAre("N", "IY"));
  EXPECT_THAT(phones_of_mandarin("X'Au214_|"), ElementsAre("HH", "AW"));
  EXPECT_THAT(phones_of_mandarin("tS;h'y51_|"), ElementsAre("CH", "IY"));
  EXPECT_THAT(phones_of_mandarin("ts.'u55_|"), ElementsAre("JH", "UW"));
  EXPECT_THAT(phones_of_mandarin("s.'i.51_|"), ElementsAre("SH", "ER"));
  EXPECT_THAT(phones_of_mandarin("l'iA55N_|"), ElementsAre("L", "IY", "AA", "NG"));
  EXPECT_THAT(phones_of_mandarin("ts.'ong55_|"), ElementsAre("JH", "UH", "NG"));
  EXPECT_TRUE(phones_of_mandarin("_|").empty());
}

TEST(Pronunciation, ReadsChineseByEspeak) {
  const auto dictionary = PronunciationDictionary::parse("ok OW K EY\n");
  const auto words = pronounce({"你", "好，", "OK", "吗？"}, dictionary, {});
  ASSERT_EQ(words.size(), 4U);
  EXPECT_THAT(words[2].phones, ElementsAre("OW", "K", "EY"));
  if (find_program("espeak-ng").empty()) {
    EXPECT_THAT(words[0].phones, ElementsAre("?", "?"));
    GTEST_SKIP() << "espeak-ng is not installed";
  }
  EXPECT_THAT(words[0].phones, ElementsAre("N", "IY"));
  EXPECT_THAT(words[1].phones, ElementsAre("HH", "AW"));
  EXPECT_THAT(words[3].phones, ElementsAre("M", "AA"));
}

}  // namespace
}  // namespace anima::hearing
