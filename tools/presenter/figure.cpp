#include "presenter/figure.h"

#include <algorithm>

#include "core/error.h"
#include "presenter/mesh_file.h"
#include "presenter/pose_fields.h"

namespace anima::presenter {
namespace {

// Half one, half the other: no one's likeness, and a face that both languages' speakers know.
constexpr float kAsianShare = 0.5F;
constexpr float kCaucasianShare = 0.5F;

std::string file_stem(std::string_view target) {
  std::string stem = "mouth-" + std::string(target);
  std::replace(stem.begin(), stem.end(), '_', '-');
  return stem;
}

}  // namespace

Figure read_figure(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) {
    throw Error(ErrorCode::kNotFound, folder.string() + " is not a folder",
                "give --data the folder with base/, targets/, eyes/ and proxies/ (shared/presenter)");
  }
  Figure figure;
  figure.base = read_mesh(folder / "base" / "base.obj");
  const std::size_t vertices = figure.base.positions.size();

  figure.shaped = figure.base.positions;
  const auto macro = [&](const char* stem, float share) {
    read_target(folder / "targets" / "macro" / (std::string(stem) + ".target"), vertices)
        .add_to(figure.shaped, share);
  };
  macro("asian-female-young", kAsianShare);
  macro("caucasian-female-young", kCaucasianShare);

  const auto expression = [&](const std::string& stem) {
    return read_target(folder / "targets" / "expression" / (stem + ".target"), vertices);
  };
  // Teeth and tongue are moved rigidly by the rig: the targets would move them a second time.
  std::vector<bool> rigid(vertices);
  for (const char* group : {"helper-upper-teeth", "helper-lower-teeth", "helper-tongue"}) {
    for (const std::uint32_t v : figure.base.vertices_of(group)) rigid[v] = true;
  }
  for (std::size_t i = 0; i < kMouthTargets; ++i) {
    figure.mouth[i] = expression(file_stem(mouth_target_names()[i]));
    figure.mouth[i].remove_if([&](std::uint32_t v) { return rigid[v]; });
  }
  for (const auto side : {Side::kLeft, Side::kRight}) {
    const auto i = static_cast<std::size_t>(side);
    const std::string name = side == Side::kLeft ? "left" : "right";
    figure.eye_closure[i] = expression("eye-" + name + "-closure");
    figure.eye_slit[i] = expression("eye-" + name + "-slit");
    figure.brow_up[i] = expression("eyebrows-" + name + "-up");
    figure.brow_inner_up[i] = expression("eyebrows-" + name + "-inner-up");
    figure.brow_extern_up[i] = expression("eyebrows-" + name + "-extern-up");
    figure.brow_down[i] = expression("eyebrows-" + name + "-down");
  }

  const auto proxy = [&](const std::string& stem) {
    return read_accessory(folder / "proxies" / stem, stem, vertices);
  };
  figure.teeth = proxy("teeth_base");
  figure.tongue = proxy("tongue01");
  figure.lashes = proxy("eyelashes01");
  figure.brows = proxy("eyebrow001");
  figure.top = proxy("female_casualsuit01");
  figure.eyes = read_accessory(folder / "eyes", "high-poly", vertices);
  return figure;
}

}  // namespace anima::presenter
