#include "motion/kernel_regression.h"

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
};

// Inputs that wander; the mouth is a smooth function of what is around the frame.
Data data_of(int frames, std::uint64_t seed) {
  Data data;
  data.rows.resize(2 * frames, kMouthInputs);
  data.rows.setZero();
  Random random(seed);
  double a = 0, b = 0;
  for (int u = 0; u < 2 * frames; ++u) {
    a = 0.85 * a + 0.5 * random.normal();
    b = 0.85 * b + 0.5 * random.normal();
    data.rows(u, 3) = static_cast<float>(a);
    data.rows(u, kPosteriorInputs + 2) = static_cast<float>(b);
    data.rows(u, kMouthInputs - 1) = static_cast<float>(a * 0.5 + 0.1 * random.normal());
  }
  for (int i = 0; i < frames; ++i) {
    MouthWeights w{};
    const auto at = [&](int u, int k) { return data.rows(std::clamp(u, 0, 2 * frames - 1), k); };
    w[0] = std::tanh(at(2 * i, 3) + at(2 * i + 1, 3));
    w[1] = at(2 * i + 6, kPosteriorInputs + 2);
    data.targets.push_back(w);
  }
  data.use.assign(static_cast<std::size_t>(frames), 1);
  return data;
}

double error_of(const KernelRegression& model, const Data& data, int mode) {
  double error = 0, power = 0;
  for (std::size_t i = 12; i + 12 < data.targets.size(); ++i) {
    const MouthWeights w = model.predict(window_at(data.rows, static_cast<int>(i)));
    error += std::pow(w[mode] - data.targets[i][mode], 2);
    power += std::pow(data.targets[i][mode], 2);
  }
  return std::sqrt(error / power);
}

TEST(KernelRegression, LearnsASmoothFunctionOfTheContext) {
  const auto model =
      KernelRegression::fit(data_of(800, 1).rows, data_of(800, 1).targets, data_of(800, 1).use);
  const Data other = data_of(300, 2);
  EXPECT_LT(error_of(model, other, 0), 0.45);
  EXPECT_LT(error_of(model, other, 1), 0.6);
}

TEST(KernelRegression, LeavesOutWhatItIsToldTo) {
  Data data = data_of(400, 1);
  Data spoiled = data;
  for (int i = 100; i < 200; ++i) {
    spoiled.targets[i].fill(1000);
    spoiled.use[i] = data.use[i] = 0;
  }
  const auto a = KernelRegression::fit(data.rows, data.targets, data.use);
  const auto b = KernelRegression::fit(spoiled.rows, spoiled.targets, spoiled.use);
  EXPECT_EQ(a.predict(window_at(data.rows, 50)), b.predict(window_at(data.rows, 50)));
  data.use.assign(data.use.size(), 0);
  EXPECT_THROW(KernelRegression::fit(data.rows, data.targets, data.use), Error);
}

// The formula for what is left out, against fits that really are without it.
TEST(KernelRegression, SaysWhatItWouldHavePredictedOfFramesLeftOut) {
  const Data data = data_of(300, 4);
  KernelRegressionOptions options;
  options.ridge = 0.1F;
  const auto model = KernelRegression::fit(data.rows, data.targets, data.use, options);
  ASSERT_EQ(model.left_out().size(), data.targets.size());
  double difference = 0, error = 0, power = 0;
  Data without = data;
  for (int i = 50; i < 100; ++i) without.use[i] = 0;  // the second of six blocks
  const auto other = KernelRegression::fit(without.rows, without.targets, without.use, options);
  for (int i = 50; i < 100; ++i) {
    ASSERT_TRUE(model.left_out()[i].has_value());
    const float said = (*model.left_out()[i])[0];
    difference += std::pow(said - other.predict(window_at(data.rows, i))[0], 2);
    error += std::pow(said - data.targets[i][0], 2);
    power += std::pow(data.targets[i][0], 2);
  }
  // Not equal: what spans the contexts, and the targets' mean, are still of all frames.
  EXPECT_LT(difference, 0.1 * error);
  EXPECT_GT(error, 0.01 * power);
  options.ridge = 0;
  Data few = data_of(100, 4);
  const auto of_few = KernelRegression::fit(few.rows, few.targets, few.use);
  for (const auto& left_out : of_few.left_out()) EXPECT_FALSE(left_out.has_value());
}

// The ridge that is chosen must do better on other data than the one that it was not chosen over.
TEST(KernelRegression, ChoosesMoreRidgeWhereTargetsAreNoisy) {
  const Data clean = data_of(500, 1);
  Data noisy = clean;
  Random random(5);
  for (MouthWeights& w : noisy.targets) {
    w[0] += static_cast<float>(2 * random.normal());
    w[1] += static_cast<float>(2 * random.normal());
  }
  const auto of_clean = KernelRegression::fit(clean.rows, clean.targets, clean.use);
  const auto of_noisy = KernelRegression::fit(noisy.rows, noisy.targets, noisy.use);
  EXPECT_LT(of_clean.ridge(), of_noisy.ridge());

  KernelRegressionOptions fixed;
  fixed.ridge = KernelRegression::kRidges[0];
  const Data other = data_of(300, 2);
  const auto much = KernelRegression::fit(clean.rows, clean.targets, clean.use, fixed);
  EXPECT_EQ(much.ridge(), fixed.ridge);
  EXPECT_LE(error_of(of_clean, other, 0), error_of(much, other, 0));
}

TEST(KernelRegression, FewFramesGetTheSafeRidge) {
  const Data data = data_of(100, 1);
  EXPECT_EQ(KernelRegression::fit(data.rows, data.targets, data.use).ridge(), KernelRegression::kRidges[0]);
}

TEST(KernelRegression, SurvivesTheFile) {
  const Data data = data_of(200, 1);
  const auto model = KernelRegression::fit(data.rows, data.targets, data.use);
  TensorFile file;
  model.save(file);
  const auto loaded = KernelRegression::load(file);
  const MouthWeights a = model.predict(window_at(data.rows, 77)),
                     b = loaded.predict(window_at(data.rows, 77));
  for (int k = 0; k < face::kMouthModes; ++k)
    EXPECT_NEAR(a[k], b[k], 0.02) << k;  // centres are kept as half floats
  file.tensors.erase("motion.kernel.dual");
  EXPECT_THROW(KernelRegression::load(file), Error);
  model.save(file);
  const float zero = 0;
  file.put("motion.kernel.gamma", {1}, std::span<const float>(&zero, 1));
  EXPECT_THROW(KernelRegression::load(file), Error);
}

}  // namespace
}  // namespace anima::motion
