#include "presenter/geometry.h"

#include <algorithm>
#include <numeric>

namespace anima::presenter {

std::vector<Quad> PolygonMesh::faces_of(const std::string& group) const {
  std::vector<Quad> chosen;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    if (group_names[groups[i]] == group) chosen.push_back(faces[i]);
  }
  return chosen;
}

std::vector<std::uint32_t> PolygonMesh::vertices_of(const std::string& group) const {
  std::vector<std::uint32_t> vertices;
  for (const Quad& q : faces_of(group)) vertices.insert(vertices.end(), q.begin(), q.end());
  std::sort(vertices.begin(), vertices.end());
  vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
  return vertices;
}

Points vertex_normals(std::span<const Vec3> positions, std::span<const Quad> faces) {
  Points normals(positions.size(), Vec3::Zero());
  for (const Quad& q : faces) {
    // The cross product of the diagonals is twice the area of a quad, and of a triangle too.
    const Vec3 normal = (positions[q[2]] - positions[q[0]]).cross(positions[q[3]] - positions[q[1]]);
    const Vec3 area = is_triangle(q)
                          ? Vec3((positions[q[1]] - positions[q[0]]).cross(positions[q[2]] - positions[q[0]]))
                          : normal;
    for (int k = 0; k < (is_triangle(q) ? 3 : 4); ++k) normals[q[k]] += area;
  }
  for (Vec3& n : normals) {
    const float length = n.norm();
    if (length > 0) n /= length;
  }
  return normals;
}

std::vector<int> connected_components(std::size_t vertices, std::span<const Quad> faces) {
  std::vector<std::uint32_t> parent(vertices);
  std::iota(parent.begin(), parent.end(), 0U);
  const auto root = [&](std::uint32_t v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
  };
  std::vector<bool> used(vertices);
  for (const Quad& q : faces) {
    for (const std::uint32_t v : q) {
      used[v] = true;
      parent[root(v)] = root(q[0]);
    }
  }
  std::vector<int> number(vertices, -1);
  std::vector<int> component(vertices, -1);
  int count = 0;
  for (std::uint32_t v = 0; v < vertices; ++v) {
    if (!used[v]) continue;
    int& n = number[root(v)];
    if (n < 0) n = count++;
    component[v] = n;
  }
  return component;
}

}  // namespace anima::presenter
