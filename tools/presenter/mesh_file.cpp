#include "presenter/mesh_file.h"

#include <algorithm>

#include "core/files.h"
#include "presenter/text_lines.h"

namespace anima::presenter {
namespace {

constexpr std::uint64_t kLimit_bytes = 64ULL << 20U;
constexpr std::size_t kGroupLimit = 10000;

std::uint16_t group_number(PolygonMesh& mesh, const std::string& group) {
  auto& names = mesh.group_names;
  const auto number = std::find(names.begin(), names.end(), group) - names.begin();
  if (static_cast<std::size_t>(number) == names.size()) names.push_back(group);
  return static_cast<std::uint16_t>(number);
}

}  // namespace

PolygonMesh parse_mesh(const std::string& text, const std::string& name) {
  PolygonMesh mesh;
  std::uint16_t group = 0;
  std::size_t with_uvs = 0;
  for_each_line(text, [&](const std::vector<std::string_view>& fields, std::size_t line) {
    const auto numbers = [&](std::size_t count) {
      if (fields.size() < count + 1) refuse_line(name, line, "too few numbers");
    };
    if (fields[0] == "v") {
      numbers(3);
      mesh.positions.emplace_back(read_number(fields[1], name, line), read_number(fields[2], name, line),
                                  read_number(fields[3], name, line));
    } else if (fields[0] == "vt") {
      numbers(2);
      mesh.uvs.emplace_back(read_number(fields[1], name, line), read_number(fields[2], name, line));
    } else if (fields[0] == "g") {
      if (mesh.group_names.size() >= kGroupLimit) refuse_line(name, line, "too many groups");
      group = group_number(mesh, fields.size() > 1 ? std::string(fields[1]) : "");
    } else if (fields[0] == "f") {
      if (fields.size() < 4 || fields.size() > 5)
        refuse_line(name, line, "a face must have three or four corners");
      if (mesh.group_names.empty()) group = group_number(mesh, "");
      Quad corners{};
      Quad uvs{};
      bool has_uvs = true;
      for (std::size_t k = 0; k < 4; ++k) {
        const std::string_view corner = fields[std::min(k + 1, fields.size() - 1)];
        const std::string_view first = corner.substr(0, corner.find('/'));
        // Indices count from one: index 0 stands for "before the first" and is refused too.
        corners[k] = read_index(first, mesh.positions.size() + 1, name, line) - 1;
        if (corners[k] >= mesh.positions.size()) refuse_line(name, line, "index 0");
        const std::string_view rest = corner.substr(std::min(first.size() + 1, corner.size()));
        const std::string_view second = rest.substr(0, rest.find('/'));
        has_uvs = has_uvs && !second.empty();
        if (has_uvs) {
          uvs[k] = read_index(second, mesh.uvs.size() + 1, name, line) - 1;
          if (uvs[k] >= mesh.uvs.size()) refuse_line(name, line, "texture index 0");
        }
      }
      mesh.faces.push_back(corners);
      mesh.face_uvs.push_back(uvs);
      mesh.groups.push_back(group);
      with_uvs += has_uvs ? 1 : 0;
    }
  });
  if (mesh.faces.empty()) {
    throw Error(ErrorCode::kCorruptData, name + " holds no faces",
                "take the file from ../shared/presenter again");
  }
  if (with_uvs != mesh.faces.size()) mesh.face_uvs.clear();
  return mesh;
}

PolygonMesh read_mesh(const std::filesystem::path& path) {
  return parse_mesh(read_text_file(path, kLimit_bytes), path.string());
}

}  // namespace anima::presenter
