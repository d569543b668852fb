#include "avatar/frame_variables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "avatar/random_scene.h"
#include "avatar/reference_renderer.h"
#include "core/error.h"
#include "core/random.h"

namespace anima::avatar {
namespace {

FrameState random_state(Random& random) {
  FrameState state;
  for (face::HeadPose* pose : {&state.head, &state.torso}) {
    for (int i = 0; i < 3; ++i) {
      pose->rotation[i] = random.uniform(-0.3, 0.3);
      pose->translation[i] = random.uniform(-1, 1) + (i == 2 ? 62 : 0);
    }
  }
  for (float& w : state.weights) w = static_cast<float>(random.normal());
  return state;
}

LayerGradient random_gradient(Random& random) {
  LayerGradient gradient;
  gradient.weights.resize(face::kModes);
  for (double& w : gradient.weights) w = random.normal();
  for (int i = 0; i < 3; ++i) {
    gradient.rotation[i] = random.normal();
    gradient.translation[i] = random.normal();
  }
  return gradient;
}

void expect_same(const FrameState& a, const FrameState& b) {
  EXPECT_EQ(a.head.rotation, b.head.rotation);
  EXPECT_EQ(a.head.translation, b.head.translation);
  EXPECT_EQ(a.torso.rotation, b.torso.rotation);
  EXPECT_EQ(a.torso.translation, b.torso.translation);
  EXPECT_EQ(a.weights, b.weights);
}

// To the last bit, and not only what was stored: the next steps must be the same ones too.
TEST(FrameVariables, GoOnFromACheckpointAsIfNothingHadHappened) {
  Random random(7, 1);
  FrameVariables unbroken({random_state(random), random_state(random)});
  for (int round = 0; round < 50; ++round) {
    TensorFile file;
    unbroken.save(file, "frames");
    FrameVariables resumed = FrameVariables::load(file, "frames");
    for (int frame = 0; frame < 2; ++frame) {
      expect_same(unbroken.state(frame), resumed.state(frame));
      const LayerGradient head = random_gradient(random), torso = random_gradient(random);
      unbroken.step(frame, head, &torso, FrameRates{}, 0.9F);
      resumed.step(frame, head, &torso, FrameRates{}, 0.9F);
      expect_same(unbroken.state(frame), resumed.state(frame));
    }
  }
}

TEST(FrameVariables, StepAgainstTheGradient) {
  Random random(8, 1);
  const FrameState before = random_state(random);
  FrameVariables variables({before});
  LayerGradient gradient = random_gradient(random);
  variables.step(0, gradient, nullptr, FrameRates{}, 1);
  const FrameState& after = variables.state(0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_LT((after.head.translation[i] - before.head.translation[i]) * gradient.translation[i], 0);
  }
  for (int k = 0; k < face::kModes; ++k) {
    EXPECT_LT((after.weights[k] - before.weights[k]) * gradient.weights[k], 0);
  }
  EXPECT_EQ(after.torso.translation, before.torso.translation);
}

// What a step follows, by central differences over the numbers of a frame. The modes that the head's pose
// drives are held still: that part of the gradient is left out (see frame_variables.h).
class FrameGradient : public ::testing::Test {
 protected:
  void SetUp() override {
    head_ = random_layer(random_, 6, kHeadModes, 0.6, 1.3, true);
    torso_ = random_layer(random_, 4, kTorsoModes, 0.6, 1.3, true);
    for (GaussianLayer* layer : {&head_, &torso_}) {
      for (float& delta : layer->deltas) delta *= 0.2F;  // twenty modes at once must not tear it apart
      for (int i = 0; i < layer->count; ++i) {
        float& logit = layer->plane(kOpacityLogit)[i];
        if (logit != kInvisibleLogit) logit = static_cast<float>(random_.uniform(-1.5, 0.5));
      }
    }
    state_.head = small_pose(random_, 50);
    state_.torso = small_pose(random_, 54);
    for (float& w : state_.weights) w = static_cast<float>(0.5 * random_.normal());
    drivers_.deviation.fill(1e9F);
    canvas_gradient_ = random_canvas_gradient(random_, camera_.width_px, camera_.height_px);
  }

  double loss(const FrameState& state) {
    FrameScene scene;
    scene.set(camera_, drivers_, head_, &torso_, state);
    RenderPass pass;
    renderer_->forward(scene.scene(), pass);
    return inner_product(pass.canvas, canvas_gradient_);
  }
  template <class Change>
  void expect_slope(double analytic, double step, const std::string& what, const Change& change) {
    FrameState up = state_, down = state_;
    change(up, step);
    change(down, -step);
    const double numeric = (loss(up) - loss(down)) / (2 * step);
    EXPECT_NEAR(analytic, numeric, 2e-3 * std::max(1e-1, std::abs(numeric))) << what;
  }

  Random random_{17};
  std::unique_ptr<Renderer> renderer_ = make_reference_renderer();
  const face::Camera camera_{6, 5, 60, 3.1, 2.4};
  GaussianLayer head_, torso_;
  FrameState state_;
  PoseDrivers drivers_;
  CanvasGradient canvas_gradient_;
};

TEST_F(FrameGradient, MatchesCentralDifferences) {
  FrameScene scene;
  scene.set(camera_, drivers_, head_, &torso_, state_);
  RenderPass pass;
  std::vector<LayerGradient> gradient;
  renderer_->forward(scene.scene(), pass);
  renderer_->backward(scene.scene(), pass, canvas_gradient_, gradient);
  for (const int layer : {0, 1}) {
    const auto pose_of = [&](FrameState& state) -> face::HeadPose& {
      return layer == 0 ? state.head : state.torso;
    };
    for (int axis = 0; axis < 3; ++axis) {
      const std::string what = " of layer " + std::to_string(layer) + ", axis " + std::to_string(axis);
      const auto turned = [&](FrameState& state, double step) {
        Eigen::Vector3d by = Eigen::Vector3d::Zero();
        by[axis] = step;
        face::HeadPose& pose = pose_of(state);
        pose.rotation = face::rotation_vector(face::rotation_matrix(by) * pose.matrix());
      };
      const auto moved = [&](FrameState& state, double step) { pose_of(state).translation[axis] += step; };
      expect_slope(gradient[layer].rotation[axis], 1e-3, "rotation" + what, turned);
      expect_slope(gradient[layer].translation[axis], 1e-3, "translation" + what, moved);
    }
  }
  for (int k = 0; k < face::kModes; ++k) {
    expect_slope(gradient[0].weights[k], 4e-3, "weight " + std::to_string(k),
                 [&](FrameState& state, double step) { state.weights[k] += static_cast<float>(step); });
  }
}

TEST(FrameVariables, RefuseAPoseThatIsNoNumber) {
  Random random(9, 1);
  const FrameVariables variables({random_state(random)});
  TensorFile file;
  variables.save(file, "frames");
  std::fill_n(file.tensors.at("frames.poses").bytes.begin(), 8, std::byte{0xFF});
  EXPECT_THROW(FrameVariables::load(file, "frames"), Error);
}

}  // namespace
}  // namespace anima::avatar
