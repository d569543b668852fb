// From landmarks and head poses to a person's own expression modes and their weights per frame.
#pragma once

#include <vector>

#include "core/progress.h"
#include "face/expression_basis.h"
#include "face/head_pose_fit.h"
#include "face/tracked_film.h"

namespace anima::face {

struct ExpressionFitOptions {
  // Landmark noise, pixels at width 512, and how many independent landmarks a face is worth:
  // the balance between the data and the prior that weights are standard normal.
  double noise_px = 1.0;
  double effective_landmarks = 40;
  // Gaussian over time. Lips close for a single frame in a "p": they must not be smoothed away.
  double mouth_sigma_frames = 0.35;
  double brow_sigma_frames = 1.0;
  double gaze_sigma_frames = 0.5;
  // How much of the network's own depth, regressed on the weights, is believed.
  double depth_share = 0.7;
};

struct ExpressionFit {
  ExpressionBasis basis;         // from frames [0, training_frames) that show a face
  std::vector<Weights> weights;  // every frame; frames without a face are interpolated
};

// Head-space mesh of what was seen, then: blinks and gaze by measure, their modes by regression;
// mouth and brows by principal components of the rest under smooth masks; depths of all modes by
// regressing the network's relative z, far too noisy in one frame, over the whole film; weights
// of all frames by ridge regression of the reprojection. Two threads at most.
ExpressionFit fit_expressions(const std::vector<FaceObservation>& observations, const HeadPoseFit& head,
                              int training_frames, const ExpressionFitOptions& options,
                              const WorkContext& context);

}  // namespace anima::face
