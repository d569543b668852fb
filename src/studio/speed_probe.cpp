#include "studio/speed_probe.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "avatar/gaussian_layer.h"
#include "avatar/renderer.h"
#include "core/progress.h"
#include "core/random.h"
#include "core/threads.h"
#include "face/face_mesh_network.h"

namespace anima::studio {
namespace {

constexpr double kProbe_s = 1;

// A ball of a head's size with the sizes and opacities of a trained avatar's Gaussians.
avatar::GaussianLayer made_up_head() {
  Random random(1);
  std::vector<avatar::NewGaussian> gaussians(20000);
  for (avatar::NewGaussian& g : gaussians) {
    const double height = random.uniform(-1, 1);
    const double angle = random.uniform(0, 6.283185307179586);
    const double radius = std::sqrt(1 - height * height);
    g.position[0] = static_cast<float>(8 * radius * std::cos(angle));
    g.position[1] = static_cast<float>(11 * height);
    g.position[2] = static_cast<float>(9 * radius * std::sin(angle));
    for (float& c : g.colour) c = static_cast<float>(random.uniform());
    for (float& s : g.log_scale) s = static_cast<float>(random.uniform(-2.6, -1.6));
    g.position_deltas.resize(20 * 3);
    for (float& d : g.position_deltas) d = static_cast<float>(0.02 * random.normal());
  }
  return avatar::build_layer(gaussians, 20);
}

}  // namespace

double measure_renderer_fps() {
  const avatar::GaussianLayer head = made_up_head();
  const std::vector<float> weights(20, 0.5F);
  avatar::Scene scene;
  scene.layers.push_back({&head, face::HeadPose{}, weights});
  const auto renderer = avatar::make_renderer("simd");
  avatar::RenderPass pass;
  ThreadPool pool;
  renderer->forward(scene, pass, &pool);  // the first one allocates
  int frames = 0;
  const double start_s = monotonic_s();
  while (monotonic_s() - start_s < kProbe_s) {
    scene.layers[0].pose.rotation.y() = 0.2 * std::sin(0.1 * frames);
    renderer->forward(scene, pass, &pool);
    ++frames;
  }
  return frames / (monotonic_s() - start_s);
}

double measure_face_mesh_ms() {
  const face::FaceMeshNetwork network;
  Image picture(512, 512, 3);
  std::fill(picture.pixels.begin(), picture.pixels.end(), std::uint8_t{128});
  const face::FaceSquare square{256, 256, 384, 0};
  int runs = 0;
  const double start_s = monotonic_s();
  while (runs < 5 || monotonic_s() - start_s < kProbe_s) {
    static_cast<void>(network.run(picture, square));
    ++runs;
  }
  return 1000 * (monotonic_s() - start_s) / runs;
}

}  // namespace anima::studio
