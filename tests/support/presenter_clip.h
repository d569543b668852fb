// Six seconds of the house presenter's film (256x256, 25 fps, with sound) and what is exactly true in
// each frame: tests/data/mira-6s.mp4 and .json, made by tools/presenter (see docs/presenter.md).
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/image.h"
#include "face/camera.h"
#include "media/film_reader.h"

namespace anima::test {

inline constexpr int kClipSide_px = 256;
inline constexpr int kClipFrames = 150;

inline std::filesystem::path presenter_clip() {
  return std::filesystem::path(ANIMA_SOURCE_DIR) / "tests" / "data" / "mira-6s.mp4";
}
inline std::filesystem::path presenter_truth_file() {
  return std::filesystem::path(ANIMA_SOURCE_DIR) / "tests" / "data" / "mira-6s.json";
}

// Pixels are those of a picture of `side_px`; "right" and "left" are hers.
struct ClipTruth {
  using Point = std::array<double, 2>;
  std::vector<face::HeadPose> poses;  // rotation only
  std::vector<double> lip_opening_px;
  std::vector<double> eye_closure;                     // mean of both eyes, 0 open to 1 closed
  std::vector<Point> right_corner_px, left_corner_px;  // of the mouth
  std::vector<Point> right_eye_px, left_eye_px;        // between the lids
};

inline ClipTruth presenter_truth(int side_px) {
  std::ifstream file(presenter_truth_file());
  const auto json = nlohmann::json::parse(file);
  const double scale = side_px / json.at("camera").at("width_px").get<double>();
  const auto point = [&](const nlohmann::json& value) {
    return ClipTruth::Point{scale * value.at(0).get<double>(), scale * value.at(1).get<double>()};
  };
  const auto between = [&](const nlohmann::json& eye) {
    const auto upper = point(eye.at("upper_lid_px")), lower = point(eye.at("lower_lid_px"));
    return ClipTruth::Point{(upper[0] + lower[0]) / 2, (upper[1] + lower[1]) / 2};
  };
  ClipTruth truth;
  for (const auto& frame : json.at("frames")) {
    face::HeadPose pose;
    for (int axis = 0; axis < 3; ++axis)
      pose.rotation[axis] = frame.at("head_rotation").at(axis).get<double>();
    truth.poses.push_back(pose);
    truth.lip_opening_px.push_back(scale * frame.at("lip_opening_px").get<double>());
    truth.eye_closure.push_back(0.5 * (frame.at("right_eye").at("closure").get<double>() +
                                       frame.at("left_eye").at("closure").get<double>()));
    truth.right_corner_px.push_back(point(frame.at("right_corner_px")));
    truth.left_corner_px.push_back(point(frame.at("left_corner_px")));
    truth.right_eye_px.push_back(between(frame.at("right_eye")));
    truth.left_eye_px.push_back(between(frame.at("left_eye")));
  }
  return truth;
}

// The first `count` frames, `side_px` wide and high.
inline std::vector<Image> presenter_frames(int count, int side_px = 512) {
  media::FrameReader reader(presenter_clip(), {25, std::nullopt, side_px, side_px});
  std::vector<Image> frames;
  Image frame;
  double time_s = 0;
  while (static_cast<int>(frames.size()) < count && reader.next(frame, time_s)) frames.push_back(frame);
  return frames;
}

}  // namespace anima::test
