#include "avatar/frame_variables.h"

#include <gtest/gtest.h>

#include <algorithm>

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
