// Drawing Gaussian layers, and the derivative of the picture: one interface, several renderers.
//
//   auto renderer = make_renderer("simd");
//   RenderPass pass;                          // owns all scratch memory; one per thread
//   renderer->forward(scene, pass);           // pass.canvas: premultiplied colour, transmittance
//   renderer->backward(scene, pass, canvas_gradient, gradient);
//
// Model: each Gaussian is projected with the local affine approximation of the perspective
// (Zwicker et al., "EWA Splatting", 2002; Kerbl et al., "3D Gaussian Splatting", 2023), sorted
// by depth and composited front to back:
//   alpha_i = min(0.99, opacity_i * exp(-1/2 d^T cov_i^-1 d)), skipped where below 1/255
//   colour  = sum_i T_i alpha_i c_i,   T_{i+1} = T_i (1 - alpha_i)
// `kPixelVariance` px^2 is added to both screen axes, so that no Gaussian falls between pixels.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "avatar/gaussian_layer.h"
#include "face/camera.h"

namespace anima {
class ThreadPool;
}

namespace anima::avatar {

inline constexpr float kPixelVariance = 0.15F;
inline constexpr float kMinAlpha = 1.0F / 255.0F;
inline constexpr float kMaxAlpha = 0.99F;
inline constexpr float kNearest = 1.0F;  // head units; Gaussians nearer to the camera are not drawn

// One layer as it stands in one frame. Views: the layer and weights outlive the call.
struct PlacedLayer {
  const GaussianLayer* layer = nullptr;
  face::HeadPose pose;
  std::span<const float> weights;  // one per mode
};

struct Scene {
  face::Camera camera;
  std::vector<PlacedLayer> layers;
};

// Planes of width*height floats.
struct Canvas {
  int width = 0;
  int height = 0;
  std::vector<float> red, green, blue;  // premultiplied by coverage
  std::vector<float> transmittance;     // 1 where nothing was drawn

  void resize(int width_px, int height_px);
};

// Derivative of the loss with respect to each plane of the canvas.
using CanvasGradient = Canvas;

struct LayerGradient {
  std::vector<float> base;            // [kBasePlanes][count], of the blended attributes
  std::vector<double> weights;        // [modes]
  double rotation[3] = {0, 0, 0};     // of a small rotation in camera space applied after the pose's own
  double translation[3] = {0, 0, 0};  // of the pose's translation
};

// A projected Gaussian, as the rasteriser reads it: one cache line.
struct alignas(64) Splat {
  float u, v;     // centre, px
  float a, b, c;  // log2(e)/2 times the inverse covariance [a b; b c], 1/px^2
  float log2_opacity;
  float red, green, blue;
  float half_width, half_height;  // px, where alpha falls to kMinAlpha; negative: not drawn
  float depth;
  float opacity;
  float unused[3];
};

// Sums over the pixels of one splat, with d = pixel - centre and q = d loss / d exponent:
// what the derivatives of its centre, shape and opacity are made of.
struct alignas(64) SplatGradient {
  float q, qx, qy, qxx, qxy, qyy;
  float red, green, blue;  // d loss / d colour
  float unused[7];
};

struct RenderPass {
  Canvas canvas;
  // Owned by the renderer that ran forward; valid until the next forward with this pass.
  std::vector<std::vector<float>> blended;  // per layer [kModalPlanes][count]
  std::vector<Splat> splats;                // all layers, one after the other
  std::vector<SplatGradient> splat_gradients;
  std::vector<std::uint32_t> order, keys, scratch;  // depth sorting
  std::vector<std::uint32_t> tile_start, tile_items;
};

class Renderer {
 public:
  virtual ~Renderer() = default;
  virtual std::string_view name() const = 0;
  // With a pool, the work inside one picture is shared among its threads; without, one thread
  // does it all (training runs one picture per thread instead).
  virtual void forward(const Scene& scene, RenderPass& pass, ThreadPool* pool = nullptr) const = 0;
  // After `forward` with the same scene and pass. `gradient` gets one entry per layer,
  // overwritten.
  virtual void backward(const Scene& scene, RenderPass& pass, const CanvasGradient& canvas_gradient,
                        std::vector<LayerGradient>& gradient) const = 0;
};

// "reference" (plain loops in double precision, the truth in tests) or "simd" (vectors of this
// machine through Highway, 16x16 tiles). Throws Error(kInvalidArgument) for another name.
std::unique_ptr<Renderer> make_renderer(const std::string& name);

// Picture over a background of 3 interleaved 8-bit channels (same size); limits to 0..255 (NaN: 0) and
// rounds to nearest.
void composite(const Canvas& canvas, const std::uint8_t* background_rgb, std::uint8_t* out_rgb);

}  // namespace anima::avatar
