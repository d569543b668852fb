// The numbers of a PresenterPose by name, for files and command lines.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "presenter/presenter_pose.h"

namespace anima::presenter {

// "open", "pursing", ... in the order of MouthTarget.
std::span<const std::string_view> mouth_target_names();

struct PoseField {
  std::string name;  // "mouth.open", "head_yaw_deg", "head_shift_dm.0", ...
  float& (*value)(PresenterPose& pose, std::size_t index);
  std::size_t index;
  float low;  // values outside [low, high] are refused: no performance needs them
  float high;
};

// Every number of a pose, in the order of the struct.
std::span<const PoseField> pose_fields();

// Sets one number. Throws Error(kInvalidArgument) for an unknown name, a number that is not
// finite, or one out of the field's range; the message names `where`.
void set_pose_field(PresenterPose& pose, std::string_view name, double value, const std::string& where);

// As `set_pose_field` with "name=value" as one text.
void set_pose_field(PresenterPose& pose, const std::string& assignment);

}  // namespace anima::presenter
