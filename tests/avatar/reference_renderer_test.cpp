#include "avatar/reference_renderer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "avatar/random_scene.h"

namespace anima::avatar {
namespace {

// One round Gaussian in front of the camera: the pixel at its centre is known in closed form.
TEST(ReferenceRenderer, DrawsOneGaussianAsItsFormulaSays) {
  NewGaussian g;
  g.opacity_logit = 0;  // opacity 1/2
  g.colour[0] = 0.8F;
  g.log_scale[0] = g.log_scale[1] = g.log_scale[2] = std::log(0.5F);
  GaussianLayer layer = build_layer(std::vector{g}, 0);
  Scene scene;
  scene.camera = {32, 32, 100, 16.5, 16.5};
  scene.layers.push_back({&layer, {Eigen::Vector3d::Zero(), {0, 0, 50}}, {}});
  RenderPass pass;
  make_reference_renderer()->forward(scene, pass);
  // standard deviation on the screen: 0.5 * 100 / 50 = 1 px; centre at pixel (16, 16)
  const double variance = 1.0 + kPixelVariance;
  EXPECT_NEAR(pass.canvas.red[16 * 32 + 16], 0.5 * 0.8, 1e-5);
  EXPECT_NEAR(pass.canvas.red[16 * 32 + 18], 0.5 * std::exp(-2 / variance) * 0.8, 1e-5);
  EXPECT_NEAR(pass.canvas.transmittance[18 * 32 + 16], 1 - 0.5 * std::exp(-2 / variance), 1e-5);
  EXPECT_EQ(pass.canvas.transmittance[0], 1.0F);
}

TEST(ReferenceRenderer, NearerGaussiansHideFartherOnes) {
  NewGaussian near_red, far_blue;
  near_red.position[2] = -5;
  near_red.opacity_logit = far_blue.opacity_logit = 10;
  near_red.log_scale[0] = near_red.log_scale[1] = far_blue.log_scale[0] = far_blue.log_scale[1] = 2;
  near_red.colour[0] = 1;
  near_red.colour[2] = far_blue.colour[0] = 0;
  far_blue.colour[2] = 1;
  GaussianLayer layer = build_layer(std::vector{far_blue, near_red}, 0);
  Scene scene;
  scene.camera = {8, 8, 100, 4, 4};
  scene.layers.push_back({&layer, {Eigen::Vector3d::Zero(), {0, 0, 50}}, {}});
  RenderPass pass;
  make_reference_renderer()->forward(scene, pass);
  EXPECT_GT(pass.canvas.red[4 * 8 + 4], 0.98F);
  EXPECT_LT(pass.canvas.blue[4 * 8 + 4], 0.02F);
}

// Central differences. The picture is so small that every Gaussian covers it above kMinAlpha and
// below kMaxAlpha: the steps of the model at those two bounds have no derivative.
class Gradients : public ::testing::Test {
 protected:
  void SetUp() override {
    layer_ = random_layer(random_, 6, 3, 0.6, 1.3, true);
    for (int i = 0; i < layer_.count; ++i) {
      if (layer_.plane(kOpacityLogit)[i] == kInvisibleLogit) continue;
      layer_.plane(kOpacityLogit)[i] = static_cast<float>(random_.uniform(-1.5, 1.0));
    }
    weights_ = {0.5F, -0.7F, 0.3F};
    scene_.camera = {6, 5, 60, 3.1, 2.4};
    scene_.layers.push_back({&layer_, small_pose(random_, 50), weights_});
    canvas_gradient_ = random_canvas_gradient(random_, 6, 5);
  }
  double loss() {
    RenderPass pass;
    renderer_->forward(scene_, pass);
    return inner_product(pass.canvas, canvas_gradient_);
  }
  std::vector<LayerGradient> analytic() {
    RenderPass pass;
    std::vector<LayerGradient> gradient;
    renderer_->forward(scene_, pass);
    renderer_->backward(scene_, pass, canvas_gradient_, gradient);
    return gradient;
  }
  static void expect_close(double analytic, double numeric, const std::string& what) {
    EXPECT_NEAR(analytic, numeric, 2e-3 * std::max(1e-1, std::abs(numeric))) << what;
  }

  Random random_{7};
  std::unique_ptr<Renderer> renderer_ = make_reference_renderer();
  GaussianLayer layer_;
  std::vector<float> weights_;
  Scene scene_;
  CanvasGradient canvas_gradient_;
};

TEST_F(Gradients, OfEveryAttributeMatchCentralDifferences) {
  const auto gradient = analytic();
  const float step = 4e-3F;
  for (int plane = 0; plane < kBasePlanes; ++plane) {
    for (int i = 0; i < 6; ++i) {
      float& value = layer_.plane(plane)[i];
      const float kept = value;
      value = kept + step;
      const double up = loss();
      const double above = value;
      value = kept - step;
      const double down = loss();
      const double numeric = (up - down) / (above - value);
      value = kept;
      expect_close(gradient[0].base[static_cast<std::size_t>(plane) * layer_.count + i], numeric,
                   "plane " + std::to_string(plane) + ", Gaussian " + std::to_string(i));
    }
  }
}

TEST_F(Gradients, OfWeightsMatchCentralDifferences) {
  const auto gradient = analytic();
  for (int mode = 0; mode < 3; ++mode) {
    const float kept = weights_[mode];
    const float step = 2e-3F;
    weights_[mode] = kept + step;
    const double up = loss();
    weights_[mode] = kept - step;
    const double down = loss();
    weights_[mode] = kept;
    expect_close(gradient[0].weights[mode], (up - down) / (2.0 * step), "mode " + std::to_string(mode));
  }
}

TEST_F(Gradients, OfThePoseMatchCentralDifferences) {
  const auto gradient = analytic();
  const double step = 1e-3;
  const face::HeadPose kept = scene_.layers[0].pose;
  for (int axis = 0; axis < 3; ++axis) {
    Eigen::Vector3d turn = Eigen::Vector3d::Zero();
    turn[axis] = step;
    double sides[2];
    for (int side = 0; side < 2; ++side) {
      scene_.layers[0].pose.rotation =
          face::rotation_vector(face::rotation_matrix(side == 0 ? turn : -turn) * kept.matrix());
      sides[side] = loss();
    }
    scene_.layers[0].pose = kept;
    expect_close(gradient[0].rotation[axis], (sides[0] - sides[1]) / (2 * step), "rotation");
    for (int side = 0; side < 2; ++side) {
      scene_.layers[0].pose.translation[axis] = kept.translation[axis] + (side == 0 ? step : -step);
      sides[side] = loss();
    }
    scene_.layers[0].pose = kept;
    expect_close(gradient[0].translation[axis], (sides[0] - sides[1]) / (2 * step), "translation");
  }
}

}  // namespace
}  // namespace anima::avatar
