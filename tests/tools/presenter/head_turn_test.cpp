#include "presenter/head_turn.h"

#include <gtest/gtest.h>

#include "presenter/view.h"

namespace anima::presenter {
namespace {

const Vec3 kNose(0, 6.0F, 1.5F);
const Vec3 kCrown(0, 7.3F, 0.4F);
const Vec3 kShoulder(1.2F, 4.2F, 0.2F);

Vec3 moved(const PresenterPose& pose, const Vec3& p) {
  return HeadTurn(pose).apply(p) - p;
}

TEST(HeadTurn, LeavesEverythingAtZero) {
  for (const Vec3& p : {kNose, kCrown, kShoulder, Vec3(0, 4.9F, 0.2F)})
    EXPECT_TRUE(moved({}, p).isZero(1e-5F));
}

TEST(HeadTurn, TurnsTheWayThePoseSays) {
  PresenterPose pose;
  pose.head_yaw_deg = 10;
  EXPECT_GT(moved(pose, kNose).x(), 0.15F);  // to the picture's right
  pose = {};
  pose.head_pitch_deg = 10;
  EXPECT_GT(moved(pose, kNose).y(), 0.15F);  // up
  pose = {};
  pose.head_roll_deg = 10;
  EXPECT_GT(moved(pose, kCrown).x(), 0.2F);  // towards the picture's right shoulder
  pose = {};
  pose.head_shift_dm = {0.1F, 0.2F, 0.3F};
  EXPECT_TRUE(moved(pose, kNose).isApprox(Vec3(0.1F, 0.2F, 0.3F), 1e-4F));
}

TEST(HeadTurn, KeepsTheHeadRigidAndTheTorsoStill) {
  PresenterPose pose;
  pose.head_yaw_deg = 14;
  pose.head_pitch_deg = -6;
  pose.head_roll_deg = 5;
  const HeadTurn turn(pose);
  for (const Vec3& p : {kNose, kCrown}) {
    EXPECT_FLOAT_EQ(HeadTurn::neck_weight(p), 1);
    EXPECT_TRUE(turn.apply(p).isApprox(turn.apply_head(p), 1e-5F));
    EXPECT_TRUE(turn.apply(p).isApprox(turn.rotation() * p + turn.translation(), 1e-5F));
  }
  EXPECT_TRUE(turn.apply(kShoulder).isApprox(kShoulder, 1e-6F));
}

TEST(HeadTurn, BendsTheNeckWithoutFolds) {
  PresenterPose pose;
  pose.head_yaw_deg = 15;
  const HeadTurn turn(pose);
  Vec3 before = turn.apply(Vec3(0.4F, 4.4F, 0.3F));
  for (float y = 4.41F; y < 5.8F; y += 0.01F) {
    const Vec3 now = turn.apply(Vec3(0.4F, y, 0.3F));
    EXPECT_GT(now.y(), before.y());
    EXPECT_LT((now - before).norm(), 0.015F);
    before = now;
  }
}

TEST(HeadTurn, BreathLiftsTheShouldersAndNotTheHead) {
  PresenterPose pose;
  pose.breath = 1;
  EXPECT_NEAR(moved(pose, kShoulder).y(), 0.03, 0.002);
  EXPECT_TRUE(moved(pose, kNose).isZero(1e-6F));
}

TEST(View, ProjectsAsItsFormulaSays) {
  View view;
  view.size_px = 400;
  const Vec3 centre = view.project(Vec3(view.position.x(), view.position.y(), 1));
  EXPECT_NEAR(centre.x(), 200, 1e-3);
  EXPECT_NEAR(centre.y(), 200, 1e-3);
  // Half the field to the right and up, at the field's distance: the upper right corner.
  const Vec3 corner =
      view.project(view.position + Vec3(0.5F * view.field_dm, 0.5F * view.field_dm, -view.field_distance_dm));
  EXPECT_NEAR(corner.x(), 400, 1e-2);
  EXPECT_NEAR(corner.y(), 0, 1e-2);
  EXPECT_NEAR(corner.z(), 1 / view.field_distance_dm, 1e-6);
}

}  // namespace
}  // namespace anima::presenter
