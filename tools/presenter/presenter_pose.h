// What the presenter does in one frame: the plain value between her performance (which makes it
// from text and phoneme times) and her picture (which draws it).
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace anima::presenter {

// The mouth's expression targets, in the order of `PresenterPose::mouth`. Names are those of the
// files in presenter/targets/expression without "mouth-"; weights 0 to 1 unless said. Ranges that
// read as speech are in facts/presenter.md; the face rig clamps what would tear the mesh.
enum class MouthTarget {
  kOpen,                  // mouth-open: drops the lower lip and the chin; at most 0.6
  kPursing,               // oh, oo, sh
  kProtusion,             // at most 0.25
  kCompression,           // m, b, p
  kRetraction,            // ee, s: corners outwards
  kUpwardRetraction,      // grin
  kDepressionRetraction,  // ee
  kCornerPuller,          // smile
  kPartLater,             // parts the lips without the jaw; at most 0.35
  kElevation,             // f, v
  kParling,               // f, v
  kEversion,              // -0.4 (lips rolled in) to 0.5 (full)
  kDepression,
  kCount,
};
inline constexpr std::size_t kMouthTargets = static_cast<std::size_t>(MouthTarget::kCount);

struct PresenterPose {
  std::array<float, kMouthTargets> mouth{};
  float lower_lip_tuck = 0;  // 0 to 1: lower lip in and up to the upper teeth's edge (f, v)
  float tongue_up = 0;       // 0 to 1: tip to the ridge behind the upper teeth (t, d, n, l)
  float tongue_out = 0;      // 0 to 1: tip between the teeth (th)
  float blink_left = 0;      // 0 open, 1 closed
  float blink_right = 0;
  float brow_raise = 0;      // -0.5 (drawn down) to 1
  float gaze_yaw_deg = 0;    // of the eyes within the head; positive: to the picture's right
  float gaze_pitch_deg = 0;  // positive: up

  // Of the head about the top of the neck; zero faces the camera. Positive: face turns to the
  // picture's right, face turns up, head tilts towards the picture's right shoulder.
  float head_yaw_deg = 0;
  float head_pitch_deg = 0;
  float head_roll_deg = 0;
  std::array<float, 3> head_shift_dm{};  // right in the picture, up, towards the camera

  std::array<float, 2> shoulder_shift_dm{};  // right in the picture, up
  float shoulder_roll_deg = 0;
  float breath = 0;  // 0 exhaled to 1 inhaled: shoulders rise about 0.03 dm, chest widens
};

inline constexpr double kPresenterFrames_per_s = 25;

// One pose a frame.
using PresenterPerformance = std::vector<PresenterPose>;

}  // namespace anima::presenter
