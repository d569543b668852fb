#include "avatar/solid_interior.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace anima::avatar {
namespace {

constexpr double kNeighbourhood = 0.015;  // of the width
// Coverage around a pixel below which it belongs to the outline, and above which to the interior.
constexpr float kOutline = 0.35F;
constexpr float kInterior = 0.6F;

}  // namespace

void make_interior_solid(Canvas& canvas, const Image& film_background) {
  cv::Mat transmittance(canvas.height, canvas.width, CV_32FC1, canvas.transmittance.data());
  const int reach = std::max(1, static_cast<int>(std::lround(kNeighbourhood * canvas.width)));
  cv::Mat most_transparent;
  cv::dilate(transmittance, most_transparent,
             cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1}));
  cv::blur(most_transparent, most_transparent, {reach, reach});  // no step where it begins
  const float* around = most_transparent.ptr<float>();
  const std::size_t pixels = canvas.transmittance.size();
  for (std::size_t i = 0; i < pixels; ++i) {
    const float inside = std::clamp((1 - around[i] - kOutline) / (kInterior - kOutline), 0.0F, 1.0F);
    const float missing = inside * canvas.transmittance[i];
    const std::uint8_t* film = film_background.pixels.data() + 3 * i;
    canvas.red[i] += missing * static_cast<float>(film[0]) / 255;
    canvas.green[i] += missing * static_cast<float>(film[1]) / 255;
    canvas.blue[i] += missing * static_cast<float>(film[2]) / 255;
    canvas.transmittance[i] -= missing;
  }
}

}  // namespace anima::avatar
