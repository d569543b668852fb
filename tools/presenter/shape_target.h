// A shape target of MakeHuman: offsets of some vertices of the base mesh.
#pragma once

#include <filesystem>
#include <string>

#include "presenter/geometry.h"

namespace anima::presenter {

struct ShapeTarget {
  std::vector<std::uint32_t> vertices;
  Points offsets;

  // positions[v] += weight * offset
  void add_to(std::span<Vec3> positions, float weight) const;

  template <typename Predicate>
  void remove_if(const Predicate& unwanted) {
    ShapeTarget kept;
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      if (unwanted(vertices[i])) continue;
      kept.vertices.push_back(vertices[i]);
      kept.offsets.push_back(offsets[i]);
    }
    *this = std::move(kept);
  }
};

// Lines "vertex dx dy dz". A target may be empty: one of the macro targets is. Throws Error as
// parse_mesh does, also for a vertex at or above `vertex_count`.
ShapeTarget parse_target(const std::string& text, std::size_t vertex_count, const std::string& name);
ShapeTarget read_target(const std::filesystem::path& path, std::size_t vertex_count);

}  // namespace anima::presenter
