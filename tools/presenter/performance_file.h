// A performance as a JSON file, between the program that makes it from text and sound and the one
// that films it:
//
//   {"frames_per_second": 25,
//    "poses": [{"mouth": {"open": 0.3, "retraction": 0.2}, "tongue_up": 0.5, "blink_left": 1,
//               "head_yaw_deg": 2.5, "head_shift_dm": [0, 0.01, 0], ...}, ...]}
//
// Fields are those of PresenterPose; what is zero may be left out, and the writer leaves it out.
#pragma once

#include <filesystem>
#include <string>

#include "presenter/presenter_pose.h"

namespace anima::presenter {

// Numbers are written with four decimals after rounding: below a hundredth of a pixel.
void write_performance(const std::filesystem::path& path, const PresenterPerformance& performance);
std::string performance_text(const PresenterPerformance& performance);

// Throws Error: kNotFound; kCorruptData for text that is not such JSON, another frame rate, an
// unknown field, a number that is not finite or out of range (pose_fields.h), or no pose at all.
PresenterPerformance read_performance(const std::filesystem::path& path);
PresenterPerformance parse_performance(const std::string& text, const std::string& name);

}  // namespace anima::presenter
