// Where the head is in every frame of a film: full perspective, one focal length.
#pragma once

#include <span>
#include <vector>

#include "core/progress.h"
#include "face/static_shape_fit.h"
#include "face/tracked_film.h"

namespace anima::face {

struct HeadPoseFitOptions {
  StaticShapeOptions shape;
  // Gaussian over time, for observations that did not go through filter_observations(), which
  // steadies the head already; the two add in squares. Nods are fast, and films of other frame
  // rates nod unevenly on our grid: measured photometrically, 0.4 frames in all steady the
  // picture and 0.5 already blur its nods.
  double smoothing_sigma_frames = 0;
};

struct HeadPoseFit {
  StaticShape shape;                // from the training frames only
  std::vector<HeadPose> poses;      // every frame; frames without a face are interpolated
  std::vector<HeadPose> raw_poses;  // the same before smoothing; meaningless without a face
};

// Throws Error(kUnusableInput) when fewer than 50 of the first `training_frames` show a face.
// Two threads at most.
HeadPoseFit fit_head_poses(const std::vector<FaceObservation>& observations, int width_px, int height_px,
                           int training_frames, const HeadPoseFitOptions& options,
                           const WorkContext& context);

// Bridges frames without a face, makes the rotation vectors continuous, and smooths.
void settle_poses(const std::vector<FaceObservation>& observations, double smoothing_sigma_frames,
                  std::vector<HeadPose>& poses);

// Rotation vectors differ by whole turns for the same rotation; this picks, for each, the one
// nearest to the one before, so that they can be filtered and interpolated.
void make_continuous(std::vector<HeadPose>& poses);

// Gaussian weights for offsets -radius..radius, sum 1. sigma_frames <= 0 gives {1}.
std::vector<double> gaussian_kernel(double sigma_frames);

}  // namespace anima::face
