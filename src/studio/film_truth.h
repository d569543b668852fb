// What is exactly true in each frame of a film that was computed rather than filmed.
#pragma once

#include <filesystem>
#include <vector>

#include "face/camera.h"

namespace anima::studio {

struct FilmTruth {
  std::vector<face::HeadPose> poses;   // rotation only; which way zero faces is the maker's choice
  std::vector<double> lip_opening_px;  // vertical distance of the inner lips at the middle, 0 when closed
  std::vector<double> eye_closure;     // mean of both eyes: 0 open, 1 closed

  int frames() const { return static_cast<int>(poses.size()); }
};

// Reads the JSON that tools/presenter writes beside a film. Throws Error: kNotFound, kCorruptData
// naming the frame that is wrong.
FilmTruth read_film_truth(const std::filesystem::path& path);

}  // namespace anima::studio
