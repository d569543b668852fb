#include "face/face_square.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "core/error.h"

namespace anima::face {
namespace {

constexpr std::size_t kRightEyeOuterCorner = 33;
constexpr std::size_t kLeftEyeOuterCorner = 263;
constexpr double kMargin = 1.5;

}  // namespace

std::array<double, 2> FaceSquare::to_picture(double u, double v) const {
  const double x = (u - 0.5) * side_px;
  const double y = (v - 0.5) * side_px;
  const double cosine = std::cos(rotation_radians);
  const double sine = std::sin(rotation_radians);
  return {centre_x_px + cosine * x - sine * y, centre_y_px + sine * x + cosine * y};
}

FaceSquare square_around_landmarks(std::span<const float> points) {
  auto coordinate = [&](std::size_t landmark, std::size_t axis) {
    return static_cast<double>(points[3 * landmark + axis]);
  };
  FaceSquare square;
  square.rotation_radians =
      std::atan2(coordinate(kLeftEyeOuterCorner, 1) - coordinate(kRightEyeOuterCorner, 1),
                 coordinate(kLeftEyeOuterCorner, 0) - coordinate(kRightEyeOuterCorner, 0));
  const double cosine = std::cos(square.rotation_radians);
  const double sine = std::sin(square.rotation_radians);
  double u_low = std::numeric_limits<double>::infinity(), u_high = -u_low, v_low = u_low, v_high = -u_low;
  for (std::size_t i = 0; i < points.size() / 3; ++i) {
    const double u = cosine * coordinate(i, 0) + sine * coordinate(i, 1);
    const double v = -sine * coordinate(i, 0) + cosine * coordinate(i, 1);
    u_low = std::min(u_low, u);
    u_high = std::max(u_high, u);
    v_low = std::min(v_low, v);
    v_high = std::max(v_high, v);
  }
  const double u = (u_low + u_high) / 2;
  const double v = (v_low + v_high) / 2;
  square.centre_x_px = cosine * u - sine * v;
  square.centre_y_px = sine * u + cosine * v;
  square.side_px = kMargin * std::max(u_high - u_low, v_high - v_low);
  return square;
}

void sample_square(const Image& picture, const FaceSquare& square, int side, float scale, float offset,
                   std::span<float> output) {
  if (picture.channels != 3 || picture.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "A face is looked for in a picture of " +
                                                 std::to_string(picture.channels) +
                                                 " channels, 3 are needed");
  }
  const cv::Mat source(picture.height, picture.width, CV_8UC3,
                       const_cast<std::uint8_t*>(picture.pixels.data()));
  // Where the picture is finer than the samples, several are taken per output pixel and averaged:
  // single bilinear samples alias, and the landmarks tremble with it.
  const int samples = std::clamp(static_cast<int>(std::ceil(square.side_px / side)), 1, 4);
  const int fine_side = side * samples;
  // OpenCV counts pixel centres as whole numbers: ours are half a pixel further.
  const double step = square.side_px / fine_side;
  const double cosine = std::cos(square.rotation_radians) * step;
  const double sine = std::sin(square.rotation_radians) * step;
  const double middle = 0.5 - fine_side / 2.0;
  const cv::Matx23d inverse(cosine, -sine, square.centre_x_px + (cosine - sine) * middle - 0.5,  //
                            sine, cosine, square.centre_y_px + (sine + cosine) * middle - 0.5);
  cv::Mat pixels;
  cv::warpAffine(source, pixels, inverse, {fine_side, fine_side}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REPLICATE);
  if (samples > 1) cv::resize(pixels, pixels, {side, side}, 0, 0, cv::INTER_AREA);
  cv::Mat target(side, side, CV_32FC3, output.data());
  pixels.convertTo(target, CV_32F, scale, offset);
}

}  // namespace anima::face
