#include "face/model_files.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"
#include "core/node_modules.h"
#include "nn/tflite_model.h"

namespace anima::face {
namespace {

constexpr std::uint64_t kFileLimit = 64ULL << 20U;
constexpr const char* kFix =
    "Run `npm ci` in the project's folder, or set ANIMA_MODELS to the folder that holds @mediapipe/.";

std::string name_of(ModelFile file) {
  switch (file) {
    case ModelFile::kFaceDetector:
      return "face_detection_short_range.tflite";
    case ModelFile::kFaceMesh:
      return "face_landmark_with_attention.tflite";
    case ModelFile::kCanonicalMesh:
      return "geometry_pipeline_metadata_landmarks.binarypb";
    case ModelFile::kPersonSegmenter:
      return "selfie_segmentation.tflite";
  }
  return "?";
}

std::vector<std::byte> read_or_not_ready(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::kNotReady, "The face model " + path.string() + " is not installed", kFix);
  }
  return read_file(path, kFileLimit);
}

// The loader script ends in a call whose argument is a JSON object {"files": [{"filename",
// "start", "end"}, ...], ...}: the only '"files"' in it.
nlohmann::json read_packing_list(const std::filesystem::path& loader) {
  const std::vector<std::byte> bytes = read_or_not_ready(loader);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t key = text.rfind("\"files\"");
  const std::size_t open = key == std::string::npos ? key : text.find('[', key);
  const std::size_t close = open == std::string::npos ? open : text.find(']', open);
  if (close == std::string::npos) {
    throw Error(ErrorCode::kCorruptData, loader.string() + " holds no list of packed files", kFix);
  }
  const auto begin = text.begin() + static_cast<std::ptrdiff_t>(open);
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(close) + 1;
  nlohmann::json list = nlohmann::json::parse(begin, end, nullptr, false);
  if (!list.is_array()) {
    throw Error(ErrorCode::kCorruptData, loader.string() + ": its list of packed files is not JSON", kFix);
  }
  return list;
}

}  // namespace

std::filesystem::path model_folder() {
  std::filesystem::path folder = node_modules_folder();
  if (!std::filesystem::is_directory(folder / "@mediapipe")) {
    throw Error(ErrorCode::kNotReady,
                "The face models are not installed: " + (folder / "@mediapipe").string() + " is not there",
                kFix);
  }
  return folder;
}

std::vector<std::byte> read_model_file(ModelFile file) {
  return read_model_file(file, model_folder());
}

std::vector<std::byte> read_model_file(ModelFile file, const std::filesystem::path& folder) {
  if (file == ModelFile::kPersonSegmenter) {
    return read_or_not_ready(folder / "@mediapipe" / "selfie_segmentation" / name_of(file));
  }
  const std::filesystem::path package = folder / "@mediapipe" / "face_mesh";
  const std::filesystem::path packed = package / "face_mesh_solution_packed_assets.data";
  const nlohmann::json list = read_packing_list(package / "face_mesh_solution_packed_assets_loader.js");
  const std::vector<std::byte> bytes = read_or_not_ready(packed);
  for (const nlohmann::json& entry : list) {
    if (!entry.is_object()) continue;
    const auto path = entry.find("filename");
    const auto start = entry.find("start");
    const auto end = entry.find("end");
    if (path == entry.end() || !path->is_string() || start == entry.end() || !start->is_number_unsigned() ||
        end == entry.end() || !end->is_number_unsigned()) {
      continue;
    }
    if (std::filesystem::path(path->get<std::string>()).filename() != name_of(file)) continue;
    const auto from = start->get<std::uint64_t>();
    const auto to = end->get<std::uint64_t>();
    if (from >= to || to > bytes.size()) {
      throw Error(ErrorCode::kCorruptData,
                  packed.string() + " is too short to hold " + name_of(file) + " (bytes " +
                      std::to_string(from) + " to " + std::to_string(to) + " of " +
                      std::to_string(bytes.size()) + ")",
                  kFix);
    }
    return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
            bytes.begin() + static_cast<std::ptrdiff_t>(to)};
  }
  throw Error(ErrorCode::kCorruptData, packed.string() + " does not hold " + name_of(file), kFix);
}

nn::TfliteNetwork load_network(ModelFile file) {
  return nn::TfliteNetwork(nn::read_tflite_model(read_model_file(file), name_of(file)), name_of(file));
}

}  // namespace anima::face
