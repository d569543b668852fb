#include "avatar/solid_interior.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace anima::avatar {
namespace {

constexpr double kNeighbourhood = 0.015;  // of the width
constexpr double kHole = 0.025;           // of the width: half of what is taken for a hole, not a gap
// Coverage around a pixel below which it belongs to the outline, and above which to the interior.
constexpr float kOutline = 0.35F;
constexpr float kInterior = 0.6F;
// A hole has something in it; where next to nothing was drawn, one does see past the person.
constexpr float kNothing = 0.05F;
constexpr float kSomething = 0.25F;

// Not round: squares are separable.
cv::Mat square(double radius_px) {
  const int reach = std::max(1, static_cast<int>(std::lround(radius_px)));
  return cv::getStructuringElement(cv::MORPH_RECT, {2 * reach + 1, 2 * reach + 1});
}

float ramp(float value, float from, float to) {
  return std::clamp((value - from) / (to - from), 0.0F, 1.0F);
}

}  // namespace

void make_interior_solid(Canvas& canvas, const Image& film_background) {
  const cv::Mat transmittance(canvas.height, canvas.width, CV_32FC1, canvas.transmittance.data());
  const cv::Mat neighbourhood = square(kNeighbourhood * canvas.width);
  cv::Mat around = 1 - transmittance;
  cv::morphologyEx(around, around, cv::MORPH_CLOSE, square(kHole * canvas.width));
  cv::erode(around, around, neighbourhood);
  cv::blur(around, around, neighbourhood.size() / 2);  // no step where it begins
  const float* least = around.ptr<float>();
  const std::size_t pixels = canvas.transmittance.size();
  for (std::size_t i = 0; i < pixels; ++i) {
    const float inside =
        ramp(least[i], kOutline, kInterior) * ramp(1 - canvas.transmittance[i], kNothing, kSomething);
    const float missing = inside * canvas.transmittance[i];
    const std::uint8_t* film = film_background.pixels.data() + 3 * i;
    canvas.red[i] += missing * static_cast<float>(film[0]) / 255;
    canvas.green[i] += missing * static_cast<float>(film[1]) / 255;
    canvas.blue[i] += missing * static_cast<float>(film[2]) / 255;
    canvas.transmittance[i] -= missing;
  }
}

}  // namespace anima::avatar
