// Where the rigid moves of a pose take a point: head turn with a twisting neck, shoulders, breath.
#pragma once

#include <Eigen/Geometry>

#include "presenter/geometry.h"
#include "presenter/presenter_pose.h"

namespace anima::presenter {

class HeadTurn {
 public:
  explicit HeadTurn(const PresenterPose& pose);

  // 0 in the torso, 1 in the head, smooth along the neck; of a point of the unturned figure.
  static float neck_weight(const Vec3& p);

  Vec3 apply(const Vec3& p) const;       // any point of the unturned figure
  Vec3 apply_head(const Vec3& p) const;  // as if its neck weight were 1: hair, teeth, eyes
  Vec3 rotate_head(const Vec3& direction) const { return rotation_ * direction; }

  // apply_head(p) = rotation() * p + translation()
  const Eigen::Matrix3f& rotation() const { return rotation_; }
  Vec3 translation() const;

 private:
  Vec3 shoulders(const Vec3& p) const;

  Eigen::AngleAxisf turn_;
  Eigen::Matrix3f rotation_;
  Vec3 shift_;
  Vec3 shoulder_shift_;
  float shoulder_roll_rad_;
  float breath_;
};

// Turn to the picture's right, then up, then tilt (the order in which they are undone is the
// reverse): R = Ry(yaw) Rx(-pitch) Rz(-roll).
Eigen::Matrix3f head_rotation(float yaw_deg, float pitch_deg, float roll_deg);

}  // namespace anima::presenter
