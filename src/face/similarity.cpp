#include "face/similarity.h"

#include <Eigen/LU>
#include <Eigen/SVD>

namespace anima::face {

Similarity fit_similarity(const Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>& from,
                          const Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>& to,
                          const Eigen::VectorXd& weights) {
  const double total = weights.sum();
  const Eigen::RowVector3d from_mean = (weights.transpose() * from) / total;
  const Eigen::RowVector3d to_mean = (weights.transpose() * to) / total;
  const Eigen::MatrixX3d a = from.rowwise() - from_mean;
  const Eigen::MatrixX3d b = to.rowwise() - to_mean;
  const Eigen::Matrix3d covariance = b.transpose() * weights.asDiagonal() * a;
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(covariance, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Vector3d signs(1, 1, 1);
  if ((svd.matrixU() * svd.matrixV().transpose()).determinant() < 0) signs.z() = -1;

  Similarity s;
  s.rotation = svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
  s.scale = svd.singularValues().dot(signs) / (weights.asDiagonal() * a.cwiseAbs2()).sum();
  s.translation = to_mean.transpose() - s.scale * s.rotation * from_mean.transpose();
  return s;
}

}  // namespace anima::face
