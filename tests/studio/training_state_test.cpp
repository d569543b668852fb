#include "studio/training_state.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "studio/temporary_folder.h"

namespace anima::studio {
namespace {

TEST(TrainingState, RemembersWhatIsDoneAcrossRuns) {
  const TemporaryFolder folder;
  const StageKey key = StageKey().with("film").with(25);
  {
    TrainingState state(folder.path() / "state.json");
    EXPECT_FALSE(state.is_done("frames", key));
    state.add_seconds("frames", key, 2);
    state.add_seconds("frames", key, 3);
    state.mark_done("frames", key);
    state.set_figure("first_avatar_seconds", 42);
  }
  const TrainingState state(folder.path() / "state.json");
  EXPECT_TRUE(state.is_done("frames", key));
  EXPECT_FALSE(state.is_done("frames", key.with("more")));
  EXPECT_FALSE(state.is_done("track", key));
  EXPECT_DOUBLE_EQ(state.total_seconds(), 5);
  EXPECT_DOUBLE_EQ(state.figure("first_avatar_seconds", -1), 42);
  EXPECT_DOUBLE_EQ(state.figure("other", -1), -1);
}

TEST(TrainingState, ALostStageIsDoneAgainAndItsSecondsStay) {
  const TemporaryFolder folder;
  const StageKey key = StageKey().with(1);
  {
    TrainingState state(folder.path() / "state.json");
    state.add_seconds("head", key, 100);
    state.mark_done("head", key);
    state.mark_lost("head");
    state.mark_lost("torso");
    state.set_film_key("0123");
  }
  const TrainingState state(folder.path() / "state.json");
  EXPECT_FALSE(state.is_done("head", key));
  EXPECT_DOUBLE_EQ(state.total_seconds(), 100);
  EXPECT_EQ(state.film_key(), "0123");
}

TEST(TrainingState, AChangedInputStartsAgain) {
  const TemporaryFolder folder;
  TrainingState state(folder.path() / "state.json");
  state.add_seconds("head", StageKey().with(1), 100);
  state.mark_done("head", StageKey().with(1));
  state.add_seconds("head", StageKey().with(2), 7);
  EXPECT_FALSE(state.is_done("head", StageKey().with(1)));
  EXPECT_FALSE(state.is_done("head", StageKey().with(2)));
  EXPECT_DOUBLE_EQ(state.total_seconds(), 7);
}

TEST(TrainingState, DamagedOrForeignFilesAreAnEmptyState) {
  const TemporaryFolder folder;
  for (const char* text : {"", "{", "[]", "{\"format\": 99}", "{\"format\": 1, \"stages\": [{\"name\": 3}]}",
                           "{\"format\": 1, \"stages\": 5, \"figures\": {}}", "{\"format\": \"x\"}"}) {
    write_file_atomically(folder.path() / "state.json", std::string(text));
    EXPECT_EQ(TrainingState(folder.path() / "state.json").total_seconds(), 0) << text;
  }
}

TEST(TrainingState, KeysDependOnEveryInputAndTheirOrder) {
  const StageKey key;
  EXPECT_EQ(key.with("a").with("b").text(), key.with("a").with("b").text());
  EXPECT_NE(key.with("a").with("b").text(), key.with("b").with("a").text());
  EXPECT_NE(key.with("ab").with("c").text(), key.with("a").with("bc").text());
  EXPECT_EQ(key.text().size(), 16U);
}

TEST(TrainingState, FileKeysFollowTheContent) {
  const TemporaryFolder folder;
  const auto key_of = [&](const std::string& content) {
    write_file_atomically(folder.path() / "film", content);
    return key_of_file(folder.path() / "film").text();
  };
  EXPECT_EQ(key_of("abc"), key_of("abc"));
  EXPECT_NE(key_of("abc"), key_of("abd"));
  EXPECT_NO_THROW(key_of(""));
  std::string large((33U << 20U), 'x');
  const std::string before = key_of(large);
  large.back() = 'y';
  EXPECT_NE(key_of(large), before);
  large.back() = 'x';
  large.front() = 'y';
  EXPECT_NE(key_of(large), before);
  EXPECT_THROW(key_of_file(folder.path() / "none"), Error);
}

}  // namespace
}  // namespace anima::studio
