#include "voice/speech_server.h"

#include <gtest/gtest.h>

namespace anima::voice {
namespace {

TEST(SpeechServer, KnowsTheLanguageOfAText) {
  EXPECT_EQ(language_of({.text = "hello"}), "en");
  EXPECT_EQ(language_of({.text = "你好"}), "zh");
  EXPECT_EQ(language_of({.text = "ありがとう"}), "ja");
  EXPECT_EQ(language_of({.text = "3.14159，", .surrounding_language = "zh"}), "zh");
  EXPECT_EQ(language_of({.text = "hello", .language = "de", .surrounding_language = "zh"}), "de");
}

}  // namespace
}  // namespace anima::voice
