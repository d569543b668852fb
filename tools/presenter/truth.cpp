#include "presenter/truth.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace anima::presenter {
namespace {

using Json = nlohmann::json;

// From the presenter's axes (y up, z to the camera) to the camera's (y down, z away).
const Vec3 kFlip(1, -1, -1);

Vec2 pixel(const View& view, const Vec3& p) {
  return view.project(p).head<2>();
}

double rounded(float v) {
  return std::round(static_cast<double>(v) * 1e4) / 1e4;
}
Json list(const Vec2& v) {
  return Json::array({rounded(v.x()), rounded(v.y())});
}
Json list(const Vec3& v) {
  return Json::array({rounded(v.x()), rounded(v.y()), rounded(v.z())});
}

}  // namespace

TruthProbe::TruthProbe(const FaceRig& rig, const Skin& skin) : rig_(rig), skin_(skin) {
  const Lips& lips = rig.lips();
  for (const auto& row : lips.rows) {
    upper_lip_.push_back(skin.vertex_of(row.front()));
    lower_lip_.push_back(skin.vertex_of(row[row.size() / 2]));
  }
  left_corner_ = skin.vertex_of(lips.left_corner);
  right_corner_ = skin.vertex_of(lips.right_corner);
  const PosedFigure rest = rig.pose(PresenterPose{});
  lids_ = find_lash_strips(rig.figure().lashes.mesh.faces, rest.lashes);
  between_eyes_ = 0.5F * (rest.eyes[0].centre + rest.eyes[1].centre);
}

FrameTruth TruthProbe::measure(const PresenterPose& pose, const View& view) const {
  const PosedFigure posed = rig_.pose(pose);
  const Points skin = skin_.positions(posed.body);
  FrameTruth truth;

  const Eigen::AngleAxisf turn(posed.turn.rotation());
  truth.head_rotation = turn.angle() * kFlip.cwiseProduct(turn.axis());
  truth.head_translation_dm = kFlip.cwiseProduct(posed.turn.apply_head(between_eyes_) - view.position);
  truth.head_yaw_deg = pose.head_yaw_deg;
  truth.head_pitch_deg = pose.head_pitch_deg;
  truth.head_roll_deg = pose.head_roll_deg;

  // y grows downwards: the upper lip's edge is its largest y, the lower lip's its smallest.
  truth.upper_lip_px = Vec2(0, -1e9F);
  truth.lower_lip_px = Vec2(0, 1e9F);
  for (std::size_t i = 1; i < upper_lip_.size(); ++i) {
    const Vec2 upper = pixel(view, skin[upper_lip_[i]]);
    const Vec2 lower = pixel(view, skin[lower_lip_[i]]);
    if (upper.y() > truth.upper_lip_px.y()) truth.upper_lip_px = upper;
    if (lower.y() < truth.lower_lip_px.y()) truth.lower_lip_px = lower;
  }
  truth.lip_opening_px = std::max(0.0F, truth.lower_lip_px.y() - truth.upper_lip_px.y());
  truth.left_corner_px = pixel(view, skin[left_corner_]);
  truth.right_corner_px = pixel(view, skin[right_corner_]);
  truth.mouth_width_px = (truth.left_corner_px - truth.right_corner_px).norm();

  for (const LashStrip& strip : lids_) {
    FrameTruth::Eye& eye = truth.eyes[static_cast<std::size_t>(strip.side)];
    const Vec2 edge = pixel(view, posed.lashes[strip.columns[strip.columns.size() / 2].front()]);
    (strip.upper ? eye.upper_lid_px : eye.lower_lid_px) = edge;
  }
  for (std::size_t side = 0; side < 2; ++side) {
    FrameTruth::Eye& eye = truth.eyes[side];
    eye.opening_px = std::max(0.0F, eye.lower_lid_px.y() - eye.upper_lid_px.y());
    eye.closure = posed.closure[side];
  }
  truth.gaze_yaw_deg = pose.gaze_yaw_deg;
  truth.gaze_pitch_deg = pose.gaze_pitch_deg;
  return truth;
}

Json truth_json(const std::vector<FrameTruth>& frames, const View& view, int first_frame) {
  Json json;
  json["frames_per_second"] = kPresenterFrames_per_s;
  json["first_frame"] = first_frame;
  json["camera"] = {{"width_px", view.size_px},
                    {"height_px", view.size_px},
                    {"focal_px", rounded(view.focal_px())},
                    {"centre_x_px", rounded(0.5F * static_cast<float>(view.size_px))},
                    {"centre_y_px", rounded(0.5F * static_cast<float>(view.size_px))}};
  json["conventions"] = {
      {"axes", "x right in the picture, y down, z away from the camera; unit decimetre"},
      {"pixels", "continuous, (0, 0) is the upper left corner of the picture"},
      {"head",
       "camera_point = exp([rotation]x) head_point + translation; head points from the middle between the "
       "eyes; "
       "zero rotation faces the camera"},
      {"head_angles",
       "R = Ry(yaw) Rx(-pitch) Rz(-roll) in axes x right, y up, z to the camera; positive: face turns to "
       "the picture's right, up, head tilts to the picture's right"},
      {"lips",
       "edges of the opening at the middle of the lips; opening is their vertical distance, 0 when closed; "
       "left is her left, the picture's right"},
      {"closure", "0 wide open, 1 closed"}};
  Json& list_of_frames = json["frames"] = Json::array();
  for (const FrameTruth& t : frames) {
    const auto eye = [](const FrameTruth::Eye& e) {
      return Json{{"upper_lid_px", list(e.upper_lid_px)},
                  {"lower_lid_px", list(e.lower_lid_px)},
                  {"opening_px", rounded(e.opening_px)},
                  {"closure", rounded(e.closure)}};
    };
    list_of_frames.push_back({{"head_rotation", list(t.head_rotation)},
                              {"head_translation_dm", list(t.head_translation_dm)},
                              {"head_yaw_deg", rounded(t.head_yaw_deg)},
                              {"head_pitch_deg", rounded(t.head_pitch_deg)},
                              {"head_roll_deg", rounded(t.head_roll_deg)},
                              {"lip_opening_px", rounded(t.lip_opening_px)},
                              {"mouth_width_px", rounded(t.mouth_width_px)},
                              {"upper_lip_px", list(t.upper_lip_px)},
                              {"lower_lip_px", list(t.lower_lip_px)},
                              {"left_corner_px", list(t.left_corner_px)},
                              {"right_corner_px", list(t.right_corner_px)},
                              {"left_eye", eye(t.eyes[0])},
                              {"right_eye", eye(t.eyes[1])},
                              {"gaze_yaw_deg", rounded(t.gaze_yaw_deg)},
                              {"gaze_pitch_deg", rounded(t.gaze_pitch_deg)}});
  }
  return json;
}

}  // namespace anima::presenter
