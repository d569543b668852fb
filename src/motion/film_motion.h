// What the avatar's motion is re-sampled from: the training part of the tracked film.
#pragma once

#include <cstdint>
#include <vector>

#include "face/camera.h"
#include "face/expression_basis.h"

namespace anima::motion {

inline constexpr int kFrameRateHz = 25;

// One entry per training frame, 25 a second; all vectors have the same length.
struct FilmMotion {
  std::vector<face::HeadPose> poses;
  std::vector<face::Weights> weights;  // brows and gaze carried across blinks
  std::vector<std::uint8_t> speaking;  // 1 where the film's sound holds speech

  int frames() const { return static_cast<int>(poses.size()); }
};

// A place in the film between two frames: `frame_a` * (1 - blend) + `frame_b` * blend. The two
// may be far apart, while one passage fades into another.
struct FilmPosition {
  int frame_a = 0;
  int frame_b = 0;
  float blend = 0;  // 0 to 1
};

// Between two poses: the rotation along the shortest arc, the translation along a line.
face::HeadPose blend_poses(const face::HeadPose& a, const face::HeadPose& b, double blend);

}  // namespace anima::motion
