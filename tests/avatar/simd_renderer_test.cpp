#include "avatar/simd_renderer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "avatar/random_scene.h"
#include "avatar/reference_renderer.h"
#include "avatar/simd_raster.h"
#include "avatar/simd_targets.h"
#include "core/threads.h"

namespace anima::avatar {
namespace {

// Stated bounds. A Gaussian whose alpha lies within rounding of kMinAlpha may be skipped by one
// renderer and drawn by the other, and a block of pixels is finished when less than 1/1024 of
// what lies behind can be seen: single pixels differ by up to 1/255, the mean stays far below.
constexpr double kPictureBound = 1.0 / 255;
constexpr double kMeanPictureBound = 2e-4;
// Of gradients, relative to the size of the whole plane; the same skips show here.
constexpr double kGradientBound = 5e-3;
// Of powers of two, relative (avatar/simd_raster.h).
constexpr double kPowerBound = 3.5e-6;

struct TwoLayers {
  explicit TwoLayers(std::uint64_t seed, int width, int height) {
    Random random(seed);
    head = random_layer(random, 900, 5, 4.0, -1.2);
    torso = random_layer(random, 500, 2, 6.0, -0.8);
    for (int k = 0; k < 5; ++k) head_weights.push_back(static_cast<float>(random.normal()));
    for (int k = 0; k < 2; ++k) torso_weights.push_back(static_cast<float>(random.normal()));
    scene.camera = {width, height, 300, width * 0.52, height * 0.47};
    scene.layers.push_back({&head, small_pose(random, 40), head_weights});
    scene.layers.push_back({&torso, small_pose(random, 44), torso_weights});
    canvas_gradient = random_canvas_gradient(random, width, height);
  }
  GaussianLayer head, torso;
  std::vector<float> head_weights, torso_weights;
  Scene scene;
  CanvasGradient canvas_gradient;
};

double largest_difference(const std::vector<float>& x, const std::vector<float>& y) {
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(x[i]) - y[i]));
  return largest;
}

double mean_difference(const std::vector<float>& x, const std::vector<float>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += std::abs(static_cast<double>(x[i]) - y[i]);
  return sum / static_cast<double>(x.size());
}

TEST(SimdRenderer, DrawsWhatTheReferenceDraws) {
  for (const auto& [width, height] : {std::pair{96, 80}, std::pair{70, 51}}) {
    TwoLayers t(11, width, height);
    RenderPass truth;
    make_reference_renderer()->forward(t.scene, truth);
    with_every_simd_target([&] {
      RenderPass fast;
      make_simd_renderer()->forward(t.scene, fast);
      const Canvas& a = truth.canvas;
      const Canvas& b = fast.canvas;
      for (const auto plane : {&Canvas::red, &Canvas::green, &Canvas::blue, &Canvas::transmittance}) {
        EXPECT_LT(largest_difference(a.*plane, b.*plane), kPictureBound);
        EXPECT_LT(mean_difference(a.*plane, b.*plane), kMeanPictureBound);
      }
    });
    // the scene is no empty one
    EXPECT_LT(*std::min_element(truth.canvas.transmittance.begin(), truth.canvas.transmittance.end()), 0.3F);
  }
}

TEST(SimdRenderer, ThreadsDoNotChangeThePicture) {
  TwoLayers t(12, 96, 80);
  RenderPass one, several;
  ThreadPool pool(3);
  make_simd_renderer()->forward(t.scene, one);
  make_simd_renderer()->forward(t.scene, several, &pool);
  EXPECT_EQ(one.canvas.red, several.canvas.red);
  EXPECT_EQ(one.canvas.transmittance, several.canvas.transmittance);
}

void expect_same_gradients(const Scene& scene, const std::vector<LayerGradient>& expected,
                           const std::vector<LayerGradient>& got) {
  ASSERT_EQ(got.size(), 2U);
  for (int l = 0; l < 2; ++l) {
    const int count = scene.layers[l].layer->count;
    for (int plane = 0; plane < kBasePlanes; ++plane) {
      double difference = 0, size = 0, largest = 0, largest_off = 0;
      for (int i = 0; i < count; ++i) {
        const std::size_t at = static_cast<std::size_t>(plane) * count + i;
        const double off = expected[l].base[at] - static_cast<double>(got[l].base[at]);
        difference += off * off;
        size += static_cast<double>(expected[l].base[at]) * expected[l].base[at];
        largest = std::max(largest, std::abs(static_cast<double>(expected[l].base[at])));
        largest_off = std::max(largest_off, std::abs(off));
      }
      ASSERT_GT(size, 0) << "layer " << l << " plane " << plane;
      EXPECT_LT(std::sqrt(difference / size), kGradientBound) << "layer " << l << " plane " << plane;
      EXPECT_LT(largest_off, 5 * kGradientBound * largest) << "layer " << l << " plane " << plane;
    }
    double scale = 0;
    for (int axis = 0; axis < 3; ++axis) scale = std::max(scale, std::abs(expected[l].rotation[axis]));
    for (int axis = 0; axis < 3; ++axis) {
      EXPECT_NEAR(got[l].rotation[axis], expected[l].rotation[axis], 2e-3 * scale);
    }
    scale = 0;
    for (int axis = 0; axis < 3; ++axis) scale = std::max(scale, std::abs(expected[l].translation[axis]));
    for (int axis = 0; axis < 3; ++axis) {
      EXPECT_NEAR(got[l].translation[axis], expected[l].translation[axis], 2e-3 * scale);
    }
    for (std::size_t k = 0; k < expected[l].weights.size(); ++k) {
      EXPECT_NEAR(got[l].weights[k], expected[l].weights[k],
                  5e-3 * std::max(1.0, std::abs(expected[l].weights[k])));
    }
  }
}

TEST(SimdRenderer, GradientsAreThoseOfTheReference) {
  TwoLayers t(13, 96, 80);
  // keep away from the alpha clamp: its kink makes entries incomparable between precisions
  for (GaussianLayer* layer : {&t.head, &t.torso}) {
    for (int i = 0; i < layer->count; ++i) {
      float& logit = layer->plane(kOpacityLogit)[i];
      if (logit != kInvisibleLogit) logit = std::min(logit, 0.5F);
    }
  }
  RenderPass truth;
  std::vector<LayerGradient> expected;
  make_reference_renderer()->forward(t.scene, truth);
  make_reference_renderer()->backward(t.scene, truth, t.canvas_gradient, expected);
  with_every_simd_target([&] {
    RenderPass fast;
    std::vector<LayerGradient> got;
    make_simd_renderer()->forward(t.scene, fast);
    make_simd_renderer()->backward(t.scene, fast, t.canvas_gradient, got);
    expect_same_gradients(t.scene, expected, got);
  });
}

// Over the whole range, at whole numbers and between them.
TEST(SimdRenderer, PowersOfTwoKeepTheirBound) {
  constexpr int kCount = 1 << 20;
  std::vector<float> x(kCount), power(kCount);
  for (int i = 0; i < kCount; ++i) x[i] = -20.0F * static_cast<float>(i) / (kCount - 1);
  with_every_simd_target([&] {
    exp2_negative(x, power);
    double largest = 0;
    for (int i = 0; i < kCount; ++i) {
      const double truth = std::exp2(static_cast<double>(x[i]));
      largest = std::max(largest, std::abs(power[i] - truth) / truth);
    }
    EXPECT_LT(largest, kPowerBound);
    const std::vector<float> below(8, -1000.0F);
    std::vector<float> least(8);
    exp2_negative(below, least);
    EXPECT_EQ(least[0], std::exp2(-20.0F));
  });
}

TEST(SimdRenderer, GaussiansBehindTheCameraAreNotDrawn) {
  TwoLayers t(14, 64, 64);
  for (PlacedLayer& placed : t.scene.layers) placed.pose.translation.z() = -30;
  RenderPass pass;
  make_simd_renderer()->forward(t.scene, pass);
  EXPECT_EQ(*std::min_element(pass.canvas.transmittance.begin(), pass.canvas.transmittance.end()), 1.0F);
}

}  // namespace
}  // namespace anima::avatar
