#include "presenter/pose_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "core/error.h"

namespace anima::presenter {
namespace {

constexpr std::array<std::string_view, kMouthTargets> kMouthNames = {"open",
                                                                     "pursing",
                                                                     "protusion",
                                                                     "compression",
                                                                     "retraction",
                                                                     "upward_retraction",
                                                                     "depression_retraction",
                                                                     "corner_puller",
                                                                     "part_later",
                                                                     "elevation",
                                                                     "parling",
                                                                     "eversion",
                                                                     "depression"};

std::vector<PoseField> make_fields() {
  std::vector<PoseField> fields;
  for (std::size_t i = 0; i < kMouthTargets; ++i) {
    fields.push_back({fmt::format("mouth.{}", kMouthNames[i]),
                      [](PresenterPose& p, std::size_t k) -> float& { return p.mouth[k]; }, i, -1.5F, 1.5F});
  }
  const auto add = [&](const char* name, float& (*value)(PresenterPose&, std::size_t), float low,
                       float high) {
    fields.push_back({name, value, 0, low, high});
  };
  add(
      "lower_lip_tuck", [](PresenterPose& p, std::size_t) -> float& { return p.lower_lip_tuck; }, 0, 1.5F);
  add(
      "tongue_up", [](PresenterPose& p, std::size_t) -> float& { return p.tongue_up; }, 0, 1.5F);
  add(
      "tongue_out", [](PresenterPose& p, std::size_t) -> float& { return p.tongue_out; }, 0, 1.5F);
  add(
      "blink_left", [](PresenterPose& p, std::size_t) -> float& { return p.blink_left; }, -1, 1.5F);
  add(
      "blink_right", [](PresenterPose& p, std::size_t) -> float& { return p.blink_right; }, -1, 1.5F);
  add(
      "brow_raise", [](PresenterPose& p, std::size_t) -> float& { return p.brow_raise; }, -1.5F, 1.5F);
  add(
      "gaze_yaw_deg", [](PresenterPose& p, std::size_t) -> float& { return p.gaze_yaw_deg; }, -45, 45);
  add(
      "gaze_pitch_deg", [](PresenterPose& p, std::size_t) -> float& { return p.gaze_pitch_deg; }, -45, 45);
  add(
      "head_yaw_deg", [](PresenterPose& p, std::size_t) -> float& { return p.head_yaw_deg; }, -60, 60);
  add(
      "head_pitch_deg", [](PresenterPose& p, std::size_t) -> float& { return p.head_pitch_deg; }, -60, 60);
  add(
      "head_roll_deg", [](PresenterPose& p, std::size_t) -> float& { return p.head_roll_deg; }, -60, 60);
  for (std::size_t i = 0; i < 3; ++i) {
    fields.push_back({fmt::format("head_shift_dm.{}", i),
                      [](PresenterPose& p, std::size_t k) -> float& { return p.head_shift_dm[k]; }, i, -2,
                      2});
  }
  for (std::size_t i = 0; i < 2; ++i) {
    fields.push_back({fmt::format("shoulder_shift_dm.{}", i),
                      [](PresenterPose& p, std::size_t k) -> float& { return p.shoulder_shift_dm[k]; }, i, -2,
                      2});
  }
  add(
      "shoulder_roll_deg", [](PresenterPose& p, std::size_t) -> float& { return p.shoulder_roll_deg; }, -45,
      45);
  add(
      "breath", [](PresenterPose& p, std::size_t) -> float& { return p.breath; }, -1, 2);
  return fields;
}

}  // namespace

std::span<const std::string_view> mouth_target_names() {
  return kMouthNames;
}

std::span<const PoseField> pose_fields() {
  static const std::vector<PoseField> fields = make_fields();
  return fields;
}

void set_pose_field(PresenterPose& pose, std::string_view name, double value, const std::string& where) {
  const auto fields = pose_fields();
  const auto field =
      std::find_if(fields.begin(), fields.end(), [&](const PoseField& f) { return f.name == name; });
  if (field == fields.end()) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: a pose has no field '{}'", where, name),
                "use a field of tools/presenter/presenter_pose.h, for example mouth.open or head_yaw_deg");
  }
  if (!std::isfinite(value) || value < field->low || value > field->high) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: {} is {}", where, name, value),
                fmt::format("give a number from {} to {}", field->low, field->high));
  }
  field->value(pose, field->index) = static_cast<float>(value);
}

void set_pose_field(PresenterPose& pose, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  double value = 0;
  const char* last = assignment.data() + assignment.size();
  const char* first = equals == std::string::npos ? last : assignment.data() + equals + 1;
  const auto [end, failure] = std::from_chars(first, last, value);
  if (failure != std::errc() || end != last) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is not a pose setting", assignment),
                "write field=number, for example mouth.open=0.5");
  }
  set_pose_field(pose, std::string_view(assignment).substr(0, equals), value, assignment);
}

}  // namespace anima::presenter
