#include "nn/tflite_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.h"
#include "core/files.h"
#include "nn/tflite_network.h"
#include "nn/tflite_writer.h"
#include "support/mutations.h"

namespace anima::nn {
namespace {

using test::TfliteWriter;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ErrorCode refusal_of(const TfliteWriter& file) {
  try {
    read_tflite_model(file.write(), "test");
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("test"));
    return error.code();
  }
  ADD_FAILURE() << "was not refused";
  return ErrorCode::kInternal;
}

TEST(TfliteModel, ReadsWhatWasWritten) {
  const TfliteModel model = read_tflite_model(test::small_network().write(), "test");
  ASSERT_EQ(model.tensors.size(), 7U);
  EXPECT_EQ(model.tensors[0].name, "input");
  EXPECT_THAT(model.tensors[0].shape, ElementsAre(1, 6, 6, 2));
  EXPECT_TRUE(model.tensors[0].data.empty());
  EXPECT_EQ(model.tensors[1].type, TfliteType::kFloat32);
  EXPECT_EQ(model.tensors[1].elements(), 54);
  ASSERT_EQ(model.tensors[2].data.size(), 12U);
  float bias[3];
  std::memcpy(bias, model.tensors[2].data.data(), sizeof(bias));
  EXPECT_THAT(bias, ElementsAre(0.5F, -0.25F, 0.0F));

  ASSERT_EQ(model.operators.size(), 3U);
  EXPECT_EQ(model.operators[0].opcode, TfliteOpcode::kConv2d);
  EXPECT_THAT(model.operators[0].inputs, ElementsAre(0, 1, 2));
  EXPECT_THAT(model.operators[0].outputs, ElementsAre(3));
  EXPECT_TRUE(model.operators[0].options.same_padding);
  EXPECT_EQ(model.operators[0].options.stride_width, 2);
  EXPECT_EQ(model.operators[0].options.dilation_height, 1);
  EXPECT_EQ(name_of(model.operators[1].opcode), "PRELU");
  EXPECT_THAT(model.inputs, ElementsAre(0));
  EXPECT_THAT(model.outputs, ElementsAre(6));
}

TEST(TfliteModel, ConstantsStayValidWhenTheModelIsMoved) {
  TfliteModel first = read_tflite_model(test::small_network().write(), "test");
  const TfliteModel second = std::move(first);
  float bias = 0;
  std::memcpy(&bias, second.tensors[2].data.data(), sizeof(bias));
  EXPECT_EQ(bias, 0.5F);
}

TEST(TfliteModel, RefusesOtherFiles) {
  TfliteWriter file = test::small_network();
  file.identifier = "TFL2";
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.version = 4;
  EXPECT_EQ(refusal_of(file), ErrorCode::kUnsupported);
  file = test::small_network();
  file.subgraphs = 2;
  EXPECT_EQ(refusal_of(file), ErrorCode::kUnsupported);
  EXPECT_THROW(read_tflite_model({}, "empty"), Error);
}

TEST(TfliteModel, RefusesWhatDoesNotFitTogether) {
  TfliteWriter file = test::small_network();
  file.tensors[1].data.pop_back();
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.tensors[0].shape = {1, 6, 0, 2};
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.tensors[0].shape = {1 << 20, 1 << 20, 1 << 20};
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.operators[0].inputs = {0, 1, 99};
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.operators[0].outputs = {-1};
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.operators[0].opcode = 99;
  EXPECT_EQ(refusal_of(file), ErrorCode::kUnsupported);
  file = test::small_network();
  file.operators[0].options = test::conv_options(false, 0);
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.operators[0].options_type = 2;
  EXPECT_EQ(refusal_of(file), ErrorCode::kCorruptData);
  file = test::small_network();
  file.tensors[1].type = 9;
  EXPECT_EQ(refusal_of(file), ErrorCode::kUnsupported);
}

// A damaged file is refused or, where only weights changed, still runs.
void read_and_run(std::span<const std::byte> bytes) {
  const TfliteModel model = read_tflite_model({bytes.begin(), bytes.end()}, "damaged");
  const TfliteNetwork network(model, "damaged");
}

TEST(TfliteModel, SurvivesDamage) {
  const std::vector<std::byte> file = test::small_network().write();
  const int refused = test::expect_survives_mutations(file, 3000, 1, read_and_run);
  EXPECT_GT(refused, 1000);
}

std::filesystem::path package_folder() {
  return std::filesystem::path(ANIMA_SOURCE_DIR) / "node_modules" / "@mediapipe";
}

TEST(TfliteModel, ReadsTheRealSegmenter) {
  const auto path = package_folder() / "selfie_segmentation" / "selfie_segmentation.tflite";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not installed (npm ci)";
  const TfliteModel model = read_tflite_model(read_file(path, 1 << 24), "segmenter");
  EXPECT_EQ(model.operators.size(), 246U);
  EXPECT_THAT(model.tensors[static_cast<std::size_t>(model.inputs.at(0))].shape, ElementsAre(1, 256, 256, 3));
  ASSERT_EQ(model.outputs.size(), 1U);
  EXPECT_THAT(model.tensors[static_cast<std::size_t>(model.outputs[0])].shape, ElementsAre(1, 256, 256, 1));
  const auto custom =
      std::count_if(model.operators.begin(), model.operators.end(),
                    [](const TfliteOperator& o) { return o.opcode == TfliteOpcode::kCustom; });
  EXPECT_EQ(custom, 1);
}

TEST(TfliteModel, SurvivesDamageToARealModel) {
  const auto path = package_folder() / "selfie_segmentation" / "selfie_segmentation.tflite";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not installed (npm ci)";
  const std::vector<std::byte> file = read_file(path, 1 << 24);
  const int refused = test::expect_survives_mutations(file, 150, 2, read_and_run);
  EXPECT_GT(refused, 30);
}

}  // namespace
}  // namespace anima::nn
