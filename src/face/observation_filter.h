// Takes the tremble out of tracked landmarks without slowing the lips.
//
// The head moves as one rigid body, and most frame-to-frame noise is shared by all landmarks:
// that motion is smoothed, a little. What each landmark does relative to the head (lips, lids,
// brows) is left exactly as it was seen: a closure of the lips lasts one frame.
#pragma once

#include <span>
#include <vector>

#include "face/tracked_film.h"

namespace anima::face {

struct ObservationFilterOptions {
  // Of the Gaussian over the head's rotation, size and place. Measured on two films by how well
  // the stabilised skin stays where it is from frame to frame: 0.4 to 0.5 frames is best. Nods
  // are fast: beyond 0.6 the blur of the motion outweighs the tremble that goes.
  double rigid_sigma_frames = 0.45;
  int longest_gap_frames = 5;  // that is interpolated; longer ones stay lost
  // A single frame that is this far (in face sizes) from where both its neighbours agree the
  // head is, was a mistake of the network.
  double outlier_face_sizes = 0.04;
};

struct FilteredObservations {
  // As given, with found = true and presence = 0 in interpolated frames.
  std::vector<FaceObservation> observations;
  std::vector<int> interpolated_frames;  // gaps and outliers, ascending
  int lost_frames = 0;                   // still without a face
};

FilteredObservations filter_observations(std::span<const FaceObservation> observations,
                                         const ObservationFilterOptions& options = {});

}  // namespace anima::face
