#include "face/face_detector.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "face/model_files.h"

namespace anima::face {
namespace {

constexpr int kInputSide = 128;
constexpr std::size_t kAnchors = 896;
constexpr std::size_t kValuesPerAnchor = 16;  // box centre and size, then six key points
constexpr double kSquareMargin = 1.5;

// Anchor centres as fractions of the input: two per cell of the 16x16 grid, six of the 8x8 one.
std::vector<std::array<double, 2>> anchor_centres() {
  std::vector<std::array<double, 2>> centres;
  centres.reserve(kAnchors);
  for (const auto& [cells, per_cell] : {std::pair{16, 2}, std::pair{8, 6}}) {
    for (int y = 0; y < cells; ++y) {
      for (int x = 0; x < cells; ++x) {
        for (int i = 0; i < per_cell; ++i) centres.push_back({(x + 0.5) / cells, (y + 0.5) / cells});
      }
    }
  }
  return centres;
}

}  // namespace

FaceDetector::FaceDetector(const FaceDetectorOptions& options)
    : options_(options), network_(load_network(ModelFile::kFaceDetector)) {}

std::vector<FaceDetection> FaceDetector::detect(const Image& picture) const {
  static const std::vector<std::array<double, 2>> kCentres = anchor_centres();
  // The whole picture inside of a square, never squashed.
  FaceSquare square;
  square.centre_x_px = picture.width / 2.0;
  square.centre_y_px = picture.height / 2.0;
  square.side_px = std::max(picture.width, picture.height);
  std::vector<float> input(static_cast<std::size_t>(kInputSide) * kInputSide * 3);
  sample_square(picture, square, kInputSide, 2.0F / 255, -1, input);
  const auto outputs = network_.run(input);
  const std::vector<float>& boxes = nn::output_named(outputs, "regressors", kAnchors * kValuesPerAnchor);
  const std::vector<float>& scores = nn::output_named(outputs, "classificators", kAnchors);

  std::vector<FaceDetection> detections;
  for (std::size_t i = 0; i < kAnchors; ++i) {
    const double score = 1 / (1 + std::exp(-std::clamp<double>(scores[i], -100, 100)));
    if (!(score >= options_.least_score)) continue;
    const float* values = boxes.data() + i * kValuesPerAnchor;
    auto point = [&](std::size_t at) {
      return square.to_picture(values[at] / kInputSide + kCentres[i][0],
                               values[at + 1] / kInputSide + kCentres[i][1]);
    };
    FaceDetection detection;
    detection.score = score;
    detection.width_px = values[2] / kInputSide * square.side_px;
    detection.height_px = values[3] / kInputSide * square.side_px;
    const auto centre = point(0);
    detection.left_px = centre[0] - detection.width_px / 2;
    detection.top_px = centre[1] - detection.height_px / 2;
    for (std::size_t k = 0; k < detection.key_points_px.size(); ++k)
      detection.key_points_px[k] = point(4 + 2 * k);
    if (detection.width_px > 0 && detection.height_px > 0) detections.push_back(detection);
  }
  return merge_overlapping(std::move(detections), options_.same_face_overlap);
}

FaceSquare square_around_detection(const FaceDetection& detection) {
  const auto& right_eye = detection.key_points_px[0];
  const auto& left_eye = detection.key_points_px[1];
  FaceSquare square;
  square.centre_x_px = detection.left_px + detection.width_px / 2;
  square.centre_y_px = detection.top_px + detection.height_px / 2;
  square.side_px = kSquareMargin * std::max(detection.width_px, detection.height_px);
  square.rotation_radians = std::atan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0]);
  return square;
}

double overlap(const FaceDetection& a, const FaceDetection& b) {
  const double width =
      std::min(a.left_px + a.width_px, b.left_px + b.width_px) - std::max(a.left_px, b.left_px);
  const double height =
      std::min(a.top_px + a.height_px, b.top_px + b.height_px) - std::max(a.top_px, b.top_px);
  if (width <= 0 || height <= 0) return 0;
  const double both = width * height;
  return both / (a.width_px * a.height_px + b.width_px * b.height_px - both);
}

std::vector<FaceDetection> merge_overlapping(std::vector<FaceDetection> detections,
                                             double same_face_overlap) {
  std::stable_sort(detections.begin(), detections.end(),
                   [](const FaceDetection& a, const FaceDetection& b) { return a.score > b.score; });
  std::vector<FaceDetection> faces;
  std::vector<bool> taken(detections.size(), false);
  for (std::size_t i = 0; i < detections.size(); ++i) {
    if (taken[i]) continue;
    FaceDetection face;
    face.score = detections[i].score;
    double weight = 0;
    for (std::size_t k = i; k < detections.size(); ++k) {
      const FaceDetection& member = detections[k];
      if (taken[k] || (k != i && overlap(detections[i], member) <= same_face_overlap)) continue;
      taken[k] = true;
      weight += member.score;
      face.left_px += member.score * member.left_px;
      face.top_px += member.score * member.top_px;
      face.width_px += member.score * member.width_px;
      face.height_px += member.score * member.height_px;
      for (std::size_t p = 0; p < face.key_points_px.size(); ++p) {
        face.key_points_px[p][0] += member.score * member.key_points_px[p][0];
        face.key_points_px[p][1] += member.score * member.key_points_px[p][1];
      }
    }
    face.left_px /= weight;
    face.top_px /= weight;
    face.width_px /= weight;
    face.height_px /= weight;
    for (auto& point : face.key_points_px) {
      point[0] /= weight;
      point[1] /= weight;
    }
    faces.push_back(face);
  }
  return faces;
}

}  // namespace anima::face
