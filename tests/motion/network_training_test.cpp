#include "motion/network_training.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/random.h"

namespace anima::motion {
namespace {

struct Data {
  InputMatrix rows;
  std::vector<MouthWeights> targets;
  std::vector<std::uint8_t> use;
  MouthWeights importance;
};

// Mode 0 follows an input at once, mode 1 another one five frames later; mode 2 is noise whose size an
// input tells.
Data data_of(int frames) {
  Data data;
  data.rows.resize(2 * frames, kMouthInputs);
  data.rows.setZero();
  Random random(3);
  double a = 0, b = 0;
  for (int u = 0; u < 2 * frames; ++u) {
    a = 0.9 * a + 0.4 * random.normal();
    b = 0.9 * b + 0.4 * random.normal();
    data.rows(u, 130) = static_cast<float>(a);
    data.rows(u, 135) = static_cast<float>(b);
    data.rows(u, 140) = (u / 100) % 2 == 0 ? 1.0F : -1.0F;
  }
  for (int i = 0; i < frames; ++i) {
    MouthWeights w{};
    w[0] = data.rows(2 * i, 130);
    w[1] = data.rows(std::max(0, 2 * i - 10), 135);
    w[2] = static_cast<float>((data.rows(2 * i, 140) > 0 ? 1.2 : 0.2) * random.normal());
    data.targets.push_back(w);
  }
  data.use.assign(static_cast<std::size_t>(frames), 1);
  data.importance.fill(1);
  return data;
}

MotionNetwork train(const Data& data, NetworkTrainingOptions options) {
  WorkContext context;
  StageProgress progress(context, "training");
  return train_network(data.rows, data.targets, data.use, data.importance, options, progress, 0, 1);
}

NetworkTrainingOptions quick() {
  NetworkTrainingOptions options;
  options.steps = 120;
  options.dropout = 0;
  options.input_dropout = 0;
  options.input_noise = 0.05;
  options.speed_change = 0;
  options.level_change = 0;
  return options;
}

// What the plain evaluator says of the trained parameters: this ties its layout to libtorch's.
TEST(NetworkTraining, LearnsMeanDelayAndUncertainty) {
  const Data data = data_of(400);
  const MotionNetwork network = train(data, quick());
  double error[2] = {}, power[2] = {}, loud = 0, quiet = 0;
  for (int i = 20; i < 380; ++i) {
    const auto output = network.evaluate(window_at(data.rows, i));
    for (int k = 0; k < 2; ++k) {
      error[k] += std::pow(output.mean[k] - data.targets[i][k], 2);
      power[k] += std::pow(data.targets[i][k], 2);
    }
    (data.rows(2 * i, 140) > 0 ? loud : quiet) += output.log_variance[2] / 180;
  }
  EXPECT_LT(error[0], 0.15 * power[0]);
  EXPECT_LT(error[1], 0.3 * power[1]);
  EXPECT_GT(loud, quiet + 0.5);
}

TEST(NetworkTraining, TheSeedDecides) {
  const Data data = data_of(150);
  NetworkTrainingOptions options;
  options.steps = 6;
  const MotionNetwork a = train(data, options), b = train(data, options);
  EXPECT_EQ(a.first_weight, b.first_weight);
  EXPECT_EQ(a.mean_bias, b.mean_bias);
  options.seed = 2;
  EXPECT_NE(a.first_weight, train(data, options).first_weight);
}

TEST(NetworkTraining, NeverLearnsFromFramesThatAreKeptOut) {
  Data data = data_of(150);
  Data spoiled = data;
  for (int i = 50; i < 100; ++i) {
    spoiled.targets[i].fill(100);
    spoiled.use[i] = data.use[i] = 0;
  }
  NetworkTrainingOptions options = quick();
  options.steps = 6;
  EXPECT_EQ(train(data, options).first_weight, train(spoiled, options).first_weight);
}

TEST(NetworkTraining, StopsWhenAsked) {
  const Data data = data_of(150);
  WorkContext context;
  int reports = 0;
  context.progress = [&](const Progress&) {
    if (++reports == 2) context.cancellation.request();
  };
  StageProgress progress(context, "training");
  NetworkTrainingOptions options;
  options.steps = 100000;
  try {
    train_network(data.rows, data.targets, data.use, data.importance, options, progress, 0, 1);
    FAIL() << "it did not stop";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

}  // namespace
}  // namespace anima::motion
