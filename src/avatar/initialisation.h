// First guesses of the layers: dense Gaussians on the tracked geometry (a published comparison,
// EmbedTalk, finds dense initialisation worth 3 dB over random points).
#pragma once

#include <cstdint>
#include <vector>

#include "avatar/training_picture.h"
#include "core/progress.h"

namespace anima::avatar {

struct InitialisationOptions {
  int face_gaussians = 8000;      // on the face mesh
  float shell_spacing_px = 2.6F;  // hair, ears, neck: film pixels between Gaussians
  float torso_spacing_px = 4.0F;
  double spare = 0.2;  // dead Gaussians for relocation, as a share of the others
  std::uint64_t seed = 1;
};

struct InitialHead {
  GaussianLayer layer;
  // Per modal Gaussian, 1, or 0 where position must not follow the expression (upper teeth).
  std::vector<float> position_delta_scale;
};

// Face mesh, eyeballs, mouth interior (upper teeth rigid with the head, lower teeth and tongue
// with the jaw, a dark back), and a shell of hair, ears and upper neck on an ellipsoid.
// Throws kCancelled within a key frame's time of a stop.
InitialHead initial_head(const TrainingFilm& film, const InitialisationOptions& options,
                         const WorkContext& context);

// Shoulders, clothes and neck on a plane facing the camera; reaches up behind the chin. Stops as above.
GaussianLayer initial_torso(const TrainingFilm& film, const std::vector<face::HeadPose>& torso_poses,
                            const GaussianLayer& head, const PoseDrivers& drivers,
                            const InitialisationOptions& options, const WorkContext& context);

}  // namespace anima::avatar
