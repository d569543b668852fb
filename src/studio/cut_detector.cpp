#include "studio/cut_detector.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "face/face_square.h"

namespace anima::studio {
namespace {

constexpr int kCells = 24;  // of the small picture, in each direction
constexpr double kLeastChange = 10;
constexpr double kTimesUsual = 5;
constexpr double kForgetting = 0.3;  // how fast the usual change follows

// What the head's motion explains.
constexpr int kFaceSide = 32;         // of the upright face that is compared
constexpr double kSameFace = 0.6;     // correlation of two of them
constexpr double kOverlap = 0.4;      // intersection over union of the face's places
constexpr double kMostAround = 4;     // change of the surroundings, grey levels
constexpr double kHeadBeside = 0.45;  // the head and its shadow around the face's mesh, in its
constexpr double kHeadAbove = 0.6;    // width and height
constexpr double kHeadBelow = 0.6;

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

CutDetector::Head CutDetector::head_of(const Image& frame, const face::FaceObservation& face) {
  const auto mesh = face.points.topRows<face::kMeshVertices>();
  Head head;
  head.left = mesh.col(0).minCoeff() / static_cast<double>(frame.width);
  head.right = mesh.col(0).maxCoeff() / static_cast<double>(frame.width);
  head.top = mesh.col(1).minCoeff() / static_cast<double>(frame.height);
  head.bottom = mesh.col(1).maxCoeff() / static_cast<double>(frame.height);
  std::vector<float> samples(static_cast<std::size_t>(kFaceSide) * kFaceSide * 3);
  face::FaceSquare square =
      face::square_around_landmarks({face.points.data(), static_cast<std::size_t>(face.points.size())});
  square.side_px *= 0.6;  // the face without its surroundings
  face::sample_square(frame, square, kFaceSide, 1, 0, samples);
  head.appearance.resize(samples.size() / 3);
  for (std::size_t i = 0; i < head.appearance.size(); ++i)
    head.appearance[i] = samples[3 * i] + samples[3 * i + 1] + samples[3 * i + 2];
  const float mean = std::accumulate(head.appearance.begin(), head.appearance.end(), 0.0F) /
                     static_cast<float>(head.appearance.size());
  double squares = 0;
  for (float& value : head.appearance) {
    value -= mean;
    squares += static_cast<double>(value) * value;
  }
  const auto scale = static_cast<float>(1 / std::sqrt(std::max(squares, 1e-9)));
  for (float& value : head.appearance) value *= scale;
  return head;
}

bool CutDetector::is_head_motion(const std::vector<float>& cells, const Head& head) const {
  const Head& before = *last_head_;
  const double width = std::min(head.right, before.right) - std::max(head.left, before.left);
  const double height = std::min(head.bottom, before.bottom) - std::max(head.top, before.top);
  if (width <= 0 || height <= 0) return false;
  const auto area = [](const Head& h) { return (h.right - h.left) * (h.bottom - h.top); };
  if (width * height < kOverlap * (area(head) + area(before) - width * height)) return false;

  const double same =
      std::inner_product(head.appearance.begin(), head.appearance.end(), before.appearance.begin(), 0.0);
  if (same < kSameFace) return false;

  const auto near = [](const Head& h, double x, double y) {
    const double w = h.right - h.left;
    const double v = h.bottom - h.top;
    return x > h.left - kHeadBeside * w && x < h.right + kHeadBeside * w && y > h.top - kHeadAbove * v &&
           y < h.bottom + kHeadBelow * v;
  };
  double change = 0;
  int around = 0;
  for (int row = 0; row < kCells; ++row) {
    for (int column = 0; column < kCells; ++column) {
      const double x = (column + 0.5) / kCells;
      const double y = (row + 0.5) / kCells;
      if (near(head, x, y) || near(before, x, y)) continue;
      const auto at = static_cast<std::size_t>(row * kCells + column);
      change += std::abs(cells[at] - last_[at]);
      ++around;
    }
  }
  return around == 0 || change / around < kMostAround;
}

bool CutDetector::next(const Image& frame, const face::FaceObservation* face) {
  std::vector<float> now = small_picture(frame);
  std::optional<Head> head;
  if (face != nullptr && face->found && face->points.allFinite()) head = head_of(frame, *face);
  double change = 0;
  for (std::size_t i = 0; i < last_.size(); ++i) change += std::abs(now[i] - last_[i]);
  change /= static_cast<double>(now.size());
  const bool is_cut = change > kLeastChange && change > kTimesUsual * usual_change_ &&
                      !(head && last_head_ && is_head_motion(now, *head));
  // Of cuts too: where each frame differs from the last one, none begins a shot.
  if (!last_.empty()) usual_change_ += kForgetting * (change - usual_change_);
  if (is_cut) ++cuts_;
  last_ = std::move(now);
  last_head_ = std::move(head);
  return is_cut;
}

}  // namespace anima::studio
