#include "core/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <type_traits>

#include "core/error.h"
#include "core/files.h"

namespace anima {
namespace {

template <typename T>
concept Printable = requires(std::ostream& stream, const T& value) {
  stream << value;
};
static_assert(Printable<std::string>);
static_assert(!Printable<Secret>, "a key must not be printable");
static_assert(!std::is_convertible_v<Secret, std::string>, "a key must not turn into text unasked");

TEST(Environment, ReadsLines) {
  const auto values = parse_environment_file(
      "\xEF\xBB\xBF# comment\n\nA=1\r\nexport B = two words # why\nC='# not a comment'\nD=\"a\\\"b\\n\" # "
      "x\nE=\nF=a#b",
      ".env");
  EXPECT_EQ(values.at("A"), "1");
  EXPECT_EQ(values.at("B"), "two words");
  EXPECT_EQ(values.at("C"), "# not a comment");
  EXPECT_EQ(values.at("D"), "a\"b\n");
  EXPECT_EQ(values.at("E"), "");
  EXPECT_EQ(values.at("F"), "a#b");
}

TEST(Environment, NamesTheLineButNotItsContent) {
  for (const std::string line :
       {"sk-hidden-word", "1A=sk-hidden-word", "A-B=sk-hidden-word", "A='sk-hidden-word", "=x"}) {
    try {
      parse_environment_file("OK=1\n" + line + "\n", "my.env");
      ADD_FAILURE() << line << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorruptData);
      EXPECT_THAT(error.what(), testing::HasSubstr("line 2 of 'my.env'"));
      EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("hidden-word")));
    }
  }
}

TEST(Environment, ProcessWinsOverFileAndFileStaysOutOfTheProcess) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "anima-environment-test.env";
  write_file_atomically(file, std::string("ANIMA_TEST_BOTH=file\nANIMA_TEST_FILE=file\n"));
  ::setenv("ANIMA_TEST_BOTH", "process", 1);
  const Environment environment = Environment::of_process(file);
  std::filesystem::remove(file);
  ::unsetenv("ANIMA_TEST_BOTH");
  EXPECT_EQ(environment.text("ANIMA_TEST_BOTH"), "process");
  EXPECT_EQ(environment.text("ANIMA_TEST_FILE"), "file");
  EXPECT_EQ(std::getenv("ANIMA_TEST_FILE"), nullptr);
  EXPECT_TRUE(Environment::of_process("/no/such/file").has("PATH"));
}

TEST(Environment, TreatsBlankAsNotSet) {
  const Environment environment(
      {{"A", "  "}, {"KEY", " k \n"}, {"ANIMA_X", "1"}, {"ANIMA_Y", "2"}, {"ANIMB", "3"}});
  EXPECT_FALSE(environment.has("A"));
  EXPECT_EQ(environment.text("A", "fallback"), "fallback");
  EXPECT_EQ(environment.secret("KEY").reveal(), "k");
  EXPECT_TRUE(environment.secret("NONE").empty());
  EXPECT_THAT(environment.names_with_prefix("ANIMA_"), testing::ElementsAre("ANIMA_X", "ANIMA_Y"));
}

}  // namespace
}  // namespace anima
