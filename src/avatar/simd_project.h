// Blending and projection of one layer with vectors, and the way back.
#pragma once

#include <span>

#include "avatar/renderer.h"

namespace anima::avatar {

// blended: [kModalPlanes][count], base + sum of weights * deltas.
void blend_layer(const GaussianLayer& layer, std::span<const float> weights, float* blended);

// One splat per Gaussian, same order; half_width < 0 where it is not drawn.
void project_layer(const face::Camera& camera, const PlacedLayer& placed, const float* blended,
                   Splat* splats);

// From sums over pixels to attributes, pose and weights; overwrites `gradient`.
void project_layer_backward(const face::Camera& camera, const PlacedLayer& placed, const float* blended,
                            const Splat* splats, const SplatGradient* splat_gradients,
                            LayerGradient& gradient);

}  // namespace anima::avatar
