// A person's appearance: head and torso layers, a still background, and how a frame's motion
// places them.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "avatar/gaussian_layer.h"
#include "avatar/renderer.h"
#include "core/image.h"
#include "core/tensor_file.h"
#include "face/camera.h"
#include "face/expression_basis.h"

namespace anima::avatar {

// Everything that moves in one frame. The torso's pose is relative to where it stood on average.
struct FrameState {
  face::HeadPose head;
  face::Weights weights{};
  face::HeadPose torso{Eigen::Vector3d::Zero(), Eigen::Vector3d::Zero()};
};

inline constexpr int kPoseDrivers = 6;
// Head modes: the expression, then head rotation (shading and hair change as the head turns).
inline constexpr int kHeadModes = face::kModes + 3;
// Torso modes: head rotation and translation, for the neck and collar that follow the head.
inline constexpr int kTorsoModes = kPoseDrivers;

// Head poses in standard deviations of this film (rotation 3, translation 3), limited to +-3.
struct PoseDrivers {
  std::array<float, kPoseDrivers> mean{};
  std::array<float, kPoseDrivers> deviation{1, 1, 1, 1, 1, 1};

  static PoseDrivers of(const std::vector<face::HeadPose>& poses, int count);
  std::array<float, kPoseDrivers> values(const face::HeadPose& pose) const;
};

struct Avatar {
  face::Camera camera;
  GaussianLayer head;
  GaussianLayer torso;
  PoseDrivers drivers;
  Image background;                             // RGB, the camera's size
  std::vector<face::HeadPose> torso_poses;      // of the film's frames, for re-sampled motion
  std::map<std::string, std::string> metadata;  // versions, source, consent record, scores

  // Tensors "avatar.*"; layers in half precision.
  void save(TensorFile& file) const;
  // Throws Error(kCorruptData) or Error(kUnsupported) for a newer format.
  static Avatar load(const TensorFile& file);
};

inline constexpr int kAvatarFormat = 1;

// A scene that draws one frame of an avatar. Owns the mode weights that the scene points to, so
// it neither copies nor moves; keep one and refill it.
class FrameScene {
 public:
  FrameScene() = default;
  FrameScene(const FrameScene&) = delete;
  FrameScene& operator=(const FrameScene&) = delete;

  void set(const face::Camera& camera, const PoseDrivers& drivers, const GaussianLayer& head,
           const GaussianLayer* torso, const FrameState& state);
  const Scene& scene() const { return scene_; }
  const std::array<float, kHeadModes>& head_weights() const { return head_weights_; }
  const std::array<float, kTorsoModes>& torso_weights() const { return torso_weights_; }

 private:
  Scene scene_;
  std::array<float, kHeadModes> head_weights_{};
  std::array<float, kTorsoModes> torso_weights_{};
};

// The camera for a picture of another size: same view, squares stay squares.
face::Camera scaled_camera(const face::Camera& camera, int width_px, int height_px);

}  // namespace anima::avatar
