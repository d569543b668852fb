// One person's resting face shape and one camera, from many frames at once.
//
// Bundle adjustment (Triggs, McLauchlan, Hartley, Fitzgibbon, "Bundle Adjustment - A Modern
// Synthesis", 2000) over the vertices that follow the skull: poses and shape move together,
// poses are eliminated by the Schur complement. Landmark networks err in the same way in every
// frame, so the frames count as far fewer than they are, and the canonical face stays a prior.
#pragma once

#include <Eigen/Core>
#include <span>
#include <utility>
#include <vector>

#include "core/progress.h"
#include "face/camera.h"
#include "face/reprojection.h"
#include "face/tracked_film.h"

namespace anima::face {

struct StaticShapeOptions {
  int keyframes = 96;               // frames that take part, spread over the film
  double effective_keyframes = 40;  // how many independent frames they are worth against the priors
  double lateral_sigma = 1.0;       // head units: how far x and y may lie from the canonical face
  double depth_sigma = 0.5;         // head units: the same for z
  double edge_sigma = 0.15;         // head units: how much that displacement may differ along an edge
  double huber_px = 2.0;            // residuals (at width 512) beyond this count linearly
  // Focal lengths at width 512 that are tried. One camera and a nearly frontal head determine
  // the focal length poorly, so of those whose residual is within `focal_tolerance` of the best
  // the one nearest to `focal_prior_px` (in the logarithm) is taken.
  double focal_low_px = 500;
  double focal_high_px = 2000;
  double focal_prior_px = 1000;
  double focal_tolerance = 0.005;
  int focal_steps = 7;
};

using Shape = Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>;

struct StaticShape {
  Camera camera;
  Shape vertices;                // kLandmarks x 3: the person's mean face, head units
  Eigen::VectorXd pose_weights;  // kLandmarks: weight of each vertex in a pose fit; 0 = not rigid
  std::vector<std::pair<double, double>> focal_residuals;  // focal_px tried, weighted rms in px
  double rms_px = 0;  // weighted rms per axis over the rigid vertices of the keyframes
};

// Fits shape and focal length to frames that all show a face (at least 10, else
// Error(kUnusableInput)). Deterministic.
StaticShape fit_static_shape(std::span<const FaceObservation* const> frames, int width_px, int height_px,
                             const StaticShapeOptions& options, const WorkContext& context);

// The point of the head plane z = head_z that is seen at `pixel`: its x and y, head units.
Eigen::Vector2d on_head_plane(const Camera& camera, const Placement& placement, const Eigen::Vector2d& pixel,
                              double head_z);

// Places the canonical face by three-dimensional similarity (Umeyama 1991) on the network's own
// x, y, z: right to a few degrees, where every refinement starts.
Placement initial_placement(const FaceObservation& frame, const Camera& camera, const Shape& shape,
                            const Eigen::VectorXd& weights);

// Refines one placement by robust Gauss-Newton with Levenberg-Marquardt damping.
// Returns the weighted rms per axis in pixels.
double refine_placement(const FaceObservation& frame, const Camera& camera, const Shape& shape,
                        const Eigen::VectorXd& weights, double huber_px, Placement& placement);

}  // namespace anima::face
