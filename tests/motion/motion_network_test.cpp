#include "motion/motion_network.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/random.h"

namespace anima::motion {
namespace {

MotionNetwork random_network(std::uint64_t seed) {
  Random random(seed);
  const auto values = [&](int count, double scale) {
    std::vector<float> v(static_cast<std::size_t>(count));
    for (float& x : v) x = static_cast<float>(scale * random.normal());
    return v;
  };
  constexpr int C = kNetworkChannels;
  MotionNetwork n;
  n.input_weight = values(C * kMouthInputs, 0.1);
  n.input_bias = values(C, 0.1);
  n.first_weight = values(C * C * kFirstTaps, 0.06);
  n.first_bias = values(C, 0.1);
  for (int i = 0; i < 3; ++i) {
    n.dilated_weight[i] = values(C * C * 3, 0.07);
    n.dilated_bias[i] = values(C, 0.1);
  }
  n.mean_weight = values(face::kMouthModes * C, 0.1);
  n.mean_bias = values(face::kMouthModes, 0.1);
  n.log_variance_weight = values(face::kMouthModes * C, 0.1);
  n.log_variance_bias = values(face::kMouthModes, 0.1);
  return n;
}

using Grid = std::vector<std::vector<double>>;  // [time][channel]

// The convolution as it is written in a textbook.
Grid reference_convolution(const Grid& in, const std::vector<float>& weight, const std::vector<float>& bias,
                           int taps, int dilation, int stride, bool gelu) {
  Grid out;
  const int channels = static_cast<int>(in[0].size());
  for (int t = 0; t + (taps - 1) * dilation < static_cast<int>(in.size()); t += stride) {
    std::vector<double> row;
    for (std::size_t o = 0; o < bias.size(); ++o) {
      double sum = bias[o];
      for (int c = 0; c < channels; ++c) {
        for (int k = 0; k < taps; ++k) sum += weight[(o * channels + c) * taps + k] * in[t + k * dilation][c];
      }
      row.push_back(gelu ? 0.5 * sum * (1 + std::erf(sum / std::sqrt(2.0))) : sum);
    }
    out.push_back(row);
  }
  return out;
}

TEST(MotionNetwork, EqualsThePlainConvolutions) {
  const MotionNetwork network = random_network(1);
  InputWindow window;
  Random random(9);
  for (Eigen::Index i = 0; i < window.size(); ++i) window.data()[i] = static_cast<float>(random.normal());

  Grid x(kNetworkRows, std::vector<double>(kMouthInputs));
  for (int r = 0; r < kNetworkRows; ++r) {
    for (int k = 0; k < kMouthInputs; ++k) x[r][k] = window(kFirstNetworkRow + r, k);
  }
  x = reference_convolution(x, network.input_weight, network.input_bias, 1, 1, 1, false);
  x = reference_convolution(x, network.first_weight, network.first_bias, kFirstTaps, 1, 2, true);
  ASSERT_EQ(x.size(), static_cast<std::size_t>(kNetworkFrames));
  for (int i = 0; i < 3; ++i) {
    const Grid y = reference_convolution(x, network.dilated_weight[i], network.dilated_bias[i], 3,
                                         kDilations[i], 1, true);
    Grid sum = y;
    for (std::size_t t = 0; t < y.size(); ++t) {
      for (int c = 0; c < kNetworkChannels; ++c) sum[t][c] += x[t + kDilations[i]][c];
    }
    x = sum;
  }
  ASSERT_EQ(x.size(), 1U);
  const Grid mean = reference_convolution(x, network.mean_weight, network.mean_bias, 1, 1, 1, false);
  const Grid log_variance =
      reference_convolution(x, network.log_variance_weight, network.log_variance_bias, 1, 1, 1, false);
  const auto output = network.evaluate(window);
  for (int k = 0; k < face::kMouthModes; ++k) {
    EXPECT_NEAR(output.mean[k], mean[0][k], 1e-4);
    EXPECT_NEAR(output.log_variance[k], std::clamp(log_variance[0][k], -5.0, 3.0), 1e-4);
  }
}

TEST(MotionNetwork, SurvivesTheFileAndRefusesOtherShapes) {
  const MotionNetwork network = random_network(2);
  TensorFile file;
  network.save(file, "n.");
  const MotionNetwork loaded = MotionNetwork::load(file, "n.");
  InputWindow window = InputWindow::Constant(0.3F);
  for (int k = 0; k < face::kMouthModes; ++k) {
    EXPECT_NEAR(loaded.evaluate(window).mean[k], network.evaluate(window).mean[k], 0.02);
  }
  const std::vector<float> small(10);
  file.put("n.first.bias", {10}, std::span<const float>(small));
  EXPECT_THROW(MotionNetwork::load(file, "n."), Error);
  file.tensors.erase("n.first.bias");
  EXPECT_THROW(MotionNetwork::load(file, "n."), Error);
}

}  // namespace
}  // namespace anima::motion
