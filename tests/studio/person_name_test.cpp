#include "studio/person_name.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "core/temporary_folder.h"

namespace anima::studio {
namespace {

TEST(PersonName, AcceptsLettersAndDigitsOfAnyScript) {
  for (const char* name : {"lieu", "A", "a-b_c9", "_x", "0", "张三", "Zoë", "Мария", "山田 太郎", "महेश",
                           "Anna-Lena O'Hara", "约翰·史密斯", "Dr. No", "محمد", "นารี"})
    EXPECT_NO_THROW(require_person_name(name)) << name;
  EXPECT_NO_THROW(require_person_name(std::string(64, 'a')));
}

TEST(PersonName, RefusesWhatCouldLeaveTheLibraryOrLookLikeAnOption) {
  for (const char* name :
       {"",     " ",    ".",   "..", "../x",  "a/b",      "/etc",     "-rf", "a\n", ".removed-x", "a\\b",
        "a\tb", "\xff", "a:b", "😀",  "张/三", "a\u202Eb", "a\u200Bb", "‘x’", "~x",  "a\u0000"}) {
    if (std::string(name) == "a") continue;
    EXPECT_THROW(require_person_name(name), Error) << name;
  }
  EXPECT_THROW(require_person_name(std::string(65, 'a')), Error);
  EXPECT_THROW(require_person_name(std::string("a\0b", 3)), Error);
  std::string long_name;
  for (int i = 0; i < 64; ++i) long_name += "𠀀";
  EXPECT_THROW(require_person_name(long_name), Error);
}

TEST(PersonName, HasOneForm) {
  EXPECT_EQ(normalised_name("  山田　 太郎 "), "山田 太郎");
  EXPECT_EQ(normalised_name("Zoe\u0308"), "Zo\u00EB");
  EXPECT_EQ(normalised_name("lieu"), "lieu");
}

TEST(PersonName, FoldersAreAsciiAndOldNamesTheirOwn) {
  EXPECT_EQ(folder_name_of("lieu-45_s"), "lieu-45_s");
  EXPECT_TRUE(folder_name_of("张三").starts_with("zhang-san-")) << folder_name_of("张三");
  EXPECT_TRUE(folder_name_of("Мария").starts_with("mari")) << folder_name_of("Мария");
  EXPECT_NE(folder_name_of("张三"), folder_name_of("章三"));
  EXPECT_EQ(folder_name_of("Zoe\u0308"), folder_name_of("Zo\u00EB"));
  for (const char* name : {"张三", "Anna-Lena O'Hara", "約翰・史密斯", "𠀀𠀀", "มารี"}) {
    const std::string folder = folder_name_of(name);
    EXPECT_LE(folder.size(), 64U);
    EXPECT_EQ(folder_name_of(folder), folder) << name;
  }
}

TEST(PersonName, KnowsLookAlikes) {
  EXPECT_EQ(name_skeleton("paul"), name_skeleton("p\u0430ul"));  // Cyrillic a
  EXPECT_EQ(name_skeleton("lieu"), name_skeleton("1ieu"));
  EXPECT_NE(name_skeleton("paul"), name_skeleton("paula"));
  EXPECT_NE(name_skeleton("张三"), name_skeleton("张二"));
}

TEST(PersonName, IsKeptBesideAFolderThatCannotBearIt) {
  const TemporaryFolder root;
  const auto folder = root.path() / folder_name_of("张三");
  std::filesystem::create_directories(folder);
  EXPECT_EQ(name_of_folder(folder), folder.filename().string());
  write_name_file(folder, "张三");
  EXPECT_EQ(name_of_folder(folder), "张三");
  for (const char* damaged : {"李四\n", "\xff", "", "../x"}) {
    write_file_atomically(folder / ".name", std::string(damaged));
    EXPECT_EQ(name_of_folder(folder), folder.filename().string()) << damaged;
  }
  const auto plain = root.path() / "lieu";
  std::filesystem::create_directories(plain);
  write_name_file(plain, "lieu");
  EXPECT_FALSE(std::filesystem::exists(plain / ".name"));
}

TEST(PersonName, ErrorShowsNoControlCharacters) {
  for (const char* name : {"a\x1b[2Jb", "a\u202Eb"}) {
    try {
      require_person_name(name);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.message().find('\x1b'), std::string::npos);
      EXPECT_EQ(error.message().find("\u202E"), std::string::npos);
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    }
  }
}

TEST(PersonName, IsMadeFromAnyFilmName) {
  EXPECT_EQ(person_name_from("/films/lieu-45s-512.mp4"), "lieu-45s-512");
  EXPECT_EQ(person_name_from("My film (2).mp4"), "My-film-2");
  EXPECT_EQ(person_name_from("张三的影片.mp4"), "张三的影片");
  EXPECT_EQ(person_name_from("--x--.mov"), "x");
  for (const char* film : {"", "..", ".mp4", "a/", "\n\n.mp4", "😀.mp4", "\xff\xfe.mp4", "\u0301\u0301.mp4"})
    EXPECT_NO_THROW(require_person_name(person_name_from(film))) << film;
  EXPECT_NO_THROW(require_person_name(person_name_from(std::string(300, 'x') + ".mp4")));
  std::string long_film;
  for (int i = 0; i < 100; ++i) long_film += "影";
  EXPECT_NO_THROW(require_person_name(person_name_from(long_film + ".mp4")));
}

}  // namespace
}  // namespace anima::studio
