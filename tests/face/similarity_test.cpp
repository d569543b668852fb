#include "face/similarity.h"

#include <gtest/gtest.h>

#include <Eigen/LU>

#include "core/random.h"
#include "face/camera.h"

namespace anima::face {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>;

TEST(SimilarityTest, FindsTheTransformThatMadeThePoints) {
  Random random(1);
  Rows from(30, 3);
  for (int i = 0; i < from.size(); ++i) from.data()[i] = random.normal();
  const Eigen::Matrix3d rotation = rotation_matrix({0.3, -1.2, 0.7});
  const Eigen::Vector3d translation(4, -5, 60);
  Rows to = (2.5 * from * rotation.transpose()).rowwise() + translation.transpose();
  // An outlier without weight must not matter.
  to.row(3).setConstant(1e3);
  Eigen::VectorXd weights = Eigen::VectorXd::Ones(30);
  weights[3] = 0;
  const Similarity s = fit_similarity(from, to, weights);
  EXPECT_NEAR(s.scale, 2.5, 1e-9);
  EXPECT_NEAR((s.rotation - rotation).norm(), 0, 1e-9);
  EXPECT_NEAR((s.translation - translation).norm(), 0, 1e-8);
}

TEST(SimilarityTest, NeverMirrors) {
  Rows from(4, 3), to(4, 3);
  from << 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1;
  to << 0, 0, 0, -1, 0, 0, 0, 1, 0, 0, 0, 1;
  const Similarity s = fit_similarity(from, to, Eigen::VectorXd::Ones(4));
  EXPECT_NEAR(s.rotation.determinant(), 1, 1e-9);
}

}  // namespace
}  // namespace anima::face
