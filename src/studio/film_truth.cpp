#include "studio/film_truth.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/files.h"

namespace anima::studio {
namespace {

constexpr std::uint64_t kLimit_bytes = 64ULL << 20U;

double number_in(const nlohmann::json& value, double low, double high) {
  const double number = value.get<double>();
  if (!(number >= low && number <= high)) throw std::out_of_range(fmt::format("{}", number));
  return number;
}

}  // namespace

FilmTruth read_film_truth(const std::filesystem::path& path) {
  const auto json = nlohmann::json::parse(read_text_file(path, kLimit_bytes), nullptr, false);
  FilmTruth truth;
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::kCorruptData, fmt::format("'{}' is no truth of a film: {}", path.string(), what),
                "give the file that 'anima_presenter film --truth' has written");
  };
  if (!json.is_object() || !json.contains("frames") || !json["frames"].is_array()) refuse("it has no frames");
  for (const auto& frame : json["frames"]) {
    try {
      face::HeadPose pose;
      const auto& rotation = frame.at("head_rotation");
      for (int axis = 0; axis < 3; ++axis) pose.rotation[axis] = number_in(rotation.at(axis), -7, 7);
      truth.lip_opening_px.push_back(number_in(frame.at("lip_opening_px"), 0, 10000));
      truth.eye_closure.push_back(0.5 * (number_in(frame.at("left_eye").at("closure"), -1, 2) +
                                         number_in(frame.at("right_eye").at("closure"), -1, 2)));
      truth.poses.push_back(pose);
    } catch (const std::exception& wrong) {
      refuse(fmt::format("frame {}: {}", truth.frames(), wrong.what()));
    }
  }
  if (truth.poses.empty()) refuse("it has no frames");
  return truth;
}

}  // namespace anima::studio
