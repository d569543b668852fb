#include "text/language.h"

#include <gtest/gtest.h>

namespace anima::text {
namespace {

TEST(TextLanguage, ComesFromTheLetters) {
  struct Case {
    const char* text;
    const char* language;
  };
  const Case cases[] = {
      {"Hello 5", "en"},
      {"你好", "zh"},
      {"用GPU训练", "zh"},
      {"Привет, GPU", "ru"},
      {"ありがとう", "ja"},
      {"カメラ", "ja"},
      {"東京に行きます", "ja"},
      {"안녕하세요", "ko"},
      {"مرحبا", "ar"},
      {"γειά σου", "el"},
      {"שלום", "he"},
      {"नमस्ते", "hi"},
      {"สวัสดี", "th"},
      {"ລາວ", "und"},
      {"བོད་", "und"},
      {"3.14159，", ""},
      {"?!", ""},
      {"", ""},
      {"👍", ""},
      {"\x01\x02", ""},
      {"ＧＰＵ", "en"},
      {"the angle α", "en"},
      {"角度α是", "zh"},
      {"α", "el"},
      {"鲜の果", "zh"},
      {"Việt Nam", "en"},
      {"约翰・史密斯", "zh"},
      {"\xff\xfe", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(language_of_text(c.text), c.language) << c.text;
}

TEST(TextLanguage, LettersWithoutWordsAreReadInTheLanguageAround) {
  EXPECT_EQ(language_of_text("$5.5M，5k，3w"), "zh");
  EXPECT_EQ(language_of_text("Wait，what"), "en");
  EXPECT_EQ(language_to_read("IP 192.168.0.1", "zh"), "zh");
  EXPECT_EQ(language_to_read("https://www.example.com", "zh"), "zh");
  EXPECT_EQ(language_to_read("5 km", {}, "zh"), "zh");
  EXPECT_EQ(language_to_read("5 apples", "zh"), "en");
  EXPECT_EQ(language_to_read("IP 192.168.0.1", {}), "en");
  EXPECT_FALSE(holds_english_words("GPU 5km, a_b@example.com x²"));
  EXPECT_TRUE(holds_english_words("it's 5"));
  EXPECT_TRUE(holds_english_words("So, go."));
}

TEST(TextLanguage, WhatWasAskedForIsHonouredWhereTheLettersAllow) {
  EXPECT_EQ(language_to_read("bonjour", "fr"), "fr");
  EXPECT_EQ(language_to_read("hello", "zh"), "en");
  EXPECT_EQ(language_to_read("你好", "en"), "zh");
  EXPECT_EQ(language_to_read("你好", "fr"), "zh");
  EXPECT_EQ(language_to_read("你好", "yue"), "yue");
  EXPECT_EQ(language_to_read("東京", "ja"), "ja");
  EXPECT_EQ(language_to_read("Привіт", "uk"), "uk");
  EXPECT_EQ(language_to_read("Привет", "en"), "ru");
  EXPECT_EQ(language_to_read("سلام", "fa"), "fa");
  EXPECT_EQ(language_to_read("ລາວ", "lo"), "lo");
  EXPECT_EQ(language_to_read("你好", "zh-CN"), "zh");
  EXPECT_EQ(language_to_read("你好", "zh_TW"), "zh");
  EXPECT_EQ(language_to_read("hello", "en-US"), "en");
}

TEST(TextLanguage, WhatHasNoLettersIsReadAsTheTextAroundIt) {
  EXPECT_EQ(language_to_read("3.14", "", "zh"), "zh");
  EXPECT_EQ(language_to_read("3.14", "zh", "en"), "en");
  EXPECT_EQ(language_to_read("3.14", "zh"), "zh");
  EXPECT_EQ(language_to_read("3.14", ""), "en");
  EXPECT_EQ(language_to_read("hello", "", "zh"), "en");
  EXPECT_EQ(language_to_read("東京", "", "ja"), "ja");
  EXPECT_EQ(language_to_read("日语里ありがとう", "", "zh"), "zh");
}

}  // namespace
}  // namespace anima::text
