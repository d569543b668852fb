#include "studio/observation_file.h"

#include <algorithm>

#include "core/tensor_file.h"

namespace anima::studio {
namespace {

constexpr std::size_t kNumbers = static_cast<std::size_t>(face::kLandmarks) * 3;
constexpr std::uint64_t kLimit_bytes = 2ULL << 30U;

}  // namespace

void save_observations(const std::filesystem::path& path,
                       const std::vector<face::FaceObservation>& observations) {
  std::vector<float> points;
  std::vector<float> presence;
  std::vector<std::int32_t> found;
  std::vector<std::int32_t> faces;
  points.reserve(observations.size() * kNumbers);
  for (const face::FaceObservation& o : observations) {
    points.insert(points.end(), o.points.data(), o.points.data() + kNumbers);
    presence.push_back(o.presence);
    found.push_back(o.found ? 1 : 0);
    faces.push_back(o.faces);
  }
  const auto count = static_cast<std::int64_t>(observations.size());
  TensorFile file;
  file.put("points", {count, face::kLandmarks, 3}, points);
  file.put("presence", {count}, presence);
  file.put("found", {count}, found);
  file.put("faces", {count}, faces);
  write_tensor_file(path, file);
}

std::vector<face::FaceObservation> load_observations(const std::filesystem::path& path) {
  using Shape = std::vector<std::int64_t>;
  const TensorFile file = read_tensor_file(path, kLimit_bytes);
  const std::vector<float> points = file.floats("points", Shape{-1, face::kLandmarks, 3});
  const auto count = static_cast<std::int64_t>(points.size() / kNumbers);
  const std::vector<float> presence = file.floats("presence", Shape{count});
  const std::vector<std::int32_t> found = file.integers("found", Shape{count});
  const std::vector<std::int32_t> faces = file.integers("faces", Shape{count});
  std::vector<face::FaceObservation> observations(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const auto first = points.begin() + static_cast<std::ptrdiff_t>(i * kNumbers);
    std::copy(first, first + static_cast<std::ptrdiff_t>(kNumbers), observations[i].points.data());
    observations[i].presence = presence[i];
    observations[i].found = found[i] != 0;
    observations[i].faces = faces[i];
  }
  return observations;
}

}  // namespace anima::studio
