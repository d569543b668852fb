#include "core/utf8.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/random.h"

namespace anima {
namespace {

TEST(Utf8, RoundTripsEveryLength) {
  const std::string text = "aé你🙂";
  EXPECT_EQ(decode_utf8(text), U"aé你🙂");
  EXPECT_EQ(encode_utf8(decode_utf8(text)), text);
  EXPECT_EQ(count_code_points(text), 4U);
}

TEST(Utf8, RefusesWhatIsNotUtf8) {
  for (const std::string bad :
       {"\x80", "\xC3", "\xE4\xBD", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF",
        "a\xE4\xBD"
        "b",
        "\xF8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_THROW(decode_utf8(bad), Error);
  }
}

TEST(Utf8, AcceptsExactlyWhatItCanWriteBack) {
  Random random(2);
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < 3; ++i) text += static_cast<char>(random.below(256));
    if (!is_utf8(text)) continue;
    ++accepted;
    EXPECT_EQ(encode_utf8(decode_utf8(text)), text);
  }
  EXPECT_GT(accepted, 100);
}

TEST(Utf8, WalksOverBytesThatAreNoText) {
  const std::string text = "a\xFF\xE4\xBD你";
  std::u32string points;
  for (std::size_t at = 0; at < text.size();) points += next_code_point(text, at);
  EXPECT_EQ(points, U"a\uFFFD\uFFFD\uFFFD你");
  EXPECT_EQ(find_invalid_utf8(text), 1U);
  EXPECT_EQ(find_invalid_utf8("a你"), std::string::npos);
  EXPECT_EQ(first_code_point(text), U'a');
  EXPECT_EQ(last_code_point(text), U'你');
  EXPECT_EQ(first_code_point(""), 0U);
  EXPECT_EQ(last_code_point(""), 0U);
}

TEST(Utf8, KnowsWideScripts) {
  for (const char32_t c : std::u32string(U"你々、。あア한！")) {
    EXPECT_TRUE(is_wide(c)) << static_cast<std::uint32_t>(c);
  }
  for (const char32_t c : std::u32string(U"aé1 .")) EXPECT_FALSE(is_wide(c));
  EXPECT_TRUE(is_han(U'你'));
  EXPECT_FALSE(is_han(U'。'));
}

}  // namespace
}  // namespace anima
