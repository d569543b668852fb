#include "face/lip_measures.h"

#include <gtest/gtest.h>

#include <set>

namespace anima::face {
namespace {

TEST(LipMeasuresTest, OpeningIsTheDistanceOfTheInnerLipsInThePicture) {
  Vertices mesh = Vertices::Zero(kLandmarks, 3);
  EXPECT_EQ(lip_opening(mesh), 0);
  mesh.row(14) << 0, 0.6F, 5;  // depth does not open a mouth
  mesh.row(87) << 0, 0.3F, 0;
  EXPECT_NEAR(lip_opening(mesh), 0.3, 1e-6);
  EXPECT_NEAR(signed_lip_gap(mesh), 0.3, 1e-6);
  mesh.row(317) << 0, -0.9F, 0;  // crossed
  EXPECT_NEAR(lip_opening(mesh), 0.6, 1e-6);
  EXPECT_NEAR(signed_lip_gap(mesh), 0, 1e-6);
}

TEST(LipMeasuresTest, ContoursAreTwoRingsOfTheMouth) {
  std::set<int> lips(kInnerLips.begin(), kInnerLips.end());
  lips.insert(kOuterLips.begin(), kOuterLips.end());
  EXPECT_EQ(lips.size(), 40U);
  for (const int v : lips) {
    EXPECT_LT(std::abs(canonical_mesh()(v, 0)), 2.6F) << v;
    EXPECT_NEAR(canonical_mesh()(v, 1), 4.4, 1.5) << v;
  }
}

}  // namespace
}  // namespace anima::face
