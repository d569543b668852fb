#include "studio/library.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "core/error.h"
#include "core/files.h"
#include "core/tensor_file.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

TEST(Library, KeepsPeopleAcrossOpenings) {
  const TemporaryFolder folder;
  {
    Library library(folder.path() / "library", true);
    library.put("lieu", "film.mp4", "Ada Lovelace, by letter");
    library.put("anna", "anna.mp4", kConsentNotRecorded);
  }
  const Library library(folder.path() / "library", false);
  const auto people = library.people();
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(people[0].name, "anna");
  EXPECT_EQ(people[1].consent, "Ada Lovelace, by letter");
  EXPECT_FALSE(people[1].has_avatar);
}

TEST(Library, TakesNamesInAnyScript) {
  const TemporaryFolder folder;
  {
    Library library(folder.path(), true);
    library.put("张三", "film.mp4", "张三, in writing");
    library.put("Zoe\u0308", "", kConsentNotRecorded);
    EXPECT_TRUE(library.has(" 张三 "));
    EXPECT_TRUE(library.has("Zo\u00EB"));
    EXPECT_EQ(library.folder("张三").filename().string().find("zhang-san-"), 0U);
    write_file_atomically(library.avatar_path("张三"), std::string("an avatar"));
    EXPECT_EQ(code_of([&] { library.put("Zo\u0451", "", kConsentNotRecorded); }),
              ErrorCode::kInvalidArgument);
    EXPECT_EQ(code_of([&] { static_cast<void>(library.person("张山")); }), ErrorCode::kNotFound);
  }
  // Without its database the library still knows whose folders they are.
  for (const char* file : {"anima.db", "anima.db-wal", "anima.db-shm"}) fs::remove(folder.path() / file);
  Library library(folder.path(), false);
  ASSERT_EQ(library.people().size(), 1U);
  EXPECT_EQ(library.people()[0].name, "张三");
  EXPECT_TRUE(library.people()[0].has_avatar);
  library.remove("张三");
  EXPECT_TRUE(library.people().empty());
  EXPECT_FALSE(fs::exists(library.folder("张三")));
}

TEST(Library, OldNamesThatLookAlikeStayAndNewOnesAreRefused) {
  const TemporaryFolder folder;
  for (const char* old : {"lieu", "1ieu", "rnira", "Ada", "ada"}) {
    fs::create_directories(folder.path() / old);
    write_file_atomically(folder.path() / old / (std::string(old) + ".anima"), std::string("an avatar"));
  }
  Library library(folder.path(), false);
  EXPECT_EQ(library.people().size(), 5U);
  for (const char* old : {"lieu", "1ieu", "rnira", "Ada", "ada"}) {
    EXPECT_NO_THROW(library.put(old, "film.mp4", kConsentNotRecorded)) << old;
  }
  for (const char* other : {"Iieu", "rniRA", "ADA", "Mira", "m\u0131ra"}) {
    EXPECT_EQ(code_of([&] { library.put(other, "", kConsentNotRecorded); }), ErrorCode::kInvalidArgument)
        << other;
  }
  library.remove("rnira");
  EXPECT_FALSE(fs::exists(folder.path() / "rnira"));
  EXPECT_EQ(code_of([&] { library.put("rnira", "", kConsentNotRecorded); }), ErrorCode::kInvalidArgument);
}

TEST(Library, FindsPeopleWhoseFoldersAnotherIcuNamed) {
  const TemporaryFolder folder;
  fs::path moved;
  {
    Library library(folder.path(), true);
    library.put("张三", "film.mp4", kConsentNotRecorded);
    const fs::path own = library.folder("张三");
    const std::string name = own.filename().string();
    moved = folder.path() / ("chang-san" + name.substr(name.rfind('-')));
    fs::rename(own, moved);
    write_file_atomically(moved / (moved.filename().string() + ".anima"), std::string("an avatar"));
  }
  Library library(folder.path(), false);
  ASSERT_EQ(library.people().size(), 1U);
  EXPECT_TRUE(library.people()[0].has_avatar);
  EXPECT_EQ(library.folder("张三"), moved);
  library.remove("张三");
  EXPECT_FALSE(fs::exists(moved));
}

TEST(Library, IsNotMadeByLooking) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { Library(folder.path() / "none", false); }), ErrorCode::kNotFound);
  EXPECT_FALSE(fs::exists(folder.path() / "none"));
}

TEST(Library, UnknownPeopleAreNamedWithWhoIsThere) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  library.put("lieu", "", kConsentNotRecorded);
  try {
    static_cast<void>(library.person("leu"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(error.fix().find("lieu"), std::string::npos);
  }
}

TEST(Library, PathsStayInside) {
  const TemporaryFolder folder;
  Library library(folder.path() / "library", true);
  EXPECT_EQ(library.avatar_path("lieu"), folder.path() / "library" / "lieu" / "lieu.anima");
  for (const char* name : {"../x", "..", "/etc", "a/../../b"})
    EXPECT_THROW(static_cast<void>(library.folder(name)), Error);
  fs::create_directories(folder.path() / "outside");
  fs::create_directory_symlink(folder.path() / "outside", folder.path() / "library" / "link");
  EXPECT_EQ(code_of([&] { static_cast<void>(library.work_folder("link")); }), ErrorCode::kInvalidArgument);
  EXPECT_THROW(library.remove("link"), Error);
  EXPECT_TRUE(fs::exists(folder.path() / "outside"));
}

TEST(Library, RemovingDeletesEverythingOfOnePersonOnly) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  for (const char* name : {"lieu", "anna"}) {
    library.put(name, "", kConsentNotRecorded);
    fs::create_directories(library.work_folder(name));
    write_file_atomically(library.work_folder(name) / "frames", std::string("x"));
    library.jobs().start("train", name);
  }
  library.remove("lieu");
  EXPECT_FALSE(fs::exists(library.folder("lieu")));
  EXPECT_TRUE(fs::exists(library.work_folder("anna") / "frames"));
  EXPECT_TRUE(library.jobs().jobs("lieu").empty());
  EXPECT_EQ(library.jobs().jobs("anna").size(), 1U);
  EXPECT_EQ(code_of([&] { library.remove("lieu"); }), ErrorCode::kNotFound);
}

TEST(Library, AnInterruptedRemovalIsFinishedAtTheNextOpening) {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / ".removed-lieu" / "work");
  const Library library(folder.path(), true);
  EXPECT_FALSE(fs::exists(folder.path() / ".removed-lieu"));
}

TEST(Library, LosingTheDatabaseLosesNobody) {
  const TemporaryFolder folder;
  {
    Library library(folder.path(), true);
    library.put("lieu", "", "Ted, by letter");
    TensorFile avatar;
    avatar.metadata["avatar.consent"] = "Ted, by letter";
    write_tensor_file(library.avatar_path("lieu"), avatar);
    library.put("broken", "", kConsentNotRecorded);
    write_file_atomically(library.avatar_path("broken"), std::string("not an avatar"));
  }
  for (const char* file : {"anima.db", "anima.db-wal", "anima.db-shm"}) fs::remove(folder.path() / file);
  const Library library(folder.path(), false);
  ASSERT_EQ(library.people().size(), 2U);
  EXPECT_EQ(library.person("lieu").consent, "Ted, by letter");
  EXPECT_TRUE(library.person("broken").has_avatar);
}

TEST(Library, ADatabaseOfOtherBytesIsRefusedClearly) {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "anima.db", std::string(5000, 'x'));
  EXPECT_EQ(code_of([&] { Library(folder.path(), true); }), ErrorCode::kCorruptData);
}

TEST(Library, ANewerDatabaseIsRefused) {
  const TemporaryFolder folder;
  { Library library(folder.path(), true); }
  {
    SQLite::Database((folder.path() / "anima.db").string(), SQLite::OPEN_READWRITE)
        .exec("PRAGMA user_version=99");
  }
  EXPECT_EQ(code_of([&] { Library(folder.path(), true); }), ErrorCode::kUnsupported);
}

TEST(Library, OnlyOneProcessWorksOnAPerson) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  auto held = library.lock("lieu");
  EXPECT_EQ(code_of([&] { library.lock("lieu"); }), ErrorCode::kResourceExhausted);
  EXPECT_NO_THROW(library.lock("anna"));
  held.reset();
  EXPECT_NO_THROW(library.lock("lieu"));
}

TEST(Library, TheLockOfAKilledProcessIsFree) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  const pid_t child = ::fork();
  if (child == 0) {
    auto* held = new PersonLock(folder.path() / ".locks" / "lieu", "lieu");
    static_cast<void>(held);
    ::raise(SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_NO_THROW(library.lock("lieu"));
}

TEST(Library, PartsOfDeadProcessesAreCleaned) {
  const TemporaryFolder folder;
  Library library(folder.path(), true);
  library.put("lieu", "", kConsentNotRecorded);
  fs::create_directories(library.work_folder("lieu"));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  const fs::path dead = library.work_folder("lieu") / (".frames." + std::to_string(child) + "-3.part");
  const fs::path alive = library.work_folder("lieu") / (".frames." + std::to_string(::getpid()) + "-3.part");
  const fs::path other = library.work_folder("lieu") / "frames";
  for (const fs::path& path : {dead, alive, other}) write_file_atomically(path, std::string("x"));
  library.clean_temporary_files("lieu");
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(alive));
  EXPECT_TRUE(fs::exists(other));
}

TEST(Library, RootComesFromOptionThenEnvironmentThenHere) {
  ::unsetenv("ANIMA_LIBRARY");
  EXPECT_EQ(library_root(""), "library");
  ::setenv("ANIMA_LIBRARY", "/somewhere", 1);
  EXPECT_EQ(library_root(""), "/somewhere");
  EXPECT_EQ(library_root("/else"), "/else");
  ::unsetenv("ANIMA_LIBRARY");
}

}  // namespace
}  // namespace anima::studio
