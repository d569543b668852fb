#include "avatar/relocation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "avatar/random_scene.h"

namespace anima::avatar {
namespace {

struct OneLongAndDeadOnes {
  OneLongAndDeadOnes() {
    NewGaussian g;
    g.log_scale[0] = std::log(1.0F);
    g.log_scale[1] = g.log_scale[2] = std::log(0.4F);
    g.opacity_logit = 0.5F;
    g.position_deltas = {1, 2, 3};
    layer = build_layer(std::vector{g}, 1);
    moments = AdamMoments(layer);
    moments.base_first.assign(moments.base_first.size(), 1.0F);
    moments.deltas_first.assign(moments.deltas_first.size(), 1.0F);
    unrest = Unrest(layer);
    LayerGradient gradient;
    gradient.base.assign(layer.base.size(), 0.0F);
    gradient.base[0] = 1;
    unrest.add(gradient, layer);
  }
  Canvas draw() const {
    const std::vector<float> weights = {0.0F};
    Scene scene;
    scene.camera = {64, 64, 300, 32, 32};
    scene.layers.push_back({&layer, {Eigen::Vector3d::Zero(), {0, 0, 40}}, weights});
    RenderPass pass;
    make_renderer("reference")->forward(scene, pass);
    return pass.canvas;
  }
  GaussianLayer layer;
  AdamMoments moments;
  Unrest unrest;
};

TEST(Relocate, TwoHalvesLookLikeTheWhole) {
  OneLongAndDeadOnes t;
  const Canvas before = t.draw();
  std::vector<float> scale(t.layer.modal_count, 1.0F);
  scale[0] = 0;
  RelocationOptions options;
  options.share = 0.2;  // of 16: up to 3, but only one lives
  ASSERT_EQ(relocate(t.layer, t.moments, scale, t.unrest, options), 1);
  const Canvas after = t.draw();
  double covered_before = 0, covered_after = 0;
  for (std::size_t i = 0; i < before.transmittance.size(); ++i) {
    covered_before += 1 - before.transmittance[i];
    covered_after += 1 - after.transmittance[i];
  }
  EXPECT_NEAR(covered_after / covered_before, 1.35, 0.25) << "two of 0.8 width, overlapping";
  int living = 0, other = -1;
  for (int i = 0; i < t.layer.count; ++i) {
    if (t.layer.plane(kOpacityLogit)[i] < -3) continue;
    ++living;
    if (i != 0) other = i;
  }
  ASSERT_EQ(living, 2);
  EXPECT_NEAR(t.layer.plane(kPositionX)[0] + t.layer.plane(kPositionX)[other], 0, 1e-6)
      << "apart symmetrically";
  EXPECT_NE(t.layer.plane(kPositionX)[0], t.layer.plane(kPositionX)[other]);
  EXPECT_EQ(t.layer.plane(kPositionY)[0], t.layer.plane(kPositionY)[other]);
  EXPECT_EQ(t.layer.delta(0, kPositionZ)[other], 3);
  EXPECT_EQ(scale[other], 0) << "what is rigid stays rigid";
  EXPECT_EQ(t.moments.base_first[0], 0);
  EXPECT_EQ(t.moments.deltas_first[other], 0);
}

TEST(Relocate, LeavesALayerWithoutDeadOnesAlone) {
  Random random(8);
  GaussianLayer layer = random_layer(random, 32, 1, 2, -1, true);
  AdamMoments moments(layer);
  Unrest unrest(layer);
  const GaussianLayer before = layer;
  std::vector<float> none;
  EXPECT_EQ(relocate(layer, moments, none, unrest, {}), 0);
  EXPECT_EQ(layer.base, before.base);
}

}  // namespace
}  // namespace anima::avatar
