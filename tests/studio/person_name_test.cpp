#include "studio/person_name.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace anima::studio {
namespace {

TEST(PersonName, AcceptsLettersDigitsHyphenAndUnderscore) {
  for (const char* name : {"lieu", "A", "a-b_c9", "_x", "0"})
    EXPECT_NO_THROW(require_person_name(name)) << name;
  EXPECT_NO_THROW(require_person_name(std::string(64, 'a')));
}

TEST(PersonName, RefusesWhatCouldLeaveTheLibraryOrLookLikeAnOption) {
  for (const char* name :
       {"", ".", "..", "../x", "a/b", "/etc", "a b", "-rf", "a.b", "\xc3\xa9", "a\n", ".removed-x", "a\\b"}) {
    EXPECT_THROW(require_person_name(name), Error) << name;
  }
  EXPECT_THROW(require_person_name(std::string(65, 'a')), Error);
  EXPECT_THROW(require_person_name(std::string("a\0b", 3)), Error);
}

TEST(PersonName, ErrorShowsNoControlCharacters) {
  try {
    require_person_name("a\x1b[2Jb");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message().find('\x1b'), std::string::npos);
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
  }
}

TEST(PersonName, IsMadeFromAnyFilmName) {
  EXPECT_EQ(person_name_from("/films/lieu-45s-512.mp4"), "lieu-45s-512");
  EXPECT_EQ(person_name_from("My film (2).mp4"), "My-film-2");
  EXPECT_EQ(person_name_from("\xe5\xbd\xb1.mp4"), "person");
  EXPECT_EQ(person_name_from("--x--.mov"), "x");
  for (const char* film : {"", "..", ".mp4", "a/", "\n\n.mp4"})
    EXPECT_NO_THROW(require_person_name(person_name_from(film))) << film;
  EXPECT_NO_THROW(require_person_name(person_name_from(std::string(300, 'x') + ".mp4")));
}

}  // namespace
}  // namespace anima::studio
