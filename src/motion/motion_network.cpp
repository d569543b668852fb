#include "motion/motion_network.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anima::motion {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Map = Eigen::Map<const Matrix>;

// x * Phi(x), with the error function: what torch calls gelu.
void gelu(Matrix& values) {
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    float& x = values.data()[i];
    x = 0.5F * x * (1 + std::erf(x * std::numbers::sqrt2_v<float> / 2));
  }
}

// Time runs along rows, channels along columns. weight: [out][in][taps]. Only where all taps lie
// inside: the output has (rows - (taps - 1) * dilation - 1) / stride + 1 rows.
Matrix convolve(const Matrix& in, const std::vector<float>& weight, const std::vector<float>& bias, int taps,
                int dilation, int stride) {
  const Eigen::Index channels = in.cols();
  const auto out_channels = static_cast<Eigen::Index>(bias.size());
  const Eigen::Index rows = (in.rows() - (taps - 1) * dilation - 1) / stride + 1;
  Matrix out = Eigen::Map<const Eigen::RowVectorXf>(bias.data(), out_channels).replicate(rows, 1);
  for (int tap = 0; tap < taps; ++tap) {
    const Eigen::Map<const Matrix, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> w(
        weight.data() + tap, out_channels, channels,
        Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(channels * taps, taps));
    const Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> x(
        in.data() + tap * dilation * channels, rows, channels, Eigen::OuterStride<>(stride * channels));
    out.noalias() += x * w.transpose();
  }
  return out;
}

struct Part {
  const char* name;
  std::vector<float> MotionNetwork::*values;
  std::vector<std::int64_t> shape;
};

const std::vector<Part>& parts() {
  static const std::vector<Part> list = {
      {"input.weight", &MotionNetwork::input_weight, {kNetworkChannels, kMouthInputs}},
      {"input.bias", &MotionNetwork::input_bias, {kNetworkChannels}},
      {"first.weight", &MotionNetwork::first_weight, {kNetworkChannels, kNetworkChannels, kFirstTaps}},
      {"first.bias", &MotionNetwork::first_bias, {kNetworkChannels}},
      {"mean.weight", &MotionNetwork::mean_weight, {face::kMouthModes, kNetworkChannels}},
      {"mean.bias", &MotionNetwork::mean_bias, {face::kMouthModes}},
      {"log_variance.weight", &MotionNetwork::log_variance_weight, {face::kMouthModes, kNetworkChannels}},
      {"log_variance.bias", &MotionNetwork::log_variance_bias, {face::kMouthModes}},
  };
  return list;
}

const std::array<std::int64_t, 3> kDilatedShape = {kNetworkChannels, kNetworkChannels, 3};
const std::array<std::int64_t, 1> kBiasShape = {kNetworkChannels};

}  // namespace

MotionNetwork::Output MotionNetwork::evaluate(const InputWindow& window) const {
  static_assert(kFirstNetworkRow >= 0 && kFirstNetworkRow + kNetworkRows <= kWindowRows);
  Matrix x = window.middleRows(kFirstNetworkRow, kNetworkRows) *
             Map(input_weight.data(), kNetworkChannels, kMouthInputs).transpose();
  x.rowwise() += Eigen::Map<const Eigen::RowVectorXf>(input_bias.data(), kNetworkChannels);
  x = convolve(x, first_weight, first_bias, kFirstTaps, 1, 2);
  gelu(x);
  for (std::size_t i = 0; i < kDilations.size(); ++i) {
    Matrix y = convolve(x, dilated_weight[i], dilated_bias[i], 3, kDilations[i], 1);
    gelu(y);
    x = Matrix(x.middleRows(kDilations[i], y.rows())) + y;
  }
  const Eigen::VectorXf middle = x.row(0).transpose();
  Output output;
  const Eigen::VectorXf mean = Map(mean_weight.data(), face::kMouthModes, kNetworkChannels) * middle;
  const Eigen::VectorXf log_variance =
      Map(log_variance_weight.data(), face::kMouthModes, kNetworkChannels) * middle;
  for (int k = 0; k < face::kMouthModes; ++k) {
    output.mean[k] = mean[k] + mean_bias[k];
    output.log_variance[k] =
        std::clamp(log_variance[k] + log_variance_bias[k], kLowestLogVariance, kHighestLogVariance);
  }
  return output;
}

void MotionNetwork::save(TensorFile& file, const std::string& prefix) const {
  for (const Part& part : parts()) {
    file.put(prefix + part.name, part.shape, std::span<const float>(this->*part.values), TensorType::kF16);
  }
  for (std::size_t i = 0; i < kDilations.size(); ++i) {
    const std::string name = prefix + "dilated" + std::to_string(i);
    file.put(name + ".weight", {kDilatedShape.begin(), kDilatedShape.end()},
             std::span<const float>(dilated_weight[i]), TensorType::kF16);
    file.put(name + ".bias", {kNetworkChannels}, std::span<const float>(dilated_bias[i]), TensorType::kF16);
  }
}

MotionNetwork MotionNetwork::load(const TensorFile& file, const std::string& prefix) {
  MotionNetwork network;
  for (const Part& part : parts()) network.*part.values = file.floats(prefix + part.name, part.shape);
  for (std::size_t i = 0; i < kDilations.size(); ++i) {
    const std::string name = prefix + "dilated" + std::to_string(i);
    network.dilated_weight[i] = file.floats(name + ".weight", kDilatedShape);
    network.dilated_bias[i] = file.floats(name + ".bias", kBiasShape);
  }
  return network;
}

}  // namespace anima::motion
