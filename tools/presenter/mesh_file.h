// Wavefront OBJ, as far as the presenter's geometry uses it: v, vt, g and f of triangles and quads.
#pragma once

#include <filesystem>
#include <string>

#include "presenter/geometry.h"

namespace anima::presenter {

// Throws Error: kNotFound; kCorruptData, naming `name` and the line, for numbers that are none, an
// index of nothing, or a face of fewer than three or more than four corners. Other lines are skipped.
PolygonMesh parse_mesh(const std::string& text, const std::string& name);
PolygonMesh read_mesh(const std::filesystem::path& path);

}  // namespace anima::presenter
