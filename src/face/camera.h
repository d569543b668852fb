// The camera and the head's place in front of it.
//
// Axes everywhere: x to the right of the picture, y down, z away from the camera. Pixel (0,0)
// covers [0,1)x[0,1): its centre is (0.5, 0.5). The unit of the head space is the centimetre of
// the canonical face mesh; absolute scale is not observable from one camera and does not matter.
#pragma once

#include <Eigen/Core>

namespace anima::face {

struct Camera {
  int width_px = 512;
  int height_px = 512;
  double focal_px = 1000;   // one per film
  double centre_x_px = 256;
  double centre_y_px = 256;

  Eigen::Vector2d project(const Eigen::Vector3d& p) const {
    return {focal_px * p.x() / p.z() + centre_x_px, focal_px * p.y() / p.z() + centre_y_px};
  }
};

// camera_point = exp([rotation]x) * head_point + translation.
// Zero rotation looks straight into the camera.
struct HeadPose {
  Eigen::Vector3d rotation = Eigen::Vector3d::Zero();     // axis times angle, radians
  Eigen::Vector3d translation = Eigen::Vector3d(0, 0, 60);  // head units

  Eigen::Matrix3d matrix() const;
  Eigen::Vector3d apply(const Eigen::Vector3d& head_point) const { return matrix() * head_point + translation; }
};

// The axis-angle vector of a rotation matrix, and back (Rodrigues).
Eigen::Vector3d rotation_vector(const Eigen::Matrix3d& matrix);
Eigen::Matrix3d rotation_matrix(const Eigen::Vector3d& vector);

}  // namespace anima::face
