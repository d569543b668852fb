// The similarity transform that best lays one point set on another.
#pragma once

#include <Eigen/Core>

namespace anima::face {

struct Similarity {
  double scale = 1;
  Eigen::Matrix3d rotation = Eigen::Matrix3d::Identity();
  Eigen::Vector3d translation = Eigen::Vector3d::Zero();
};

// Minimises sum_i weights[i] |scale rotation from_i + translation - to_i|^2 (Umeyama,
// "Least-Squares Estimation of Transformation Parameters Between Two Point Patterns", 1991).
// Rows are points; at least three must have weight and not lie on one line.
Similarity fit_similarity(const Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>& from,
                          const Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>& to,
                          const Eigen::VectorXd& weights);

}  // namespace anima::face
