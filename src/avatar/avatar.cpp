#include "avatar/avatar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace anima::avatar {
namespace {

std::array<double, kPoseDrivers> numbers_of(const face::HeadPose& pose) {
  return {pose.rotation[0],    pose.rotation[1],    pose.rotation[2],
          pose.translation[0], pose.translation[1], pose.translation[2]};
}

}  // namespace

PoseDrivers PoseDrivers::of(const std::vector<face::HeadPose>& poses, int count) {
  PoseDrivers drivers;
  std::array<double, kPoseDrivers> sum{}, squares{};
  for (int f = 0; f < count; ++f) {
    const auto n = numbers_of(poses[f]);
    for (int i = 0; i < kPoseDrivers; ++i) {
      sum[i] += n[i];
      squares[i] += n[i] * n[i];
    }
  }
  for (int i = 0; i < kPoseDrivers; ++i) {
    const double mean = count > 0 ? sum[i] / count : 0;
    const double variance = count > 0 ? squares[i] / count - mean * mean : 1;
    drivers.mean[i] = static_cast<float>(mean);
    drivers.deviation[i] = static_cast<float>(std::max(1e-3, std::sqrt(std::max(0.0, variance))));
  }
  return drivers;
}

std::array<float, kPoseDrivers> PoseDrivers::values(const face::HeadPose& pose) const {
  std::array<float, kPoseDrivers> out{};
  const auto n = numbers_of(pose);
  for (int i = 0; i < kPoseDrivers; ++i) {
    out[i] = std::clamp(static_cast<float>((n[i] - mean[i]) / deviation[i]), -3.0F, 3.0F);
  }
  return out;
}

void FrameScene::set(const face::Camera& camera, const PoseDrivers& drivers, const GaussianLayer& head,
                     const GaussianLayer* torso, const FrameState& state) {
  const auto pose_values = drivers.values(state.head);
  std::copy(state.weights.begin(), state.weights.end(), head_weights_.begin());
  std::copy_n(pose_values.begin(), 3, head_weights_.begin() + face::kModes);
  torso_weights_ = pose_values;
  scene_.camera = camera;
  scene_.layers.clear();
  scene_.layers.push_back({&head, state.head, head_weights_});
  if (torso != nullptr) scene_.layers.push_back({torso, state.torso, torso_weights_});
}

face::Camera scaled_camera(const face::Camera& camera, int width_px, int height_px) {
  const double scale = std::min(static_cast<double>(width_px) / camera.width_px,
                                static_cast<double>(height_px) / camera.height_px);
  face::Camera out;
  out.width_px = width_px;
  out.height_px = height_px;
  out.focal_px = camera.focal_px * scale;
  out.centre_x_px = 0.5 * width_px + (camera.centre_x_px - 0.5 * camera.width_px) * scale;
  out.centre_y_px = 0.5 * height_px + (camera.centre_y_px - 0.5 * camera.height_px) * scale;
  return out;
}

void Avatar::save(TensorFile& file) const {
  file.metadata["anima.avatar_format"] = std::to_string(kAvatarFormat);
  for (const auto& [key, value] : metadata) file.metadata["avatar." + key] = value;
  const std::vector<float> view = {static_cast<float>(camera.width_px), static_cast<float>(camera.height_px),
                                   static_cast<float>(camera.focal_px),
                                   static_cast<float>(camera.centre_x_px),
                                   static_cast<float>(camera.centre_y_px)};
  file.put("avatar.camera", {5}, view);
  head.save(file, "avatar.head", TensorType::kF16);
  torso.save(file, "avatar.torso", TensorType::kF16);
  file.put("avatar.drivers_mean", {kPoseDrivers}, drivers.mean);
  file.put("avatar.drivers_deviation", {kPoseDrivers}, drivers.deviation);
  file.put("avatar.background", {background.height, background.width, 3}, background.pixels);
  std::vector<float> poses;
  for (const face::HeadPose& pose : torso_poses) {
    for (const double n : numbers_of(pose)) poses.push_back(static_cast<float>(n));
  }
  file.put("avatar.torso_poses", {static_cast<std::int64_t>(torso_poses.size()), kPoseDrivers}, poses);
}

Avatar Avatar::load(const TensorFile& file) {
  const auto format = file.metadata.find("anima.avatar_format");
  if (format == file.metadata.end()) {
    throw Error(ErrorCode::kCorruptData, "this file holds no avatar", "name a .anima file that `train` made");
  }
  if (format->second != std::to_string(kAvatarFormat)) {
    throw Error(
        ErrorCode::kUnsupported,
        fmt::format("this avatar has format {}; this Anima reads format {}", format->second, kAvatarFormat),
        "update Anima, or train the avatar again");
  }
  using Shape = std::vector<std::int64_t>;
  Avatar avatar;
  const std::vector<float> view = file.floats("avatar.camera", Shape{5});
  const auto in = [](float value, float low, float high) { return value >= low && value <= high; };
  if (!in(view[0], 16, 8192) || !in(view[1], 16, 8192) || !in(view[2], 16, 1e6F) ||
      !in(view[3], -1e5F, 1e5F) || !in(view[4], -1e5F, 1e5F)) {
    throw Error(ErrorCode::kCorruptData, "the avatar's camera is out of range", "train the avatar again");
  }
  avatar.camera = {static_cast<int>(view[0]), static_cast<int>(view[1]), view[2], view[3], view[4]};
  avatar.head = GaussianLayer::load(file, "avatar.head");
  avatar.torso = GaussianLayer::load(file, "avatar.torso");
  if (avatar.head.modes != kHeadModes || avatar.torso.modes != kTorsoModes) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("the avatar has {} head and {} torso modes; {} and {} are expected",
                            avatar.head.modes, avatar.torso.modes, kHeadModes, kTorsoModes),
                "train the avatar again");
  }
  const auto mean = file.floats("avatar.drivers_mean", Shape{kPoseDrivers});
  const auto deviation = file.floats("avatar.drivers_deviation", Shape{kPoseDrivers});
  std::copy(mean.begin(), mean.end(), avatar.drivers.mean.begin());
  for (int i = 0; i < kPoseDrivers; ++i) avatar.drivers.deviation[i] = std::max(1e-3F, deviation[i]);
  avatar.background = Image(avatar.camera.width_px, avatar.camera.height_px, 3);
  avatar.background.pixels =
      file.bytes("avatar.background", Shape{avatar.camera.height_px, avatar.camera.width_px, 3});
  const auto poses = file.floats("avatar.torso_poses", Shape{-1, kPoseDrivers});
  for (std::size_t i = 0; i + kPoseDrivers <= poses.size(); i += kPoseDrivers) {
    avatar.torso_poses.push_back(
        {{poses[i], poses[i + 1], poses[i + 2]}, {poses[i + 3], poses[i + 4], poses[i + 5]}});
  }
  for (const auto& [key, value] : file.metadata) {
    if (key.starts_with("avatar.")) avatar.metadata[key.substr(7)] = value;
  }
  return avatar;
}

}  // namespace anima::avatar
