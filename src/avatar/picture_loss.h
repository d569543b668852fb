// How far a picture is from the film's frame, and which way is better.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "avatar/renderer.h"
#include "core/image.h"

namespace anima::avatar {

struct PictureLossOptions {
  // Charbonnier: sqrt(e^2 + epsilon^2) - epsilon per channel, e in display units of 0..1; close to
  // squared error below epsilon, to absolute error above.
  float epsilon = 0.02F;
  // Share of structural dissimilarity (1 - SSIM over 7x7 boxes) in the loss, 0 to 1.
  float dissimilarity = 0.0F;
  // Weight of covering pixels that are not of the layer (where `outside` is 1).
  float coverage_outside = 0.0F;
};

struct PictureTarget {
  const Image* frame = nullptr;    // RGB
  const Image* behind = nullptr;   // RGB, what shows where nothing is drawn
  std::span<const float> weight;   // per pixel; empty: all 1
  std::span<const float> outside;  // per pixel, 0..1; empty: none
};

struct PictureScore {
  double loss = 0;  // weighted mean per pixel and channel
  double squared_error =
      0;  // unweighted mean over pixels and channels of e^2, e clamped to what a screen shows
};

// Composites the canvas over `behind`, scores it against `frame` and writes the derivative of
// the loss with respect to every plane of the canvas. `scratch` is kept between calls.
struct PictureScratch {
  std::vector<float> planes;
};
PictureScore picture_loss(const Canvas& canvas, const PictureTarget& target,
                          const PictureLossOptions& options, PictureScratch& scratch,
                          CanvasGradient& gradient);

inline double psnr_db(double squared_error) {
  return squared_error > 0 ? -10 * std::log10(squared_error) : 99;
}

}  // namespace anima::avatar
