// An accessory (eyes, teeth, lashes, clothes) and how its vertices hang on the base mesh (.mhclo).
#pragma once

#include <filesystem>
#include <string>

#include "presenter/geometry.h"

namespace anima::presenter {

struct AccessoryBinding {
  // One accessory vertex: the weighted mean of three base vertices plus an offset that scales with
  // the body.
  struct Anchor {
    std::array<std::uint32_t, 3> vertices{};
    std::array<float, 3> weights{1, 0, 0};
    Vec3 offset = Vec3::Zero();
  };
  // Along each axis the offset's unit is the distance of two base vertices over a stated length.
  struct Scale {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    float length_dm = 0;  // 0: no scaling along this axis
  };
  std::array<Scale, 3> scales;  // x, y, z
  std::vector<Anchor> anchors;
  std::vector<std::uint32_t> hidden;  // base vertices that lie under the accessory, ascending

  Points fit(std::span<const Vec3> base) const;
};

// Throws Error as parse_mesh does, also for base vertices at or above `base_vertices`.
AccessoryBinding parse_binding(const std::string& text, std::size_t base_vertices, const std::string& name);

struct Accessory {
  PolygonMesh mesh;
  AccessoryBinding binding;  // one anchor a vertex of `mesh`
};

// Reads FOLDER/STEM.obj and FOLDER/STEM.mhclo. Throws Error(kCorruptData) where their vertex counts
// differ.
Accessory read_accessory(const std::filesystem::path& folder, const std::string& stem,
                         std::size_t base_vertices);

}  // namespace anima::presenter
