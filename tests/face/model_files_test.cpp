#include "face/model_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "core/error.h"

namespace anima::face {
namespace {

using ::testing::HasSubstr;

class ModelFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / ("anima_models_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_ / "@mediapipe" / "face_mesh");
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    ::unsetenv("ANIMA_MODELS");
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / "@mediapipe" / "face_mesh" / name, std::ios::binary) << text;
  }
  ErrorCode refusal(ModelFile file) {
    try {
      read_model_file(file, folder_);
    } catch (const Error& error) {
      fix_ = error.fix();
      return error.code();
    }
    ADD_FAILURE() << "was not refused";
    return ErrorCode::kInternal;
  }
  std::filesystem::path folder_;
  std::string fix_;
};

constexpr const char* kLoader = R"(var x = {"other": 1}; load({"files": [
  {"filename": "/a/face_landmark_with_attention.tflite", "start": 0, "end": 3, "audio": 0},
  {"filename": "/a/face_detection_short_range.tflite", "start": 3, "end": 8, "audio": 0}],
  "remote_package_size": 8});)";

TEST_F(ModelFiles, AreCutOutOfThePackedAsset) {
  write("face_mesh_solution_packed_assets_loader.js", kLoader);
  write("face_mesh_solution_packed_assets.data", "abcdefgh");
  const std::vector<std::byte> bytes = read_model_file(ModelFile::kFaceDetector, folder_);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), "defgh");
}

TEST_F(ModelFiles, SayHowToInstallThem) {
  EXPECT_EQ(refusal(ModelFile::kFaceMesh), ErrorCode::kNotReady);
  EXPECT_THAT(fix_, HasSubstr("npm ci"));
  EXPECT_EQ(refusal(ModelFile::kPersonSegmenter), ErrorCode::kNotReady);
  ::setenv("ANIMA_MODELS", "/nonexistent", 1);
  EXPECT_THROW(model_folder(), Error);
  ::setenv("ANIMA_MODELS", folder_.c_str(), 1);
  EXPECT_EQ(model_folder(), folder_);
}

TEST_F(ModelFiles, RefuseDamagedPackages) {
  write("face_mesh_solution_packed_assets.data", "abcdefg");  // one byte short
  write("face_mesh_solution_packed_assets_loader.js", kLoader);
  EXPECT_EQ(refusal(ModelFile::kFaceDetector), ErrorCode::kCorruptData);
  EXPECT_EQ(refusal(ModelFile::kCanonicalMesh), ErrorCode::kCorruptData);  // not in the list
  for (const char* loader :
       {"", "no list", R"("files": [)", R"("files": [{]})", R"("files": [1, {"filename": 2}])",
        R"("files": [{"filename": "face_detection_short_range.tflite", "start": -1, "end": 5}])",
        R"("files": [{"filename": "face_detection_short_range.tflite", "start": 5, "end": 2}])"}) {
    write("face_mesh_solution_packed_assets_loader.js", loader);
    EXPECT_EQ(refusal(ModelFile::kFaceDetector), ErrorCode::kCorruptData) << loader;
  }
}

TEST_F(ModelFiles, AreAllThereWhenInstalled) {
  if (!std::filesystem::exists(std::filesystem::path(ANIMA_SOURCE_DIR) / "node_modules" / "@mediapipe")) {
    GTEST_SKIP() << "the face models are not installed (npm ci)";
  }
  EXPECT_EQ(load_network(ModelFile::kFaceDetector).input_shape()[1], 128);
  EXPECT_EQ(load_network(ModelFile::kFaceMesh).input_shape()[1], 192);
  EXPECT_EQ(load_network(ModelFile::kPersonSegmenter).input_shape()[1], 256);
  EXPECT_EQ(read_model_file(ModelFile::kCanonicalMesh).size(), 19376U);
}

}  // namespace
}  // namespace anima::face
