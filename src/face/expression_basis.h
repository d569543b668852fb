// A person's own face: neutral mesh and linear expression modes, in canonical head space.
#pragma once

#include <Eigen/Core>
#include <array>
#include <vector>

#include "core/tensor_file.h"

namespace anima::face {

inline constexpr int kMeshVertices = 468;   // MediaPipe's canonical face mesh
inline constexpr int kLandmarks = 478;      // mesh + 5 points per iris (right iris 468.., left iris 473..)

// Modes in this order, so that speech drives the mouth while blinks, brows and gaze keep their
// own drivers.
inline constexpr int kMouthModes = 12;  // principal components of the lower face
inline constexpr int kBrowModes = 4;    // principal components of brows and forehead
inline constexpr int kBlinkModes = 2;   // the person's right eye (left in the picture), then the left
inline constexpr int kGazeModes = 2;    // horizontal (+ = to the right of the picture), vertical (+ = down)
inline constexpr int kModes = kMouthModes + kBrowModes + kBlinkModes + kGazeModes;
inline constexpr int kFirstMouth = 0;
inline constexpr int kFirstBrow = kMouthModes;
inline constexpr int kFirstBlink = kFirstBrow + kBrowModes;
inline constexpr int kFirstGaze = kFirstBlink + kBlinkModes;

// Mouth, brow and gaze weights have zero mean and unit standard deviation over the film's
// training part (a mode without variance has weight 0); blink weights are 0 for the open eye of
// this person and 1 for the closed one.
using Weights = std::array<float, kModes>;

using Vertices = Eigen::Matrix<float, Eigen::Dynamic, 3, Eigen::RowMajor>;

struct ExpressionBasis {
  Vertices neutral;                      // kLandmarks x 3, weights all zero
  std::array<Vertices, kModes> modes;    // each kLandmarks x 3: displacement per unit of weight
  // The mesh is neutral + sum_k weights[k] * modes[k].
  Vertices mesh(const Weights& weights) const;
  // Weights whose mesh has its lips closed at rest: what silence looks like for this person.
  Weights rest{};

  void save(TensorFile& file) const;  // tensors "face.*"
  static ExpressionBasis load(const TensorFile& file);
};

// Triangles of the 468-vertex mesh (vertex indices, counter-clockwise seen from the camera is
// not guaranteed), and index sets of the attention model.
const std::vector<std::array<int, 3>>& mesh_triangles();
// MediaPipe's canonical face model: 468 x 3, centimetres, in our axes (y down, z away).
const Vertices& canonical_mesh();

// Inner-lip opening in head units: mean distance of the inner upper and lower lip at the middle
// three points (13-14, 82-87, 312-317), of a mesh in head space.
float lip_opening(const Vertices& mesh);

}  // namespace anima::face
