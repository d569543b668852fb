#include "face/face_regions.h"

#include <gtest/gtest.h>

#include "face/canonical_mesh.h"
#include "face/lip_measures.h"

namespace anima::face {
namespace {

TEST(FaceRegionsTest, PartsHoldTheirOwnAndNothingElse) {
  const FaceRegions& r = face_regions();
  for (const int v : kInnerLips) EXPECT_EQ(r.lips[v], 1) << v;
  for (const int v : kOuterLips) EXPECT_EQ(r.lower_face[v], 1) << v;
  for (const int v : {152, 148, 377, 205, 425}) EXPECT_GT(r.lower_face[v], 0.9) << v;  // chin, cheeks
  for (const int v : {70, 105, 107, 336, 334, 300, 10, 151}) {                         // brows, forehead
    EXPECT_GT(r.brows[v], 0.9) << v;
    EXPECT_EQ(r.lower_face[v], 0) << v;
  }
  for (const int v : {159, 145, 160, 153}) EXPECT_GT(r.right_eye[v], 0.9) << v;
  for (const int v : {386, 374, 387, 380}) EXPECT_GT(r.left_eye[v], 0.9) << v;
  for (const int v : {159, 386, 61, 13, 152, 105, 334}) EXPECT_EQ(r.rigid[v], 0) << v;
  for (const int v : {6, 168, 33, 133, 362, 263, 127, 356, 10}) EXPECT_EQ(r.rigid[v], 1) << v;
  EXPECT_GT(r.rigid.sum(), 100);
}

// A mask that drops from 1 to 0 along one edge would tear the skin.
TEST(FaceRegionsTest, MasksAreSmoothOverTheSkin) {
  const FaceRegions& r = face_regions();
  for (const Eigen::VectorXd* mask : {&r.lower_face, &r.brows}) {
    for (const auto& [a, b] : canonical_face().edges) {
      const double length = (canonical_mesh().row(a) - canonical_mesh().row(b)).norm();
      EXPECT_LE(std::abs((*mask)[a] - (*mask)[b]), 1.8 * length) << a << "-" << b;
    }
  }
}

}  // namespace
}  // namespace anima::face
