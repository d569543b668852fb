// Which vertices of the mesh belong to what, as smooth weights.
//
// All are functions of the place on the canonical mesh, so that they need no hand-made lists of
// hundreds of indices and stay smooth over the skin: a mode cut off hard would tear it.
#pragma once

#include <Eigen/Core>

namespace anima::face {

struct FaceRegions {
  Eigen::VectorXd lower_face;  // kLandmarks, 0..1: lips, jaw, cheeks, base of the nose
  Eigen::VectorXd lips;        // kLandmarks, 0..1: the lips and their close surround
  Eigen::VectorXd brows;       // kLandmarks, 0..1: brows and forehead, above the lids
  Eigen::VectorXd right_eye;   // kLandmarks, 0..1: lids of the person's right eye (left in the picture)
  Eigen::VectorXd left_eye;    // kLandmarks, 0..1
  Eigen::VectorXd rigid;       // kLandmarks, 0 or 1: follows the skull: forehead, bridge of the nose,
                               // temples, eye corners, cheek bones
};

// Made on first use from canonical_mesh(); safe from any thread.
const FaceRegions& face_regions();

}  // namespace anima::face
