// From what the networks saw to a tracked film: camera, poses, the person's modes, weights.
//
//   FrameStore frames = ...;                                  // 25 Hz, square, face in the middle
//   auto seen = track_frames(networks, frames, ...);          // 478 points per frame
//   TrackedFilm film = fit_film(seen, 512, 512, training_frames, context);
//   film.save("tracked.safetensors");
#pragma once

#include <vector>

#include "core/progress.h"
#include "face/expression_fit.h"
#include "face/head_pose_fit.h"
#include "face/pose_refinement.h"
#include "face/tracked_film.h"

namespace anima::face {

struct FilmFitOptions {
  HeadPoseFitOptions head;
  ExpressionFitOptions expression;
  PoseRefinementOptions refinement;
  int refinement_rounds = 2;  // poses from all vertices, then expressions again
};

// Frames [0, training_frames) shape the basis; poses and weights are found for all. Frames
// without a face keep found = false and get interpolated poses and weights. Throws
// Error(kUnusableInput) when fewer than 50 training frames show a face, Error(kInvalidArgument)
// for training_frames outside of the film, kCancelled on a stop. Deterministic.
TrackedFilm fit_film(const std::vector<FaceObservation>& observations, int width_px, int height_px,
                     int training_frames, const WorkContext& context);
TrackedFilm fit_film(const std::vector<FaceObservation>& observations, int width_px, int height_px,
                     int training_frames, const FilmFitOptions& options, const WorkContext& context);

// How well a tracked film explains what was seen: root mean squares per axis, in pixels, over
// the frames [first, last) with a face.
struct FitResidual {
  double rigid_px = 0;  // vertices that follow the skull
  double all_px = 0;    // all vertices of the mesh
  double lips_px = 0;   // inner and outer lips
  int frames = 0;
};
FitResidual fit_residual(const TrackedFilm& film, int first, int last);

}  // namespace anima::face
