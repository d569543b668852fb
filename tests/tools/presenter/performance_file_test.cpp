#include "presenter/performance_file.h"

#include <gtest/gtest.h>

#include <random>

#include "core/error.h"
#include "presenter/pose_fields.h"

namespace anima::presenter {
namespace {

TEST(PerformanceFile, ReadsBackEveryFieldThatWasWritten) {
  std::mt19937 random(7);
  PresenterPerformance performance(20);
  for (PresenterPose& pose : performance) {
    for (const PoseField& field : pose_fields()) {
      if (random() % 3 == 0) continue;  // stays zero, and is left out
      field.value(pose, field.index) = std::uniform_real_distribution<float>(field.low, field.high)(random);
    }
  }
  PresenterPerformance read = parse_performance(performance_text(performance), "made");
  ASSERT_EQ(read.size(), performance.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    for (const PoseField& field : pose_fields()) {
      EXPECT_NEAR(field.value(read[i], field.index), field.value(performance[i], field.index), 0.6e-4)
          << "pose " << i << " " << field.name;
    }
  }
}

TEST(PerformanceFile, ReadsTheDescribedForm) {
  const auto read = parse_performance(
      R"({"frames_per_second":25,"poses":[{"mouth":{"open":0.5,"part_later":0.1},"blink_left":1,
          "head_yaw_deg":-3.5,"head_shift_dm":[0,0.02,0]},{}]})",
      "made");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_FLOAT_EQ(read[0].mouth[static_cast<std::size_t>(MouthTarget::kOpen)], 0.5F);
  EXPECT_FLOAT_EQ(read[0].mouth[static_cast<std::size_t>(MouthTarget::kPartLater)], 0.1F);
  EXPECT_FLOAT_EQ(read[0].blink_left, 1);
  EXPECT_FLOAT_EQ(read[0].head_yaw_deg, -3.5F);
  EXPECT_FLOAT_EQ(read[0].head_shift_dm[1], 0.02F);
  EXPECT_EQ(performance_text({read[1]}), performance_text({PresenterPose{}}));
}

TEST(PerformanceFile, RefusesWhatIsNoPerformance) {
  for (const char* text : {
           "",
           "[]",
           "{",
           R"({"frames_per_second":25})",
           R"({"frames_per_second":25,"poses":[]})",
           R"({"frames_per_second":30,"poses":[{}]})",
           R"({"poses":[{}]})",
           R"({"frames_per_second":25,"poses":[3]})",
           R"({"frames_per_second":25,"poses":[{"moth":{}}]})",
           R"({"frames_per_second":25,"poses":[{"mouth":{"opne":1}}]})",
           R"({"frames_per_second":25,"poses":[{"mouth":{"open":{"a":1}}}]})",
           R"({"frames_per_second":25,"poses":[{"mouth":0.4}]})",
           R"({"frames_per_second":25,"poses":[{"breath":null}]})",
           R"({"frames_per_second":25,"poses":[{"head_yaw_deg":900}]})",
           R"({"frames_per_second":25,"poses":[{"head_yaw_deg":1e999}]})",
           R"({"frames_per_second":25,"poses":[{"head_shift_dm":[0,0,0,0]}]})",
           R"({"frames_per_second":25,"poses":[{"head_shift_dm":[[0]]}]})",
       }) {
    try {
      parse_performance(text, "made");
      ADD_FAILURE() << "accepted " << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kCorruptData) << text;
      EXPECT_NE(e.message().find("made"), std::string::npos) << text;
    }
  }
}

TEST(PoseFields, SetsOneNumberByName) {
  PresenterPose pose;
  set_pose_field(pose, "mouth.open=0.5");
  set_pose_field(pose, "head_shift_dm.2=-0.25");
  EXPECT_FLOAT_EQ(pose.mouth[0], 0.5F);
  EXPECT_FLOAT_EQ(pose.head_shift_dm[2], -0.25F);
  for (const char* wrong :
       {"mouth.open", "mouth.open=", "mouth.open=x", "mouth.open=0.5x", "=1", "mouth.open=9", "a=1"}) {
    EXPECT_THROW(set_pose_field(pose, std::string(wrong)), Error) << wrong;
  }
}

}  // namespace
}  // namespace anima::presenter
