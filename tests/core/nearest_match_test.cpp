#include "core/nearest_match.h"

#include <gtest/gtest.h>

namespace anima {
namespace {

TEST(NearestMatch, CountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("train", "train"), 0);
  EXPECT_EQ(edit_distance("trian", "train"), 1);
  EXPECT_EQ(edit_distance("tran", "train"), 1);
  EXPECT_EQ(edit_distance("Train", "train"), 0);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("ca", "abc"), 3);  // the alignment edits no part twice
  EXPECT_EQ(edit_distance("张三", "张山"), 1);
  EXPECT_EQ(edit_distance("\xff", "a"), 1);
}

TEST(NearestMatch, FindsWhatWasMeant) {
  const std::vector<std::string> commands = {"train", "render", "check", "evaluate",
                                             "say",   "say-as", "speak", "list"};
  EXPECT_EQ(nearest_match("trian", commands), "train");
  EXPECT_EQ(nearest_match("rendr", commands), "render");
  EXPECT_EQ(nearest_match("sya", commands), "say");
  EXPECT_EQ(nearest_match("eval", commands), "evaluate");
  EXPECT_EQ(nearest_match("chekc", commands), "check");
  EXPECT_EQ(nearest_match("sped", {"seed", "speed"}), "speed");  // as near, with a longer common beginning
  EXPECT_EQ(nearest_match("foo", commands), "");
  EXPECT_EQ(nearest_match("", commands), "");
  EXPECT_EQ(nearest_match("Train", commands), "train");
  EXPECT_EQ(nearest_match("train", {"train", "drain"}), "drain");  // what was written was not meant
  EXPECT_EQ(nearest_match("x", {"b"}), "");
  EXPECT_EQ(nearest_match("张山", {"李四", "张三"}), "张三");
  EXPECT_EQ(nearest_match(std::string(100000, 'a'), {std::string(100000, 'b')}), "");
}

TEST(NearestMatch, SaysIt) {
  EXPECT_EQ(did_you_mean("trian", {"train"}, "see help"), "did you mean 'train'?");
  EXPECT_EQ(did_you_mean("foo", {"train"}, "see help"), "see help");
}

}  // namespace
}  // namespace anima
