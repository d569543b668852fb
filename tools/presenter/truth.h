// What is exactly true in a frame: where the head, the lips, the lids and the gaze are.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "presenter/lash_strips.h"
#include "presenter/skin.h"
#include "presenter/view.h"

namespace anima::presenter {

// Axes are those of Anima's cameras: x right in the picture, y down, z away from the camera. Pixels
// are continuous: (0, 0) is the picture's upper left corner.
struct FrameTruth {
  // camera_point = exp([rotation]x) * head_point + translation. Head points are measured from the
  // middle between the eyes of the resting head; zero rotation faces the camera.
  Vec3 head_rotation = Vec3::Zero();        // axis times angle, radians
  Vec3 head_translation_dm = Vec3::Zero();  // of the middle between the eyes
  float head_yaw_deg = 0;                   // as in PresenterPose
  float head_pitch_deg = 0;
  float head_roll_deg = 0;

  // The edge of the opening at the middle of the lips: the lowest red of the upper lip and the
  // highest of the lower one. The same point, or crossed, when they touch.
  Vec2 upper_lip_px = Vec2::Zero();
  Vec2 lower_lip_px = Vec2::Zero();
  Vec2 left_corner_px = Vec2::Zero();  // her left: the picture's right
  Vec2 right_corner_px = Vec2::Zero();
  float lip_opening_px = 0;  // vertical distance of the two edges, at least 0
  float mouth_width_px = 0;  // distance of the corners

  struct Eye {
    Vec2 upper_lid_px = Vec2::Zero();
    Vec2 lower_lid_px = Vec2::Zero();
    float opening_px = 0;  // vertical distance of the lids' edges in the middle, at least 0
    float closure = 0;     // 0 wide open to 1 closed
  };
  std::array<Eye, 2> eyes;  // by Side
  float gaze_yaw_deg = 0;   // within the head
  float gaze_pitch_deg = 0;
};

class TruthProbe {
 public:
  // Both must outlive the probe.
  TruthProbe(const FaceRig& rig, const Skin& skin);

  FrameTruth measure(const PresenterPose& pose, const View& view) const;

 private:
  const FaceRig& rig_;
  const Skin& skin_;
  std::vector<std::uint32_t> upper_lip_;  // refined vertices at the middle, skin to contact
  std::vector<std::uint32_t> lower_lip_;
  std::uint32_t left_corner_ = 0;
  std::uint32_t right_corner_ = 0;
  std::vector<LashStrip> lids_;
  Vec3 between_eyes_ = Vec3::Zero();
};

// The whole truth of a film as JSON; the conventions stand in the file itself.
nlohmann::json truth_json(const std::vector<FrameTruth>& frames, const View& view, int first_frame);

}  // namespace anima::presenter
