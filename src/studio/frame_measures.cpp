#include "studio/frame_measures.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/error.h"

namespace anima::studio {
namespace {

constexpr int kFaceWidth_px = 256;  // sharpness is compared at this face width
constexpr int kCornerCells = 8;     // each upper corner is watched on an 8x8 grid

cv::Rect face_box(const face::FaceObservation& face, int width, int height) {
  const auto x = face.points.col(0).head(face::kMeshVertices);
  const auto y = face.points.col(1).head(face::kMeshVertices);
  if (!x.allFinite() || !y.allFinite()) return {};
  const auto inside = [](float value, int size) {
    return static_cast<int>(std::clamp(value, 0.0F, static_cast<float>(size)));
  };
  const int left = inside(x.minCoeff(), width);
  const int right = inside(x.maxCoeff(), width);
  const int top = inside(y.minCoeff(), height);
  const int bottom = inside(y.maxCoeff(), height);
  return {left, top, right - left, bottom - top};
}

double variance_of_laplacian(const cv::Mat& grey_face) {
  cv::Mat scaled;
  const double scale = static_cast<double>(kFaceWidth_px) / grey_face.cols;
  cv::resize(grey_face, scaled, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::Mat laplacian;
  cv::Laplacian(scaled, laplacian, CV_32F);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(laplacian, mean, deviation);
  return deviation[0] * deviation[0];
}

cv::Mat grey_of(const Image& frame) {
  if (frame.empty() || frame.channels != 3)
    throw Error(ErrorCode::kInternal, "frame measures need a colour picture");
  const cv::Mat rgb(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.pixels.data()));
  cv::Mat grey;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  return grey;
}

}  // namespace

FrameMeasures measure_face(const Image& frame, const face::FaceObservation& face) {
  const cv::Mat grey = grey_of(frame);
  FrameMeasures measures;
  const cv::Rect box = face.found ? face_box(face, frame.width, frame.height) : cv::Rect{};
  if (box.width < 8 || box.height < 8) return measures;
  measures.has_face = true;
  const cv::Mat grey_face = grey(box);
  measures.sharpness = variance_of_laplacian(grey_face);
  measures.face_brightness = cv::mean(grey_face)[0];
  const double pixels = static_cast<double>(grey_face.total());
  measures.bright_clipped = cv::countNonZero(grey_face >= 250) / pixels;
  measures.dark_clipped = cv::countNonZero(grey_face <= 5) / pixels;
  return measures;
}

void BackgroundWatch::watch(const Image& frame) {
  const cv::Mat grey = grey_of(frame);

  // Upper corners, a quarter of the width and height each: background in any talking-head film.
  cv::Mat cells(kCornerCells, 2 * kCornerCells, CV_8U);
  const int corner_width = std::max(1, grey.cols / 4);
  const int corner_height = std::max(1, grey.rows / 4);
  cv::resize(grey(cv::Rect(0, 0, corner_width, corner_height)), cells.colRange(0, kCornerCells),
             {kCornerCells, kCornerCells}, 0, 0, cv::INTER_AREA);
  cv::resize(grey(cv::Rect(grey.cols - corner_width, 0, corner_width, corner_height)),
             cells.colRange(kCornerCells, 2 * kCornerCells), {kCornerCells, kCornerCells}, 0, 0,
             cv::INTER_AREA);
  const double overall = cv::mean(cells)[0];
  sum_.resize(cells.total(), 0);
  sum_of_squares_.resize(cells.total(), 0);
  for (std::size_t i = 0; i < cells.total(); ++i) {
    const double value = cells.data[i] - overall;
    sum_[i] += value;
    sum_of_squares_[i] += value * value;
  }
  ++frames_;
}

double BackgroundWatch::background_change() const {
  if (frames_ < 2) return 0;
  double change = 0;
  for (std::size_t i = 0; i < sum_.size(); ++i) {
    const double mean = sum_[i] / frames_;
    change += std::sqrt(std::max(0.0, sum_of_squares_[i] / frames_ - mean * mean));
  }
  return change / static_cast<double>(sum_.size());
}

}  // namespace anima::studio
