#include "motion/film_motion.h"

namespace anima::motion {

face::HeadPose blend_poses(const face::HeadPose& a, const face::HeadPose& b, double blend) {
  const Eigen::Matrix3d from = face::rotation_matrix(a.rotation);
  const Eigen::Vector3d turn = face::rotation_vector(from.transpose() * face::rotation_matrix(b.rotation));
  face::HeadPose pose;
  pose.rotation = face::rotation_vector(from * face::rotation_matrix(blend * turn));
  pose.translation = (1 - blend) * a.translation + blend * b.translation;
  return pose;
}

}  // namespace anima::motion
