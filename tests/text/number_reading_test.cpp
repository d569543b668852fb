#include "text/number_reading.h"

#include <gtest/gtest.h>

namespace anima::text {
namespace {

TEST(NumberReading, English) {
  EXPECT_EQ(english_cardinal("0"), "zero");
  EXPECT_EQ(english_cardinal("007"), "seven");
  EXPECT_EQ(english_cardinal("115"), "one hundred fifteen");
  EXPECT_EQ(english_cardinal("1000000"), "one million");
  EXPECT_EQ(english_cardinal("90210"), "ninety thousand two hundred ten");
  EXPECT_EQ(english_cardinal("123456789012345678901"),
            "one two three four five six seven eight nine zero one two three four five six seven eight nine "
            "zero one");
  EXPECT_EQ(english_ordinal("1"), "first");
  EXPECT_EQ(english_ordinal("12"), "twelfth");
  EXPECT_EQ(english_ordinal("20"), "twentieth");
  EXPECT_EQ(english_ordinal("103"), "one hundred third");
  EXPECT_EQ(english_year("1905"), "nineteen oh five");
  EXPECT_EQ(english_year("1900"), "nineteen hundred");
  EXPECT_EQ(english_year("2000"), "two thousand");
  EXPECT_EQ(english_year("2005"), "two thousand five");
}

TEST(NumberReading, Chinese) {
  EXPECT_EQ(chinese_cardinal("0"), "零");
  EXPECT_EQ(chinese_cardinal("10"), "十");
  EXPECT_EQ(chinese_cardinal("15"), "十五");
  EXPECT_EQ(chinese_cardinal("110"), "一百一十");
  EXPECT_EQ(chinese_cardinal("1005"), "一千零五");
  EXPECT_EQ(chinese_cardinal("10010"), "一万零一十");
  EXPECT_EQ(chinese_cardinal("100000"), "十万");
  EXPECT_EQ(chinese_cardinal("100000001"), "一亿零一");
  EXPECT_EQ(chinese_cardinal("23456"), "二万三千四百五十六");
  EXPECT_EQ(chinese_digits("2024"), "二零二四");
  EXPECT_EQ(chinese_count("2"), "两");
  EXPECT_EQ(chinese_count("12"), "十二");
}

}  // namespace
}  // namespace anima::text
