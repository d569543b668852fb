#include "presenter/head_turn.h"

#include <numbers>

namespace anima::presenter {
namespace {

// The skull turns on the first vertebra, between the ears.
const Vec3 kPivot(0, 5.42F, 0.22F);
const Vec3 kChest(0, 4.0F, 0.2F);
constexpr float kDegree = std::numbers::pi_v<float> / 180;

}  // namespace

Eigen::Matrix3f head_rotation(float yaw_deg, float pitch_deg, float roll_deg) {
  return (Eigen::AngleAxisf(yaw_deg * kDegree, Vec3::UnitY()) *
          Eigen::AngleAxisf(-pitch_deg * kDegree, Vec3::UnitX()) *
          Eigen::AngleAxisf(-roll_deg * kDegree, Vec3::UnitZ()))
      .toRotationMatrix();
}

HeadTurn::HeadTurn(const PresenterPose& pose)
    : turn_(head_rotation(pose.head_yaw_deg, pose.head_pitch_deg, pose.head_roll_deg)),
      rotation_(turn_.toRotationMatrix()),
      shift_(pose.head_shift_dm[0], pose.head_shift_dm[1], pose.head_shift_dm[2]),
      shoulder_shift_(pose.shoulder_shift_dm[0], pose.shoulder_shift_dm[1], 0),
      shoulder_roll_rad_(-pose.shoulder_roll_deg * kDegree),
      breath_(pose.breath) {}

float HeadTurn::neck_weight(const Vec3& p) {
  // The neck's foot slopes down to the front, and so do the surfaces of equal weight.
  return smoothstep(4.66F, 5.42F, p.y() + 0.4F * p.z());
}

Vec3 HeadTurn::shoulders(const Vec3& p) const {
  const float share = 1 - neck_weight(p);
  if (share == 0) return p;
  const Eigen::AngleAxisf roll(shoulder_roll_rad_ * share, Vec3::UnitZ());
  Vec3 moved = kChest + roll * (p - kChest) + share * shoulder_shift_;
  const float side = smoothstep(0.2F, 1.2F, std::abs(p.x()));
  moved.y() += 0.03F * breath_ * share * (0.35F + 0.65F * side);
  moved.x() *= 1 + 0.006F * breath_ * share;
  moved.z() += 0.02F * breath_ * share;
  return moved;
}

Vec3 HeadTurn::apply(const Vec3& p) const {
  const float weight = neck_weight(p);
  const Vec3 moved = shoulders(p);
  if (weight == 0) return moved;
  if (weight == 1) return apply_head(moved);
  const Eigen::AngleAxisf part(turn_.angle() * weight, turn_.axis());
  return kPivot + part * (moved - kPivot) + weight * shift_;
}

Vec3 HeadTurn::apply_head(const Vec3& p) const {
  return kPivot + rotation_ * (p - kPivot) + shift_;
}

Vec3 HeadTurn::translation() const {
  return kPivot - rotation_ * kPivot + shift_;
}

}  // namespace anima::presenter
