#include "presenter/accessory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/files.h"
#include "presenter/mesh_file.h"
#include "presenter/text_lines.h"

namespace anima::presenter {
namespace {

constexpr std::uint64_t kLimit_bytes = 16ULL << 20U;

// "12 - 15 20" hides 12, 13, 14, 15 and 20.
void read_hidden(const std::vector<std::string_view>& fields, std::size_t base_vertices,
                 const std::string& name, std::size_t line, std::vector<std::uint32_t>& hidden) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::uint32_t first = read_index(fields[i], base_vertices, name, line);
    std::uint32_t last = first;
    if (i + 2 < fields.size() && fields[i + 1] == "-") {
      last = read_index(fields[i + 2], base_vertices, name, line);
      i += 2;
    }
    if (last < first || hidden.size() > base_vertices)
      refuse_line(name, line, "a range of vertices that is none");
    for (std::uint32_t v = first; v <= last; ++v) hidden.push_back(v);
  }
}

}  // namespace

Points AccessoryBinding::fit(std::span<const Vec3> base) const {
  Vec3 unit = Vec3::Ones();
  for (int axis = 0; axis < 3; ++axis) {
    const Scale& s = scales[axis];
    if (s.length_dm > 0) unit[axis] = std::abs(base[s.from][axis] - base[s.to][axis]) / s.length_dm;
  }
  Points positions;
  positions.reserve(anchors.size());
  for (const Anchor& a : anchors) {
    positions.emplace_back(a.weights[0] * base[a.vertices[0]] + a.weights[1] * base[a.vertices[1]] +
                           a.weights[2] * base[a.vertices[2]] + a.offset.cwiseProduct(unit));
  }
  return positions;
}

AccessoryBinding parse_binding(const std::string& text, std::size_t base_vertices, const std::string& name) {
  enum class Part { kHead, kVertices, kHidden };
  Part part = Part::kHead;
  AccessoryBinding binding;
  for_each_line(text, [&](const std::vector<std::string_view>& fields, std::size_t line) {
    const bool is_scale = fields[0].size() == 7 && fields[0].ends_with("_scale") && fields.size() == 4;
    if (is_scale && fields[0][0] >= 'x' && fields[0][0] <= 'z') {
      AccessoryBinding::Scale& scale = binding.scales[static_cast<std::size_t>(fields[0][0] - 'x')];
      scale.from = read_index(fields[1], base_vertices, name, line);
      scale.to = read_index(fields[2], base_vertices, name, line);
      scale.length_dm = read_number(fields[3], name, line);
      if (!(scale.length_dm > 0)) refuse_line(name, line, "a scale must be positive");
    } else if (fields[0] == "verts") {
      part = Part::kVertices;
    } else if (fields[0] == "delete_verts") {
      part = Part::kHidden;
    } else if (part == Part::kHidden) {
      read_hidden(fields, base_vertices, name, line, binding.hidden);
    } else if (part == Part::kVertices) {
      AccessoryBinding::Anchor anchor;
      if (fields.size() == 1) {
        anchor.vertices.fill(read_index(fields[0], base_vertices, name, line));
      } else if (fields.size() == 9) {
        for (std::size_t k = 0; k < 3; ++k) {
          anchor.vertices[k] = read_index(fields[k], base_vertices, name, line);
          anchor.weights[k] = read_number(fields[3 + k], name, line);
          anchor.offset[static_cast<Eigen::Index>(k)] = read_number(fields[6 + k], name, line);
        }
      } else if (fields[0].find_first_not_of("0123456789") == std::string_view::npos) {
        refuse_line(name, line, "a bound vertex has one number or nine");
      } else {
        return;  // a setting that does not concern us
      }
      binding.anchors.push_back(anchor);
    }
  });
  if (binding.anchors.empty()) {
    throw Error(ErrorCode::kCorruptData, name + " binds no vertices",
                "take the file from ../shared/presenter again");
  }
  std::sort(binding.hidden.begin(), binding.hidden.end());
  return binding;
}

Accessory read_accessory(const std::filesystem::path& folder, const std::string& stem,
                         std::size_t base_vertices) {
  Accessory accessory;
  accessory.mesh = read_mesh(folder / (stem + ".obj"));
  const std::filesystem::path path = folder / (stem + ".mhclo");
  accessory.binding = parse_binding(read_text_file(path, kLimit_bytes), base_vertices, path.string());
  if (accessory.binding.anchors.size() != accessory.mesh.positions.size()) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("{} binds {} vertices, but {}.obj has {}", path.string(),
                            accessory.binding.anchors.size(), stem, accessory.mesh.positions.size()),
                "take both files from ../shared/presenter again");
  }
  return accessory;
}

}  // namespace anima::presenter
