#include "avatar/renderer.h"

#include "avatar/reference_renderer.h"
#include "avatar/simd_renderer.h"
#include "core/error.h"
#include "core/nearest_match.h"

namespace anima::avatar {

void Canvas::resize(int width_px, int height_px) {
  width = width_px;
  height = height_px;
  const std::size_t size = static_cast<std::size_t>(width_px) * height_px;
  for (std::vector<float>* plane : {&red, &green, &blue, &transmittance}) plane->resize(size);
}

std::unique_ptr<Renderer> make_renderer(const std::string& name) {
  if (name == "reference") return make_reference_renderer();
  if (name == "simd") return make_simd_renderer();
  throw Error(ErrorCode::kInvalidArgument, "there is no renderer '" + name + "'",
              did_you_mean(name, {"simd", "reference"}, "use 'simd' or 'reference'"));
}

}  // namespace anima::avatar
