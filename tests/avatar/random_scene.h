// Seeded layers and canvas gradients for renderer tests.
#pragma once

#include "avatar/renderer.h"
#include "core/random.h"

namespace anima::avatar {

inline GaussianLayer random_layer(Random& random, int gaussians, int modes, double spread, double log_scale,
                                  bool all_modal = false) {
  std::vector<NewGaussian> list(gaussians);
  for (int i = 0; i < gaussians; ++i) {
    NewGaussian& g = list[i];
    for (int axis = 0; axis < 3; ++axis) {
      g.position[axis] = static_cast<float>(random.uniform(-spread, spread));
      g.colour[axis] = static_cast<float>(random.uniform());
      g.log_scale[axis] = static_cast<float>(log_scale + random.uniform(-0.5, 0.5));
    }
    for (float& r : g.rotation) r = static_cast<float>(random.normal());
    g.opacity_logit = static_cast<float>(random.uniform(-1, 2));
    if (all_modal || i % 3 != 0) {
      for (int k = 0; k < modes * 3; ++k)
        g.position_deltas.push_back(static_cast<float>(0.3 * random.normal()));
    }
  }
  GaussianLayer layer = build_layer(list, modes);
  for (int mode = 0; mode < modes; ++mode) {
    for (int i = 0; i < layer.modal_count; ++i) {
      layer.delta(mode, kOpacityLogit)[i] = static_cast<float>(0.3 * random.normal());
      for (int c = 0; c < 3; ++c) layer.delta(mode, kRed + c)[i] = static_cast<float>(0.1 * random.normal());
    }
  }
  return layer;
}

inline CanvasGradient random_canvas_gradient(Random& random, int width, int height) {
  CanvasGradient g;
  g.resize(width, height);
  for (std::vector<float>* plane : {&g.red, &g.green, &g.blue, &g.transmittance}) {
    for (float& value : *plane) value = static_cast<float>(random.normal());
  }
  return g;
}

inline face::HeadPose small_pose(Random& random, double distance) {
  face::HeadPose pose;
  for (int i = 0; i < 3; ++i) pose.rotation[i] = random.uniform(-0.4, 0.4);
  pose.translation = {random.uniform(-1, 1), random.uniform(-1, 1), distance};
  return pose;
}

// sum over the canvas of plane * gradient plane: a loss whose canvas derivative is `g`.
inline double inner_product(const Canvas& c, const CanvasGradient& g) {
  double sum = 0;
  for (std::size_t i = 0; i < c.red.size(); ++i) {
    sum += static_cast<double>(c.red[i]) * g.red[i] + static_cast<double>(c.green[i]) * g.green[i] +
           static_cast<double>(c.blue[i]) * g.blue[i] +
           static_cast<double>(c.transmittance[i]) * g.transmittance[i];
  }
  return sum;
}

}  // namespace anima::avatar
