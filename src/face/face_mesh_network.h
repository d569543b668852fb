// 478 landmarks of one face: MediaPipe's attention mesh.
//
// Source: Grishchenko et al., "Attention Mesh: High-fidelity Face Mesh Prediction in Real-time",
// 2020. The network gives a whole mesh and, from closer looks at them, lips, eyes and irises,
// which replace their part of the mesh here.
#pragma once

#include <Eigen/Core>

#include "core/image.h"
#include "face/expression_basis.h"
#include "face/face_square.h"
#include "nn/tflite_network.h"

namespace anima::face {

using Landmarks = Eigen::Matrix<float, kLandmarks, 3, Eigen::RowMajor>;

struct FaceMesh {
  float presence = 0;  // logit: a face is there where it is positive
  // x, y in px of the picture, pixel centres at +0.5; z in px as well, + = away from the camera,
  // about 0 at the middle of the head. z of lips and eyes comes from the whole mesh, z of the
  // irises is the mean of the eye's contour.
  Landmarks points = Landmarks::Zero();
};

class FaceMeshNetwork {
 public:
  FaceMeshNetwork();  // loads the model (model_files.h)

  // The face inside of `square`. Safe from several threads at once.
  FaceMesh run(const Image& picture, const FaceSquare& square) const;

 private:
  nn::TfliteNetwork network_;
};

}  // namespace anima::face
