// MediaPipe's canonical face model, read from the npm package that carries it.
//
// The numbers are Google's (Apache-2.0), so they are read from the installed, checksummed package
// instead of being copied into this source.
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "face/expression_basis.h"

namespace anima::face {

struct CanonicalMesh {
  Vertices vertices;  // kMeshVertices x 3, centimetres, our axes
  Eigen::Matrix<float, Eigen::Dynamic, 2, Eigen::RowMajor> texture;  // kMeshVertices x 2, in [0,1]
  std::vector<std::array<int, 3>> triangles;
  // MediaPipe's weights for rigid alignment: how far each vertex follows the skull. Mostly 0.
  Eigen::VectorXd procrustes_weights;     // kMeshVertices
  std::vector<std::array<int, 2>> edges;  // each edge once, lower index first
};

// Reads a `mediapipe.face_geometry.GeometryPipelineMetadata` protocol buffer (fields:
// canonical_mesh = 1 {vertex_buffer = 3 (x y z u v), index_buffer = 4}, procrustes_landmark_basis
// = 2 {landmark_id = 1, weight = 2}) and turns MediaPipe's axes (y up, z towards the camera) into
// ours. `source` is named in errors. Throws Error(kCorruptData) for anything that is not such a
// mesh of 468 vertices.
CanonicalMesh parse_canonical_mesh(std::span<const std::byte> bytes, const std::string& source);

// The installed one, read on first use and kept for the life of the program; safe from any
// thread. Throws Error(kNotReady) when the package is missing.
const CanonicalMesh& canonical_face();

}  // namespace anima::face
