#include "face/tracked_film.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/error.h"

namespace anima::face {
namespace {

constexpr int kFormatVersion = 1;
constexpr std::uint64_t kLargestFile = 2ULL << 30U;
constexpr int kLargestPicture_px = 16384;

[[noreturn]] void corrupt(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, fmt::format("'{}' is no tracked film: {}", path.string(), what),
              "track the film again");
}

}  // namespace

void TrackedFilm::save(const std::filesystem::path& path) const {
  const std::size_t n = poses.size();
  if (observations.size() != n || weights.size() != n || training_frames < 0 || training_frames > frames()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a tracked film of {} poses, {} observations, {} weights and {} training frames",
                            n, observations.size(), weights.size(), training_frames));
  }
  const auto count = static_cast<std::int64_t>(n);
  TensorFile file;
  file.metadata["kind"] = "anima tracked film";
  file.metadata["version"] = std::to_string(kFormatVersion);

  std::vector<float> points, presence, pose, weight;
  std::vector<std::uint8_t> found;
  std::vector<std::int32_t> faces;
  points.reserve(n * kLandmarks * 3);
  for (const FaceObservation& o : observations) {
    points.insert(points.end(), o.points.data(), o.points.data() + o.points.size());
    presence.push_back(o.presence);
    found.push_back(o.found ? 1 : 0);
    faces.push_back(o.faces);
  }
  for (const HeadPose& p : poses) {
    for (int i = 0; i < 3; ++i) pose.push_back(static_cast<float>(p.rotation[i]));
    for (int i = 0; i < 3; ++i) pose.push_back(static_cast<float>(p.translation[i]));
  }
  for (const Weights& w : weights) weight.insert(weight.end(), w.begin(), w.end());
  const std::vector<float> optics = {static_cast<float>(camera.focal_px),
                                     static_cast<float>(camera.centre_x_px),
                                     static_cast<float>(camera.centre_y_px)};
  const std::vector<std::int32_t> sizes = {camera.width_px, camera.height_px, training_frames};

  file.put("film.points", {count, kLandmarks, 3}, std::span<const float>(points));
  file.put("film.presence", {count}, std::span<const float>(presence));
  file.put("film.found", {count}, std::span<const std::uint8_t>(found));
  file.put("film.faces", {count}, std::span<const std::int32_t>(faces));
  file.put("film.poses", {count, 6}, std::span<const float>(pose));
  file.put("film.weights", {count, kModes}, std::span<const float>(weight));
  file.put("film.optics", {3}, std::span<const float>(optics));
  file.put("film.sizes", {3}, std::span<const std::int32_t>(sizes));
  basis.save(file);
  write_tensor_file(path, file);
}

TrackedFilm TrackedFilm::load(const std::filesystem::path& path) {
  const TensorFile file = read_tensor_file(path, kLargestFile);
  const auto kind = file.metadata.find("kind");
  if (kind == file.metadata.end() || kind->second != "anima tracked film")
    corrupt(path, "it is of another kind");
  const auto version = file.metadata.find("version");
  if (version == file.metadata.end() || version->second != std::to_string(kFormatVersion)) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("'{}' is of version {}, this program reads version {}", path.string(),
                            version == file.metadata.end() ? "none" : version->second, kFormatVersion),
                "track the film again, or update Anima");
  }
  using Wanted = std::vector<std::int64_t>;
  const std::vector<std::uint8_t> found = file.bytes("film.found", Wanted{-1});
  const auto count = static_cast<std::int64_t>(found.size());
  if (count > std::numeric_limits<std::int32_t>::max()) corrupt(path, "it has too many frames");
  const std::vector<float> points = file.floats("film.points", Wanted{count, kLandmarks, 3});
  const std::vector<float> presence = file.floats("film.presence", Wanted{count});
  const std::vector<std::int32_t> faces = file.integers("film.faces", Wanted{count});
  const std::vector<float> pose = file.floats("film.poses", Wanted{count, 6});
  const std::vector<float> weight = file.floats("film.weights", Wanted{count, kModes});
  const std::vector<float> optics = file.floats("film.optics", Wanted{3});
  const std::vector<std::int32_t> sizes = file.integers("film.sizes", Wanted{3});

  for (int i = 0; i < 2; ++i) {
    if (sizes[i] < 1 || sizes[i] > kLargestPicture_px)
      corrupt(path, fmt::format("its picture is {} px", sizes[i]));
  }
  if (sizes[2] < 0 || sizes[2] > count)
    corrupt(path, fmt::format("{} training frames of {}", sizes[2], count));
  if (!(optics[0] > 1) || !(optics[0] < 1e6F))
    corrupt(path, fmt::format("its focal length is {} px", optics[0]));

  TrackedFilm film;
  film.camera = {sizes[0], sizes[1], optics[0], optics[1], optics[2]};
  film.training_frames = sizes[2];
  film.observations.resize(found.size());
  film.poses.resize(found.size());
  film.weights.resize(found.size());
  for (std::size_t t = 0; t < found.size(); ++t) {
    FaceObservation& o = film.observations[t];
    if (found[t] > 1 || faces[t] < 0)
      corrupt(path, fmt::format("frame {} is neither with nor without a face", t));
    o.found = found[t] == 1;
    o.presence = presence[t];
    o.faces = faces[t];
    o.points = Eigen::Map<const decltype(o.points)>(points.data() + t * kLandmarks * 3);
    const Eigen::Map<const Eigen::Matrix<float, 6, 1>> p(pose.data() + t * 6);
    film.poses[t] = {p.head<3>().cast<double>(), p.tail<3>().cast<double>()};
    if (!(film.poses[t].translation.z() > 0))
      corrupt(path, fmt::format("the head of frame {} is behind the camera", t));
    std::copy_n(weight.begin() + static_cast<std::ptrdiff_t>(t) * kModes, kModes, film.weights[t].begin());
  }
  film.basis = ExpressionBasis::load(file);
  return film;
}

}  // namespace anima::face
