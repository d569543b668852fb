#include "face/expression_basis.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/random.h"

namespace anima::face {
namespace {

ExpressionBasis random_basis() {
  Random random(9);
  ExpressionBasis basis;
  const auto fill = [&](Vertices& v) {
    v.resize(kLandmarks, 3);
    for (int i = 0; i < v.size(); ++i) v.data()[i] = static_cast<float>(random.normal());
  };
  fill(basis.neutral);
  for (Vertices& mode : basis.modes) fill(mode);
  for (float& r : basis.rest) r = static_cast<float>(random.normal());
  return basis;
}

TEST(ExpressionBasisTest, MeshIsNeutralPlusWeightedModes) {
  const ExpressionBasis basis = random_basis();
  EXPECT_EQ(basis.mesh({}), basis.neutral);
  Weights w{};
  w[3] = 2;
  w[19] = -0.5F;
  EXPECT_NEAR((basis.mesh(w) - (basis.neutral + 2 * basis.modes[3] - 0.5F * basis.modes[19])).norm(), 0,
              1e-4);
}

TEST(ExpressionBasisTest, SurvivesAFile) {
  const ExpressionBasis basis = random_basis();
  TensorFile file;
  basis.save(file);
  const ExpressionBasis again = ExpressionBasis::load(decode_tensor_file(encode_tensor_file(file), "test"));
  EXPECT_EQ(again.neutral, basis.neutral);
  for (int k = 0; k < kModes; ++k) EXPECT_EQ(again.modes[k], basis.modes[k]);
  EXPECT_EQ(again.rest, basis.rest);
}

TEST(ExpressionBasisTest, RefusesWhatIsNoFace) {
  TensorFile file;
  random_basis().save(file);
  TensorFile missing = file;
  missing.tensors.erase("face.modes");
  EXPECT_THROW(ExpressionBasis::load(missing), Error);

  TensorFile wrong = file;
  wrong.put("face.neutral", {3, kLandmarks}, std::vector<float>(3 * kLandmarks, 0.0F));
  EXPECT_THROW(ExpressionBasis::load(wrong), Error);

  TensorFile huge = file;
  huge.put("face.rest", {kModes}, std::vector<float>(kModes, 1e30F));
  EXPECT_THROW(ExpressionBasis::load(huge), Error);
}

}  // namespace
}  // namespace anima::face
