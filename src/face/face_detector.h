// Finds faces in a picture: MediaPipe's short-range detector.
//
// Source: Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs",
// 2019: a single-shot detector with 896 anchors on a 16x16 and an 8x8 grid, and six key points.
#pragma once

#include <array>
#include <vector>

#include "core/image.h"
#include "face/face_square.h"
#include "nn/tflite_network.h"

namespace anima::face {

struct FaceDetection {
  double score = 0;  // 0 to 1
  double left_px = 0;
  double top_px = 0;
  double width_px = 0;
  double height_px = 0;
  // The person's right eye, left eye, nose tip, mouth, right and left ear: x, y in px.
  std::array<std::array<double, 2>, 6> key_points_px{};
};

struct FaceDetectorOptions {
  double least_score = 0.5;
  double same_face_overlap = 0.3;  // intersection over union above which two boxes are one face
};

class FaceDetector {
 public:
  explicit FaceDetector(const FaceDetectorOptions& options = {});  // loads the model (model_files.h)

  // Faces in a 3-channel picture of any size, best score first. Faces smaller than about a
  // tenth of the picture are not seen. Safe from several threads at once.
  std::vector<FaceDetection> detect(const Image& picture) const;

 private:
  FaceDetectorOptions options_;
  nn::TfliteNetwork network_;
};

// The square from which the mesh network is started on a detected face.
FaceSquare square_around_detection(const FaceDetection& detection);

// Intersection over union of two boxes.
double overlap(const FaceDetection& a, const FaceDetection& b);

// One face per group of overlapping boxes: their average, weighted by score, with the best
// score; best first.
std::vector<FaceDetection> merge_overlapping(std::vector<FaceDetection> detections, double same_face_overlap);

}  // namespace anima::face
