// Points and polygon meshes as plain values. Unit: decimetre; x right in the picture, y up, z out
// of the face towards the camera.
#pragma once

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace anima::presenter {

using Vec2 = Eigen::Vector2f;
using Vec3 = Eigen::Vector3f;
using Points = std::vector<Vec3>;

// Corners counter-clockwise seen from outside; a triangle repeats its last corner.
using Quad = std::array<std::uint32_t, 4>;

inline bool is_triangle(const Quad& q) {
  return q[2] == q[3];
}

struct PolygonMesh {
  Points positions;
  std::vector<Vec2> uvs;
  std::vector<Quad> faces;
  std::vector<Quad> face_uvs;         // indices into uvs, one a face; empty without texture coordinates
  std::vector<std::uint16_t> groups;  // of each face, into group_names
  std::vector<std::string> group_names;

  // Indices of the faces of one group, in file order; empty when there is no such group.
  std::vector<Quad> faces_of(const std::string& group) const;
  // Vertices that the group's faces use, ascending.
  std::vector<std::uint32_t> vertices_of(const std::string& group) const;
};

// Area-weighted normals of the vertices; vertices without faces get (0, 0, 0).
Points vertex_normals(std::span<const Vec3> positions, std::span<const Quad> faces);

// Sets of faces that share vertices: a component number for each vertex, -1 for one without faces.
std::vector<int> connected_components(std::size_t vertices, std::span<const Quad> faces);

// 0 below `low`, 1 above `high`, a cubic between; low > high turns it round.
inline float smoothstep(float low, float high, float x) {
  const float t = std::min(1.0F, std::max(0.0F, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

}  // namespace anima::presenter
