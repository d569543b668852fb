#include "avatar/renderer.h"

#include <algorithm>
#include <cmath>

#include "avatar/reference_renderer.h"
#include "avatar/simd_renderer.h"
#include "core/error.h"

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
              "use 'simd' or 'reference'");
}

void composite(const Canvas& canvas, const std::uint8_t* background_rgb, std::uint8_t* out_rgb) {
  const std::size_t pixels = static_cast<std::size_t>(canvas.width) * canvas.height;
  const auto to_byte = [](float value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
  };
  for (std::size_t i = 0; i < pixels; ++i) {
    const float left = canvas.transmittance[i];
    out_rgb[i * 3] = to_byte(canvas.red[i] * 255 + left * background_rgb[i * 3]);
    out_rgb[i * 3 + 1] = to_byte(canvas.green[i] * 255 + left * background_rgb[i * 3 + 1]);
    out_rgb[i * 3 + 2] = to_byte(canvas.blue[i] * 255 + left * background_rgb[i * 3 + 2]);
  }
}

}  // namespace anima::avatar
