#include "face/pose_refinement.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "face/reprojection.h"

namespace anima::face {
namespace {

constexpr int kFree = kMouthModes + kBrowModes;  // weights solved with the pose
constexpr int kUnknowns = 6 + kFree;

Eigen::Vector2d seen_at(const FaceObservation& frame, int vertex) {
  return frame.points.row(vertex).head<2>().cast<double>().transpose();
}

}  // namespace

Eigen::VectorXd vertex_noise_px(const std::vector<FaceObservation>& observations, const Camera& camera,
                                const std::vector<HeadPose>& poses, const ExpressionBasis& basis,
                                const std::vector<Weights>& weights, int last) {
  std::vector<std::vector<double>> squares(kMeshVertices);
  for (int t = 0; t < last; ++t) {
    if (!observations[t].found) continue;
    const Vertices mesh = basis.mesh(weights[t]);
    const Eigen::Matrix3d rotation = poses[t].matrix();
    for (int v = 0; v < kMeshVertices; ++v) {
      const Eigen::Vector3d p = rotation * mesh.row(v).cast<double>().transpose() + poses[t].translation;
      squares[v].push_back((camera.project(p) - seen_at(observations[t], v)).squaredNorm());
    }
  }
  Eigen::VectorXd noise = Eigen::VectorXd::Ones(kMeshVertices);
  for (int v = 0; v < kMeshVertices; ++v) {
    if (squares[v].empty()) continue;
    const auto middle = squares[v].begin() + static_cast<long>(squares[v].size() / 2);
    std::nth_element(squares[v].begin(), middle, squares[v].end());
    // The median of a squared length of two normal coordinates is 2 ln 2 times their variance.
    noise[v] = std::max(0.05, std::sqrt(*middle / 1.3862943611198906));
  }
  return noise;
}

HeadPose refine_pose(const FaceObservation& seen, const Camera& camera, const HeadPose& pose,
                     const ExpressionBasis& basis, const Weights& weights, const Eigen::VectorXd& noise_px,
                     const PoseRefinementOptions& options) {
  using Normal = Eigen::Matrix<double, kUnknowns, kUnknowns>;
  using Vector = Eigen::Matrix<double, kUnknowns, 1>;
  const double share = options.effective_landmarks / kMeshVertices;
  Placement placement{pose.matrix(), pose.translation};
  Weights w = weights;
  for (int iteration = 0; iteration < 6; ++iteration) {
    const Vertices mesh = basis.mesh(w);
    Normal a = Normal::Zero();
    Vector g = Vector::Zero();
    a.diagonal().tail<kFree>().setOnes();
    for (int k = 0; k < kFree; ++k) g[6 + k] = w[k];
    for (int v = 0; v < kMeshVertices; ++v) {
      const Reprojection r = reproject(camera, placement, mesh.row(v).cast<double>().transpose());
      const Eigen::Vector2d e = r.pixel - seen_at(seen, v);
      const double deviations = e.norm() / noise_px[v];
      const double huber = deviations <= options.huber ? 1.0 : options.huber / deviations;
      const double information = share * huber / (noise_px[v] * noise_px[v]);
      Eigen::Matrix<double, 2, kUnknowns> j;
      j.leftCols<6>() = r.by_pose;
      for (int k = 0; k < kFree; ++k) {
        j.col(6 + k).noalias() = r.by_point * basis.modes[k].row(v).cast<double>().transpose();
      }
      a.noalias() += information * j.transpose() * j;
      g.noalias() += information * j.transpose() * e;
    }
    const Vector delta = a.llt().solve(-g);
    if (!delta.allFinite()) return pose;
    placement.step(delta.head<6>());
    for (int k = 0; k < kFree; ++k) w[k] += static_cast<float>(delta[6 + k]);
    if (delta.head<3>().norm() < 1e-5 && delta.segment<3>(3).norm() < 1e-4) break;
  }
  if (!(placement.translation.z() > 0)) return pose;
  return {rotation_vector(placement.rotation), placement.translation};
}

}  // namespace anima::face
