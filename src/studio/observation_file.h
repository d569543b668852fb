// What the face networks saw in each frame of a film, as a file: tracking is not run twice.
#pragma once

#include <filesystem>
#include <vector>

#include "face/tracked_film.h"

namespace anima::studio {

// A tensor file, written atomically.
void save_observations(const std::filesystem::path& path,
                       const std::vector<face::FaceObservation>& observations);

// Throws Error(kCorruptData) for a file that does not hold observations.
std::vector<face::FaceObservation> load_observations(const std::filesystem::path& path);

}  // namespace anima::studio
