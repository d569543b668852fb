#include "evaluate/pose_error.h"

#include <fmt/format.h>

#include <Eigen/LU>
#include <Eigen/SVD>
#include <numbers>

#include "core/error.h"

namespace anima::evaluate {

std::vector<double> rotation_errors_deg(std::span<const face::HeadPose> tracked,
                                        std::span<const face::HeadPose> truth) {
  if (tracked.size() != truth.size() || tracked.empty()) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("head poses of {} and {} frames cannot be compared", tracked.size(), truth.size()),
        "give two lists of equal length, at least one frame");
  }
  Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
  for (std::size_t i = 0; i < tracked.size(); ++i) sum += truth[i].matrix().transpose() * tracked[i].matrix();
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(sum, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Matrix3d sign = Eigen::Matrix3d::Identity();
  sign(2, 2) = (svd.matrixU() * svd.matrixV().transpose()).determinant() < 0 ? -1 : 1;
  const Eigen::Matrix3d constant = svd.matrixU() * sign * svd.matrixV().transpose();

  std::vector<double> errors;
  for (std::size_t i = 0; i < tracked.size(); ++i) {
    const Eigen::Matrix3d rest = (truth[i].matrix() * constant).transpose() * tracked[i].matrix();
    errors.push_back(face::rotation_vector(rest).norm() * 180 / std::numbers::pi);
  }
  return errors;
}

}  // namespace anima::evaluate
