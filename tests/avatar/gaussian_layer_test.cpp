#include "avatar/gaussian_layer.h"

#include <gtest/gtest.h>

#include "avatar/random_scene.h"
#include "core/error.h"

namespace anima::avatar {
namespace {

TEST(GaussianLayer, PutsModalGaussiansFirstAndPadsWithInvisibleOnes) {
  NewGaussian rigid, modal;
  rigid.position[0] = 1;
  modal.position[0] = 2;
  modal.position_deltas = {1, 2, 3, 4, 5, 6};
  const GaussianLayer layer = build_layer(std::vector{rigid, modal, rigid}, 2);
  EXPECT_EQ(layer.modal_count, kLaneBlock);
  EXPECT_EQ(layer.count, 2 * kLaneBlock);
  EXPECT_EQ(layer.plane(kPositionX)[0], 2);
  EXPECT_EQ(layer.plane(kPositionX)[kLaneBlock], 1);
  EXPECT_EQ(layer.plane(kPositionX)[kLaneBlock + 1], 1);
  EXPECT_EQ(layer.delta(1, kPositionY)[0], 5);
  EXPECT_EQ(layer.plane(kOpacityLogit)[1], kInvisibleLogit);
}

TEST(GaussianLayer, RoundTripsInHalfPrecision) {
  Random random(2);
  const GaussianLayer layer = random_layer(random, 50, 3, 5, -1);
  TensorFile file;
  layer.save(file, "layer", TensorType::kF16);
  const GaussianLayer back =
      GaussianLayer::load(decode_tensor_file(encode_tensor_file(file), "test"), "layer");
  ASSERT_EQ(back.count, layer.count);
  ASSERT_EQ(back.modal_count, layer.modal_count);
  ASSERT_EQ(back.modes, 3);
  for (std::size_t i = 0; i < layer.base.size(); ++i) {
    ASSERT_NEAR(back.base[i], layer.base[i], 1e-3F * std::max(1.0F, std::abs(layer.base[i])));
  }
}

TEST(GaussianLayer, RefusesCountsThatDoNotFit) {
  TensorFile file;
  file.put("layer.base", {kBasePlanes, 20}, std::vector<float>(kBasePlanes * 20, 0.0F));
  file.put("layer.deltas", {1, kModalPlanes, 16}, std::vector<float>(kModalPlanes * 16, 0.0F));
  try {
    GaussianLayer::load(file, "layer");
    FAIL() << "20 Gaussians are no multiple of the lane block";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kCorruptData);
  }
}

}  // namespace
}  // namespace anima::avatar
