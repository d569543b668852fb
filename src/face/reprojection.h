// Where a head point appears in the picture, with all its derivatives side by side.
#pragma once

#include <Eigen/Core>

#include "face/camera.h"

namespace anima::face {

// A head pose as a matrix: what solvers work on, since a matrix has no jumps.
struct Placement {
  Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
  Eigen::Vector3d translation = Eigen::Vector3d(0, 0, 60);

  // Applies a step of Reprojection::by_pose's parameters.
  void step(const Eigen::Matrix<double, 6, 1>& delta) {
    rotation = rotation_matrix(delta.head<3>()) * rotation;
    translation += delta.tail<3>();
  }
};

struct Reprojection {
  Eigen::Vector2d pixel;  // x, y
  // d pixel / d (rotation, translation): the rotation is a small one applied from the left,
  // R <- exp([delta]x) R, so that the derivative needs no derivative of the axis-angle map.
  Eigen::Matrix<double, 2, 6> by_pose;
  Eigen::Matrix<double, 2, 3> by_point;  // d pixel / d head point
  Eigen::Vector2d by_focal;              // d pixel / d focal_px
};

// p = R s + t;  pixel = f (p.x/p.z, p.y/p.z) + c
//   d pixel/d p       = J = f/p.z [1 0 -p.x/p.z; 0 1 -p.y/p.z]
//   d p/d rotation    = -[R s]x     d p/d translation = I     d p/d s = R
// A point at or behind the camera (p.z <= 0) has no picture: the caller keeps heads in front.
inline Reprojection reproject(const Camera& camera, const Placement& placement,
                              const Eigen::Vector3d& head_point) {
  const Eigen::Vector3d turned = placement.rotation * head_point;
  const Eigen::Vector3d p = turned + placement.translation;
  const double inverse_z = 1.0 / p.z();
  const double a = camera.focal_px * inverse_z;
  const double u = p.x() * inverse_z, v = p.y() * inverse_z;

  Reprojection r;
  r.pixel = {camera.focal_px * u + camera.centre_x_px, camera.focal_px * v + camera.centre_y_px};
  Eigen::Matrix<double, 2, 3> j;
  j << a, 0, -a * u, 0, a, -a * v;
  Eigen::Matrix3d minus_cross;
  minus_cross << 0, turned.z(), -turned.y(), -turned.z(), 0, turned.x(), turned.y(), -turned.x(), 0;
  r.by_pose.leftCols<3>().noalias() = j * minus_cross;
  r.by_pose.rightCols<3>() = j;
  r.by_point.noalias() = j * placement.rotation;
  r.by_focal = {u, v};
  return r;
}

}  // namespace anima::face
