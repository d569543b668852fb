#include "text/explanation.h"

#include <gtest/gtest.h>

#include "text/pinyin_dictionary.h"

namespace anima::text {
namespace {

TEST(Explanation, NamesEachPieceAndItsClass) {
  const auto clauses = explain_reading("Pay $1.5M to GPU No. 5.", "en");
  ASSERT_EQ(clauses.size(), 1U);
  const auto& pieces = clauses[0].pieces;
  EXPECT_EQ(clauses[0].language, "en");
  ASSERT_EQ(pieces.size(), 6U);
  EXPECT_EQ(pieces[1].written, "$1.5M");
  EXPECT_EQ(pieces[1].kind, WrittenClass::kMoney);
  EXPECT_EQ(pieces[1].spoken, "one point five million dollars");
  EXPECT_EQ(pieces[3].kind, WrittenClass::kLetters);
  EXPECT_EQ(pieces[5].kind, WrittenClass::kCardinal);
  EXPECT_EQ(pieces[5].mark, ".");
}

TEST(Explanation, PutsHanTogetherToWordsWithTheirSyllables) {
  ASSERT_NE(shared_pinyin_dictionary(), nullptr) << "npm ci installs the dictionary";
  const auto clauses = explain_reading("银行有90后员工，3个。", {});
  std::string said;
  for (const auto& clause : clauses) {
    for (const auto& piece : clause.pieces)
      said += piece.written + "=" + std::string(name_of(piece.kind)) + ":" + piece.spoken + "(" +
              piece.syllables + ")" + piece.mark + "|";
  }
  EXPECT_EQ(said,
            "银行=word:银行(yin2 hang2)|有=word:有(you3)|90=date:九零(jiu3 ling2)|后=word:后(hou4)|"
            "员工=word:员工(yuan2 gong1),|3=cardinal:三(san1)|个=word:个(ge4).|");
}

TEST(Explanation, ShowsTheUsersOwnDictionary) {
  const SayAs say_as({{"重", "zh", "chong2"}});
  const auto clauses = explain_reading("重", "zh", &say_as);
  ASSERT_EQ(clauses.size(), 1U);
  EXPECT_EQ(clauses[0].pieces[0].kind, WrittenClass::kSayAs);
  EXPECT_EQ(clauses[0].pieces[0].syllables, "chong2");
}

TEST(Explanation, OfNothingIsEmpty) {
  EXPECT_TRUE(explain_reading("", "en").empty());
  EXPECT_TRUE(explain_reading("...", "").empty());
}

}  // namespace
}  // namespace anima::text
