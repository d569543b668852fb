#include "presenter/shape_target.h"

#include "core/files.h"
#include "presenter/text_lines.h"

namespace anima::presenter {

constexpr std::uint64_t kLimit_bytes = 16ULL << 20U;

void ShapeTarget::add_to(std::span<Vec3> positions, float weight) const {
  if (weight == 0) return;
  for (std::size_t i = 0; i < vertices.size(); ++i) positions[vertices[i]] += weight * offsets[i];
}

ShapeTarget parse_target(const std::string& text, std::size_t vertex_count, const std::string& name) {
  ShapeTarget target;
  for_each_line(text, [&](const std::vector<std::string_view>& fields, std::size_t line) {
    if (fields.size() != 4) refuse_line(name, line, "a target's line is: vertex dx dy dz");
    target.vertices.push_back(read_index(fields[0], vertex_count, name, line));
    target.offsets.emplace_back(read_number(fields[1], name, line), read_number(fields[2], name, line),
                                read_number(fields[3], name, line));
  });
  return target;
}

ShapeTarget read_target(const std::filesystem::path& path, std::size_t vertex_count) {
  return parse_target(read_text_file(path, kLimit_bytes), vertex_count, path.string());
}

}  // namespace anima::presenter
