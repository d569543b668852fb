#include "avatar/simd_renderer.h"

#include "avatar/simd_project.h"
#include "avatar/simd_raster.h"
#include "avatar/splat_tiles.h"
#include "core/threads.h"

namespace anima::avatar {
namespace {

std::span<const std::uint32_t> items_of(const RenderPass& pass, int tile) {
  const std::uint32_t from = pass.tile_start[tile];
  return {pass.tile_items.data() + from, pass.tile_start[tile + 1] - from};
}

class SimdRenderer : public Renderer {
 public:
  std::string_view name() const override { return "simd"; }

  void forward(const Scene& scene, RenderPass& pass, ThreadPool* pool) const override {
    pass.canvas.resize(scene.camera.width_px, scene.camera.height_px);
    std::size_t total = 0;
    for (const PlacedLayer& placed : scene.layers) total += placed.layer->count;
    pass.splats.resize(total);
    pass.blended.resize(scene.layers.size());
    std::size_t first = 0;
    for (std::size_t l = 0; l < scene.layers.size(); ++l) {
      const PlacedLayer& placed = scene.layers[l];
      pass.blended[l].resize(static_cast<std::size_t>(kModalPlanes) * placed.layer->count);
      blend_layer(*placed.layer, placed.weights, pass.blended[l].data());
      project_layer(scene.camera, placed, pass.blended[l].data(), pass.splats.data() + first);
      first += placed.layer->count;
    }
    sort_into_tiles(scene.camera.width_px, scene.camera.height_px, pass);

    const TileGrid grid = tile_grid(scene.camera.width_px, scene.camera.height_px);
    const auto draw_row = [&](int row, int) {
      for (int column = 0; column < grid.columns; ++column) {
        draw_tile(pass.splats.data(), items_of(pass, row * grid.columns + column), column * kTileSize,
                  row * kTileSize, pass.canvas);
      }
    };
    if (pool != nullptr) {
      pool->run(grid.rows, draw_row);
    } else {
      for (int row = 0; row < grid.rows; ++row) draw_row(row, 0);
    }
  }

  void backward(const Scene& scene, RenderPass& pass, const CanvasGradient& canvas_gradient,
                std::vector<LayerGradient>& gradient) const override {
    pass.splat_gradients.assign(pass.splats.size(), SplatGradient{});
    const TileGrid grid = tile_grid(scene.camera.width_px, scene.camera.height_px);
    for (int tile = 0; tile < grid.columns * grid.rows; ++tile) {
      draw_tile_backward(pass.splats.data(), items_of(pass, tile), tile % grid.columns * kTileSize,
                         tile / grid.columns * kTileSize, pass.canvas, canvas_gradient,
                         pass.splat_gradients.data());
    }
    gradient.resize(scene.layers.size());
    std::size_t first = 0;
    for (std::size_t l = 0; l < scene.layers.size(); ++l) {
      project_layer_backward(scene.camera, scene.layers[l], pass.blended[l].data(),
                             pass.splats.data() + first, pass.splat_gradients.data() + first, gradient[l]);
      first += scene.layers[l].layer->count;
    }
  }
};

}  // namespace

std::unique_ptr<Renderer> make_simd_renderer() {
  return std::make_unique<SimdRenderer>();
}

}  // namespace anima::avatar
