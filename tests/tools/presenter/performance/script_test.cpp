#include "presenter/performance/script.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace anima::presenter {
namespace {

TEST(Script, ReadsSpeechAndSilences) {
  const auto script =
      parse_script("# her lines\n\n en: Good *morning*, all.\nzh: 早上*好*。\npause 0.5\nlisten 3\n");
  ASSERT_EQ(script.size(), 4U);
  EXPECT_EQ(script[0].language, "en");
  EXPECT_EQ(script[0].text, "Good morning, all.");
  ASSERT_EQ(script[0].stressed.size(), 1U);
  EXPECT_EQ(script[0].text.substr(script[0].stressed[0].first,
                                  script[0].stressed[0].second - script[0].stressed[0].first),
            "morning");
  EXPECT_EQ(script[1].language, "zh");
  EXPECT_EQ(script[1].text, "早上好。");
  EXPECT_DOUBLE_EQ(script[2].silence_s, 0.5);
  EXPECT_FALSE(script[2].listening);
  EXPECT_DOUBLE_EQ(script[3].silence_s, 3);
  EXPECT_TRUE(script[3].listening);
}

TEST(Script, NamesTheLineThatItDoesNotUnderstand) {
  for (const char* wrong : {"en: ok\nfr: bonjour\n", "en: ok\npause soon\n", "en: ok\npause 99\n",
                            "en: ok\nen: an *open star\n", "en: ok\nzh:\n"}) {
    try {
      parse_script(wrong);
      ADD_FAILURE() << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      EXPECT_NE(error.message().find("line 2"), std::string::npos) << error.message();
    }
  }
  EXPECT_THROW(parse_script("# nothing\n"), Error);
}

}  // namespace
}  // namespace anima::presenter
