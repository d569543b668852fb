#include "face/camera.h"

#include <Eigen/Geometry>
#include <cmath>

namespace anima::face {

Eigen::Matrix3d HeadPose::matrix() const {
  return rotation_matrix(rotation);
}

Eigen::Vector3d rotation_vector(const Eigen::Matrix3d& matrix) {
  // Through the quaternion: unlike the trace formula it keeps its digits near zero and near pi.
  Eigen::Quaterniond q(matrix);
  q.normalize();
  if (q.w() < 0) q.coeffs() = -q.coeffs();
  const double sine = q.vec().norm();
  if (sine < 1e-12) return 2.0 * q.vec();
  return q.vec() * (2.0 * std::atan2(sine, q.w()) / sine);
}

Eigen::Matrix3d rotation_matrix(const Eigen::Vector3d& vector) {
  const double angle = vector.norm();
  const double half = 0.5 * angle;
  // sin(angle/2)/angle, by its series where the quotient loses digits.
  const double scale = angle < 1e-6 ? 0.5 - angle * angle / 48.0 : std::sin(half) / angle;
  const Eigen::Vector3d v = vector * scale;
  return Eigen::Quaterniond(std::cos(half), v.x(), v.y(), v.z()).normalized().toRotationMatrix();
}

}  // namespace anima::face
