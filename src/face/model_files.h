// Where the face models come from: two npm packages, pinned by package-lock.json.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "nn/tflite_network.h"

namespace anima::face {

enum class ModelFile {
  kFaceDetector,     // face_detection_short_range.tflite
  kFaceMesh,         // face_landmark_with_attention.tflite
  kCanonicalMesh,    // geometry_pipeline_metadata_landmarks.binarypb
  kPersonSegmenter,  // selfie_segmentation.tflite
};

// The folder that holds `@mediapipe/`: the environment variable ANIMA_MODELS, else the
// node_modules of the source tree this was built from. Throws Error(kNotReady) that says
// `npm ci` when the packages are not there.
std::filesystem::path model_folder();

// The bytes of one model. Those of @mediapipe/face_mesh are cut out of its packed asset by the
// offsets that stand as JSON in the loader script beside it. Throws Error(kNotReady) when a
// package is missing, Error(kCorruptData) when it does not hold what its loader says.
std::vector<std::byte> read_model_file(ModelFile file);
std::vector<std::byte> read_model_file(ModelFile file, const std::filesystem::path& folder);

// The same, ready to run. Only for the .tflite files.
nn::TfliteNetwork load_network(ModelFile file);

}  // namespace anima::face
