// Head poses once more, now that the person's expressions are known.
//
// The first poses rest on the few vertices that follow the skull. With expression modes all
// vertices can vote: pose and weights of a frame are solved together, so that a raised brow is
// a raised brow and not a nod, and the noise of 468 landmarks averages out.
#pragma once

#include <Eigen/Core>
#include <vector>

#include "face/camera.h"
#include "face/expression_basis.h"
#include "face/tracked_film.h"

namespace anima::face {

struct PoseRefinementOptions {
  // Independent landmarks that a face is worth against the prior that weights are standard
  // normal; landmark errors are strongly correlated.
  double effective_landmarks = 40;
  double huber = 2.5;  // in standard deviations of a vertex
};

// Standard deviation per axis in pixels of every vertex (kMeshVertices) about its prediction,
// over the frames [0, last) with a face; robust, never below a twentieth of a pixel.
Eigen::VectorXd vertex_noise_px(const std::vector<FaceObservation>& observations, const Camera& camera,
                                const std::vector<HeadPose>& poses, const ExpressionBasis& basis,
                                const std::vector<Weights>& weights, int last);

// The pose of one frame; `weights` gives blinks and gaze and where mouth and brows start.
HeadPose refine_pose(const FaceObservation& seen, const Camera& camera, const HeadPose& pose,
                     const ExpressionBasis& basis, const Weights& weights, const Eigen::VectorXd& noise_px,
                     const PoseRefinementOptions& options);

}  // namespace anima::face
