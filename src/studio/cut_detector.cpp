#include "studio/cut_detector.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace anima::studio {
namespace {

constexpr int kCells = 24;  // of the small picture, in each direction
constexpr double kLeastChange = 10;
constexpr double kTimesUsual = 5;
constexpr double kForgetting = 0.3;  // how fast the usual change follows

std::vector<float> small_picture(const Image& frame) {
  const cv::Mat rgb(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.pixels.data()));
  cv::Mat small;
  cv::Mat grey;
  cv::resize(rgb, small, {kCells, kCells}, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, grey, cv::COLOR_RGB2GRAY);
  const auto mean = static_cast<float>(cv::mean(grey)[0]);
  std::vector<float> values(grey.total());
  std::transform(grey.data, grey.data + grey.total(), values.begin(),
                 [&](std::uint8_t value) { return static_cast<float>(value) - mean; });
  return values;
}

}  // namespace

bool CutDetector::next(const Image& frame) {
  std::vector<float> now = small_picture(frame);
  double change = 0;
  for (std::size_t i = 0; i < last_.size(); ++i) change += std::abs(now[i] - last_[i]);
  change /= static_cast<double>(now.size());
  const bool is_cut = change > kLeastChange && change > kTimesUsual * usual_change_;
  // Of cuts too: where each frame differs from the last one, none begins a shot.
  if (!last_.empty()) usual_change_ += kForgetting * (change - usual_change_);
  if (is_cut) ++cuts_;
  last_ = std::move(now);
  return is_cut;
}

}  // namespace anima::studio
