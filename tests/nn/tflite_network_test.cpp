#include "nn/tflite_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <thread>

#include "core/error.h"
#include "core/random.h"
#include "nn/tflite_writer.h"

namespace anima::nn {
namespace {

using test::FlatWriter;
using test::TfliteWriter;
using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::FloatNear;
using ::testing::Pointwise;

TfliteNetwork load(const TfliteWriter& file) {
  return TfliteNetwork(read_tflite_model(file.write(), "test"), "test");
}

std::vector<float> run(const TfliteWriter& file, const std::vector<float>& input) {
  return load(file).run(input).at(0).values;
}

std::vector<float> random_values(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.uniform(-1, 1));
  return values;
}

// A network of one operator from one input tensor.
TfliteWriter one(int opcode, const std::vector<int>& in, const std::vector<int>& out, int options_type = 0,
                 const FlatWriter::Fields& options = {}) {
  TfliteWriter file;
  const int input = file.add("input", in);
  const int output = file.add("output", out);
  file.outputs = {output};
  file.operators.push_back({opcode, {input}, {output}, options_type, options, "", {}});
  return file;
}

// The plain definition of a TFLite convolution, per output value. `weight` is output, row,
// column, input for CONV_2D, and row, column, channel for DEPTHWISE_CONV_2D.
struct ConvolutionCase {
  int height, width, inputs, outputs, window, stride;
  bool valid;
  bool depthwise;
};

int windowed(int size, int window, int stride, bool valid) {
  return valid ? (size - window) / stride + 1 : (size + stride - 1) / stride;
}

std::vector<float> plain_convolution(const ConvolutionCase& c, const std::vector<float>& image,
                                     const std::vector<float>& weight, const std::vector<float>& bias) {
  const int rows = windowed(c.height, c.window, c.stride, c.valid);
  const int columns = windowed(c.width, c.window, c.stride, c.valid);
  const int pad_y = c.valid ? 0 : std::max((rows - 1) * c.stride + c.window - c.height, 0) / 2;
  const int pad_x = c.valid ? 0 : std::max((columns - 1) * c.stride + c.window - c.width, 0) / 2;
  std::vector<float> result;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      for (int o = 0; o < c.outputs; ++o) {
        double sum = bias[static_cast<std::size_t>(o)];
        for (int ky = 0; ky < c.window; ++ky) {
          for (int kx = 0; kx < c.window; ++kx) {
            const int in_y = y * c.stride + ky - pad_y;
            const int in_x = x * c.stride + kx - pad_x;
            if (in_y < 0 || in_y >= c.height || in_x < 0 || in_x >= c.width) continue;
            for (int i = 0; i < c.inputs; ++i) {
              if (c.depthwise && i != o) continue;
              const int at = c.depthwise ? (ky * c.window + kx) * c.inputs + i
                                         : ((o * c.window + ky) * c.window + kx) * c.inputs + i;
              sum += static_cast<double>(weight[static_cast<std::size_t>(at)]) *
                     image[static_cast<std::size_t>((in_y * c.width + in_x) * c.inputs + i)];
            }
          }
        }
        result.push_back(static_cast<float>(sum));
      }
    }
  }
  return result;
}

class Convolution : public ::testing::TestWithParam<ConvolutionCase> {};

TEST_P(Convolution, EqualsItsDefinition) {
  const ConvolutionCase c = GetParam();
  const auto image = random_values(static_cast<std::size_t>(c.height * c.width * c.inputs), 1);
  const int per_output = c.window * c.window * (c.depthwise ? 1 : c.inputs);
  const auto weight = random_values(static_cast<std::size_t>(per_output * c.outputs), 2);
  const auto bias = random_values(static_cast<std::size_t>(c.outputs), 3);
  const std::vector<int> out = {1, windowed(c.height, c.window, c.stride, c.valid),
                                windowed(c.width, c.window, c.stride, c.valid), c.outputs};
  TfliteWriter file =
      one(c.depthwise ? 4 : 3, {1, c.height, c.width, c.inputs}, out, c.depthwise ? 2 : 1,
          c.depthwise ? test::depthwise_options(c.valid, c.stride) : test::conv_options(c.valid, c.stride));
  const std::vector<int> shape = c.depthwise ? std::vector<int>{1, c.window, c.window, c.outputs}
                                             : std::vector<int>{c.outputs, c.window, c.window, c.inputs};
  file.operators[0].inputs = {0, file.floats("weight", shape, weight),
                              file.floats("bias", {c.outputs}, bias)};
  EXPECT_THAT(run(file, image), Pointwise(FloatNear(2e-5F), plain_convolution(c, image, weight, bias)));
}

INSTANTIATE_TEST_SUITE_P(All, Convolution,
                         ::testing::Values(ConvolutionCase{8, 8, 3, 5, 3, 1, false, false},
                                           ConvolutionCase{8, 8, 3, 5, 3, 2, false,
                                                           false},  // pads one side only
                                           ConvolutionCase{7, 9, 4, 2, 5, 2, false, false},
                                           ConvolutionCase{7, 9, 4, 2, 3, 2, true, false},
                                           ConvolutionCase{6, 6, 16, 24, 1, 1, true, false},
                                           ConvolutionCase{8, 6, 5, 5, 3, 1, false, true},
                                           ConvolutionCase{8, 8, 16, 16, 3, 2, false, true},
                                           ConvolutionCase{9, 9, 8, 8, 3, 3, true, true}));

TEST(TfliteNetwork, UnderstandsFloat16Weights) {
  TfliteWriter file;
  const int input = file.add("input", {1, 1, 1, 2});
  // 1.5, -2, 0.5, 4 as float16.
  const int half =
      file.add("half", {2, 1, 1, 2}, std::vector<std::uint16_t>{0x3E00, 0xC000, 0x3800, 0x4400}, 1);
  const int weight = file.add("weight", {2, 1, 1, 2});
  const int output = file.add("output", {1, 1, 1, 2});
  file.operators.push_back({6, {half}, {weight}, 0, {}, "", {}});
  file.operators.push_back({3, {input, weight, -1}, {output}, 1, test::conv_options(true, 1), "", {}});
  EXPECT_THAT(run(file, {10, 1}), ElementsAre(13, 9));
}

TEST(TfliteNetwork, FusesActivations) {
  for (const auto& [activation, expected] :
       std::vector<std::pair<int, std::vector<float>>>{{0, {-9, -0.5F, 0.5F, 9}},
                                                       {1, {0, 0, 0.5F, 9}},
                                                       {2, {-1, -0.5F, 0.5F, 1}},
                                                       {3, {0, 0, 0.5F, 6}}}) {
    TfliteWriter file =
        one(0, {1, 4}, {1, 4}, 11, {{0, FlatWriter::scalar(static_cast<std::int8_t>(activation))}});
    file.operators[0].inputs = {0, file.floats("zero", {1}, {0})};
    EXPECT_EQ(run(file, {-9, -0.5F, 0.5F, 9}), expected);
  }
}

TEST(TfliteNetwork, ElementwiseOperatorsEqualTheirFormulas) {
  const std::vector<float> x = {-5, -3, -1, -0.25F, 0, 0.25F, 1, 5};
  const auto formula = [&](const std::function<float(float)>& f) {
    std::vector<float> values;
    for (const float value : x) values.push_back(f(value));
    return values;
  };
  EXPECT_EQ(run(one(19, {1, 8}, {1, 8}), x), formula([](float v) { return std::max(v, 0.0F); }));
  EXPECT_THAT(run(one(14, {1, 8}, {1, 8}), x),
              Pointwise(FloatNear(1e-6F), formula([](float v) { return 1 / (1 + std::exp(-v)); })));
  EXPECT_THAT(
      run(one(117, {1, 8}, {1, 8}), x),
      Pointwise(FloatNear(1e-6F), formula([](float v) { return v * std::clamp(v + 3, 0.0F, 6.0F) / 6; })));
}

TEST(TfliteNetwork, MultipliesByChannel) {
  TfliteWriter file = one(18, {1, 2, 1, 2}, {1, 2, 1, 2}, 21);
  file.operators[0].inputs = {0, file.floats("factor", {1, 1, 1, 2}, {2, -1})};
  EXPECT_THAT(run(file, {1, 2, 3, 4}), ElementsAre(2, -2, 6, -4));
}

TEST(TfliteNetwork, PoolsWindows) {
  const std::vector<float> image = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  EXPECT_THAT(run(one(17, {1, 4, 4, 1}, {1, 2, 2, 1}, 5, test::pool_options(false, 2, 2)), image),
              ElementsAre(6, 8, 14, 16));
  EXPECT_THAT(run(one(1, {1, 4, 4, 1}, {1, 2, 2, 1}, 5, test::pool_options(true, 2, 2)), image),
              ElementsAre(3.5F, 5.5F, 11.5F, 13.5F));
  EXPECT_THAT(run(one(1, {1, 4, 4, 1}, {1, 1, 1, 1}, 5, test::pool_options(true, 4, 4)), image),
              ElementsAre(8.5F));
  // An odd side: the last window reaches over the edge, where nothing counts.
  EXPECT_THAT(run(one(17, {1, 3, 3, 1}, {1, 2, 2, 1}, 5, test::pool_options(false, 2, 2)),
                  {-1, -2, -3, -4, -5, -6, -7, -8, -9}),
              ElementsAre(-1, -3, -7, -9));
}

TEST(TfliteNetwork, PadsChannels) {
  TfliteWriter file = one(34, {1, 1, 2, 2}, {1, 1, 2, 3});
  file.operators[0].inputs = {0, file.integers("amounts", {4, 2}, {0, 0, 0, 0, 0, 0, 0, 1})};
  EXPECT_THAT(run(file, {1, 2, 3, 4}), ElementsAre(1, 2, 0, 3, 4, 0));
}

TEST(TfliteNetwork, ReshapesInTheFilesOrder) {
  TfliteWriter file = one(22, {1, 2, 2, 3}, {4, 3}, 17);
  const std::vector<float> values = random_values(12, 4);
  EXPECT_EQ(run(file, values), values);
}

TEST(TfliteNetwork, ConcatenatesAlongAnAxis) {
  TfliteWriter file = one(2, {1, 2, 2}, {1, 2, 3}, 10, {{0, FlatWriter::scalar(2)}});
  file.operators[0].inputs = {0, file.floats("more", {1, 2, 1}, {8, 9})};
  EXPECT_THAT(run(file, {1, 2, 3, 4}), ElementsAre(1, 2, 8, 3, 4, 9));
}

TEST(TfliteNetwork, SlicesWithStrides) {
  TfliteWriter file = one(45, {1, 6}, {1, 2}, 32, {{1, FlatWriter::scalar(std::uint32_t{1})}});
  file.operators[0].inputs = {0, file.integers("begin", {2}, {0, 1}), file.integers("end", {2}, {0, 5}),
                              file.integers("stride", {2}, {1, 2})};
  EXPECT_THAT(run(file, {0, 1, 2, 3, 4, 5}), ElementsAre(1, 3));
}

TEST(TfliteNetwork, ResizesBetweenPixelCentres) {
  const FlatWriter::Fields half_pixel = {{3, FlatWriter::scalar(std::uint8_t{1})}};
  TfliteWriter file = one(23, {1, 1, 2, 1}, {1, 1, 4, 1}, 15, half_pixel);
  file.operators[0].inputs = {0, file.integers("size", {2}, {1, 4})};
  EXPECT_THAT(run(file, {0, 4}), Pointwise(FloatEq(), std::vector<float>{0, 1, 3, 4}));
}

TEST(TfliteNetwork, SpreadsPixelsInTransposedConvolutions) {
  TfliteWriter file = one(32, {1, 1, 2, 2}, {1, 2, 4, 1});
  // output, row, column, input
  file.operators[0].inputs = {0, file.floats("weight", {1, 2, 2, 2}, {1, 10, 2, 20, 3, 30, 4, 40}),
                              file.floats("bias", {1}, {0.5F})};
  file.operators[0].custom_name = "Convolution2DTransposeBias";
  const std::int32_t options[3] = {1, 2, 2};
  file.operators[0].custom_options.resize(sizeof(options));
  std::memcpy(file.operators[0].custom_options.data(), options, sizeof(options));
  EXPECT_THAT(run(file, {1, 0, 0, 1}), ElementsAre(1.5F, 2.5F, 10.5F, 20.5F, 3.5F, 4.5F, 30.5F, 40.5F));
}

// PRELU and ADD work in place where they may: here the first one may not.
TEST(TfliteNetwork, KeepsValuesThatAreStillNeeded) {
  const TfliteWriter file = test::small_network();
  const std::vector<float> input = random_values(72, 5);
  TfliteWriter features = file;
  features.tensors.resize(4);
  features.operators.resize(1);
  const std::vector<float> before = run(features, input);
  const std::vector<float> slopes = {0.1F, 0.2F, 0.3F};
  std::vector<float> expected;
  for (std::size_t i = 0; i < before.size(); ++i) {
    expected.push_back(before[i] + (before[i] > 0 ? before[i] : slopes[i % 3] * before[i]));
  }
  EXPECT_THAT(run(file, input), Pointwise(FloatNear(1e-6F), expected));
}

TEST(TfliteNetwork, LeavesItsInputAlone) {
  TfliteWriter file = one(19, {1, 4}, {1, 4});
  const std::vector<float> input = {-1, 2, -3, 4};
  EXPECT_THAT(run(file, input), ElementsAre(0, 2, 0, 4));
  EXPECT_THAT(input, ElementsAre(-1, 2, -3, 4));
}

TEST(TfliteNetwork, RunsOnSeveralThreadsAtOnce) {
  const TfliteNetwork network = load(test::small_network());
  std::vector<std::vector<float>> inputs, expected;
  for (std::uint64_t i = 0; i < 4; ++i) {
    inputs.push_back(random_values(72, 10 + i));
    expected.push_back(network.run(inputs.back())[0].values);
  }
  std::vector<int> different(4, 0);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 200; ++k) different[i] += network.run(inputs[i])[0].values != expected[i];
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(different, ElementsAre(0, 0, 0, 0));
}

TEST(TfliteNetwork, NamesItsOutputs) {
  const auto outputs = load(test::small_network()).run(random_values(72, 6));
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0].name, "sum");
  EXPECT_THAT(outputs[0].shape, ElementsAre(1, 3, 3, 3));
  EXPECT_EQ(output_named(outputs, "sum", 27).size(), 27U);
  EXPECT_THROW(output_named(outputs, "sum", 28), Error);
  EXPECT_THROW(output_named(outputs, "other", 27), Error);
}

TEST(TfliteNetwork, RefusesAnInputOfTheWrongSize) {
  const TfliteNetwork network = load(test::small_network());
  try {
    network.run(std::vector<float>(71));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
  }
}

ErrorCode refusal_of(const TfliteWriter& file) {
  try {
    load(file);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "was not refused";
  return ErrorCode::kInternal;
}

TEST(TfliteNetwork, RefusesPartsThatDoNotFit) {
  TfliteWriter file = test::small_network();
  file.tensors[3].shape = {1, 3, 3, 4};  // not what the convolution gives
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  std::swap(file.operators[0], file.operators[1]);  // used before it is computed
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.operators[0].outputs = {0};
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.operators[0].inputs = {0};
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.operators[1].opcode = 32;
  file.operators[1].custom_name = "Unheard";
  EXPECT_EQ(refusal_of(file), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace anima::nn
