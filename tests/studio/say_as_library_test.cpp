#include "studio/say_as_library.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "core/temporary_folder.h"

namespace anima::studio {
namespace {

TEST(SayAsLibrary, KeepsWhatWasAdded) {
  const TemporaryFolder folder;
  SayAsLibrary library(folder.path() / "library");
  EXPECT_TRUE(library.load()->empty());
  EXPECT_FALSE(library.add({"Qwen", "en", "kwen"}));
  EXPECT_FALSE(library.add({"Qwen", "zh", "qian1 wen4"}));
  EXPECT_FALSE(library.add({"he said: \"#1\"", "", "it's 'so'"}));
  EXPECT_TRUE(library.add({"Qwen", "en", "quen"}));
  const auto dictionary = SayAsLibrary(folder.path() / "library").load();
  ASSERT_EQ(dictionary->entries().size(), 3U);
  EXPECT_EQ(dictionary->find("Qwen", 0, "en")->spoken, "quen");
  EXPECT_EQ(dictionary->find("Qwen", 0, "zh")->spoken, "qian1 wen4");
  EXPECT_EQ(dictionary->find("he said: \"#1\"", 0, "en")->spoken, "it's 'so'");
}

TEST(SayAsLibrary, RemovesAnEntryAndSaysWhatThereIs) {
  const TemporaryFolder folder;
  SayAsLibrary library(folder.path());
  library.add({"Qwen", "en", "kwen"});
  library.add({"Qwen", "zh", "qian1 wen4"});
  library.remove("Qwen", "zh");
  EXPECT_EQ(library.load()->entries().size(), 1U);
  try {
    library.remove("SQL");
    FAIL() << "removed what was never there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(error.fix().find("Qwen"), std::string::npos);
  }
  try {
    library.remove("Qwne");
    FAIL() << "removed what was never there";
  } catch (const Error& error) {
    EXPECT_EQ(error.fix(), "did you mean 'Qwen'?");
  }
}

TEST(SayAsLibrary, RefusesAFileThatMakesNoSense) {
  const TemporaryFolder folder;
  const SayAsLibrary library(folder.path());
  for (const char* content :
       {"written: x", "- x", "- written: x", "- written: x\n  spoken: [y]", "- written: x\n  spokn: y",
        "- written: x\n  spoken: y\n  language: fr", "- [", "- written: \xff\n  spoken: y"}) {
    write_file_atomically(library.file(), std::string(content));
    try {
      library.load();
      FAIL() << content;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument) << content;
      EXPECT_NE(std::string(error.what()).find("say-as.yaml"), std::string::npos) << content;
    }
  }
}

}  // namespace
}  // namespace anima::studio
