#include "studio/person_name.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "core/temporary_folder.h"

namespace anima::studio {
namespace {

TEST(PersonName, AcceptsLettersAndDigitsOfAnyScript) {
  for (const char* name :
       {"lieu",      "A",           "a-b_c9",           "_x",           "0",        "张三", "Zoë", "Мария",
        "山田 太郎", "महेश",         "Anna-Lena O'Hara", "约翰·史密斯",  "Dr. No",   "محمد", "นารี", "张〇",
        "Xiao明",    "Мария Smith", "Иван-2",           "علی\u200Cرضا", "क्\u200Dष", "สุภาพ"})
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

TEST(PersonName, RefusesWhatNobodySeesAndMixedScripts) {
  for (const char* name : {"\u3164", "a\u115Fb", "a\u034Fb", "a\u200Cb", "a\u200Db", "علی\u200C", "\u200Cعلی",
                           "e\u0323\u0323\u0323\u0323\u0323\u0323", "p\u0430ul", "Anna p\u0430ul",
                           "\u0391nna", "1\u0662", "a\u2066b", "a\U000E0041"}) {
    EXPECT_THROW(require_person_name(name), Error) << name;
  }
}

TEST(PersonName, HasOneForm) {
  EXPECT_EQ(normalised_name("Ａｄａ－２"), "Ada-2");
  EXPECT_EQ(normalised_name("Anna–Lena"), "Anna-Lena");
  EXPECT_EQ(normalised_name("葛\U000E0100城"), "葛城");
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
  EXPECT_TRUE(look_alike("cape", "\u0441\u0430\u0440\u0435"));  // all Cyrillic
  EXPECT_TRUE(look_alike("Anna", "anna"));
  EXPECT_TRUE(look_alike("Зоя", "зоя"));
  EXPECT_TRUE(look_alike("O'Hara", "O’Hara"));
  EXPECT_TRUE(look_alike("علی\u200Cرضا", "علیرضا"));
  EXPECT_FALSE(look_alike("Anna", "Anne"));
  EXPECT_FALSE(look_alike("张三", "章三"));
  try {
    require_distinct_name("lieu", {"ada", "1ieu"}, "a voice");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(error.message(), "'lieu' looks like '1ieu', a voice");
  }
  EXPECT_NO_THROW(require_distinct_name("lieu", {"ada", "leiu"}, "a voice"));
}

TEST(PersonName, IsQuotedWhereAShellNeedsIt) {
  EXPECT_EQ(name_as_argument("lieu-2"), "lieu-2");
  EXPECT_EQ(name_as_argument("Anna O'Hara"), "\"Anna O'Hara\"");
}

TEST(PersonName, FindsTheFolderThatIsThereWhateverItsLatinLetters) {
  const TemporaryFolder root;
  const std::string usual = folder_name_of("张三");
  EXPECT_EQ(named_folder(root.path(), "张三"), root.path() / usual);
  const auto other = root.path() / ("chang-san" + usual.substr(usual.rfind('-')));
  std::filesystem::create_directories(other);
  EXPECT_EQ(named_folder(root.path(), "张三"), root.path() / usual) << "nothing says whose folder it is";
  write_name_file(other, "张三");
  EXPECT_EQ(named_folder(root.path(), "张三"), other);
  EXPECT_EQ(name_of_folder(other), "张三");
  EXPECT_EQ(named_folder(root.path(), "lieu"), root.path() / "lieu");
  std::filesystem::create_directory_symlink(other, root.path() / "link");
  EXPECT_THROW(named_folder(root.path(), "link"), Error);
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
  EXPECT_EQ(person_name_from("Иванvideo.mp4"), "ivanvideo");
  for (const char* film : {"", "..", ".mp4", "a/", "\n\n.mp4", "😀.mp4", "\xff\xfe.mp4", "\u0301\u0301.mp4"})
    EXPECT_NO_THROW(require_person_name(person_name_from(film))) << film;
  EXPECT_NO_THROW(require_person_name(person_name_from(std::string(300, 'x') + ".mp4")));
  std::string long_film;
  for (int i = 0; i < 100; ++i) long_film += "影";
  EXPECT_NO_THROW(require_person_name(person_name_from(long_film + ".mp4")));
}

}  // namespace
}  // namespace anima::studio
