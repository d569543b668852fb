#include "avatar/adam.h"

#include <gtest/gtest.h>

#include "avatar/random_scene.h"
#include "core/threads.h"

namespace anima::avatar {
namespace {

LayerGradient random_gradient(Random& random, const GaussianLayer& layer) {
  LayerGradient g;
  g.base.resize(layer.base.size());
  for (float& v : g.base) v = static_cast<float>(random.normal() * 1e-4);
  return g;
}

TEST(AdamStep, IsTheScalarFormulaForEveryParameter) {
  Random random(3);
  GaussianLayer layer = random_layer(random, 40, 2, 1, -1);
  const GaussianLayer before = layer;
  AdamMoments moments(layer);
  AdamRates rates;
  rates.base.fill(0.01F);
  rates.deltas.fill(0.02F);
  ThreadPool pool(2);
  const std::vector<float> weights_a = {0.5F, -1.0F}, weights_b = {2.0F, 0.25F};
  std::vector<ScalarAdam> base_truth(layer.base.size()), delta_truth(layer.deltas.size());
  GaussianLayer expected = before;
  for (int step = 1; step <= 3; ++step) {
    const LayerGradient a = random_gradient(random, layer), b = random_gradient(random, layer);
    const std::vector<BatchGradient> batch = {{&a, weights_a}, {&b, weights_b}};
    adam_step(layer, moments, batch, rates, {}, pool);
    for (std::size_t i = 0; i < expected.base.size(); ++i) {
      expected.base[i] = base_truth[i].step(expected.base[i], 0.5F * (a.base[i] + b.base[i]), 0.01F, step);
    }
    for (int mode = 0; mode < 2; ++mode) {
      for (int plane = 0; plane < kModalPlanes; ++plane) {
        for (int i = 0; i < layer.modal_count; ++i) {
          const std::size_t from = static_cast<std::size_t>(plane) * layer.count + i;
          const float gradient = 0.5F * (weights_a[mode] * a.base[from] + weights_b[mode] * b.base[from]);
          const std::size_t at =
              (static_cast<std::size_t>(mode) * kModalPlanes + plane) * layer.modal_count + i;
          expected.deltas[at] = delta_truth[at].step(expected.deltas[at], gradient, 0.02F, step);
        }
      }
    }
  }
  for (std::size_t i = 0; i < layer.base.size(); ++i)
    ASSERT_NEAR(layer.base[i], expected.base[i], 2e-5F) << i;
  for (std::size_t i = 0; i < layer.deltas.size(); ++i)
    ASSERT_NEAR(layer.deltas[i], expected.deltas[i], 2e-5F) << i;
  EXPECT_NE(layer.base, before.base);
}

TEST(AdamStep, LeavesScaledOutPositionsAndZeroRatesAlone) {
  Random random(4);
  GaussianLayer layer = random_layer(random, 32, 1, 1, -1, true);
  const GaussianLayer before = layer;
  AdamMoments moments(layer);
  AdamRates rates;
  rates.deltas.fill(0.02F);
  ThreadPool pool(1);
  const LayerGradient g = random_gradient(random, layer);
  const std::vector<float> weights = {1.0F};
  std::vector<float> scale(layer.modal_count, 1.0F);
  scale[5] = 0;
  const std::vector<BatchGradient> batch = {{&g, weights}};
  adam_step(layer, moments, batch, rates, scale, pool);
  EXPECT_EQ(layer.base, before.base);
  EXPECT_EQ(layer.delta(0, kPositionX)[5], before.delta(0, kPositionX)[5]);
  EXPECT_NE(layer.delta(0, kPositionX)[6], before.delta(0, kPositionX)[6]);
  EXPECT_NE(layer.delta(0, kRed)[5], before.delta(0, kRed)[5]);
}

TEST(AdamMoments, RoundTripThroughAFile) {
  Random random(5);
  GaussianLayer layer = random_layer(random, 20, 2, 1, -1);
  AdamMoments moments(layer);
  moments.steps = 12;
  for (float& v : moments.base_first) v = static_cast<float>(random.normal());
  for (float& v : moments.deltas_second) v = static_cast<float>(random.uniform());
  TensorFile file;
  moments.save(file, "m");
  AdamMoments back(layer);
  back.load(decode_tensor_file(encode_tensor_file(file), "test"), "m", layer);
  EXPECT_EQ(back.steps, 12);
  EXPECT_EQ(back.base_first, moments.base_first);
  EXPECT_EQ(back.deltas_second, moments.deltas_second);
}

}  // namespace
}  // namespace anima::avatar
