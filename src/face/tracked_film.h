// What tracking knows of a film: one entry per frame, on the 25 Hz grid of the frame store.
#pragma once

#include <Eigen/Core>
#include <array>
#include <filesystem>
#include <vector>

#include "face/camera.h"
#include "face/expression_basis.h"

namespace anima::face {

// What the networks saw in one frame, in pixels of the (cropped, 512x512) frame.
struct FaceObservation {
  bool found = false;
  float presence = 0;                                   // landmark model's score, logit
  int faces = 0;                                        // faces in the frame (0 when they were not counted)
  Eigen::Matrix<float, kLandmarks, 3, Eigen::RowMajor> points =
      Eigen::Matrix<float, kLandmarks, 3, Eigen::RowMajor>::Zero();  // x, y, z px; z relative, + = away
};

struct TrackedFilm {
  Camera camera;
  std::vector<FaceObservation> observations;   // per frame, temporally filtered
  std::vector<HeadPose> poses;                 // per frame
  std::vector<Weights> weights;                // per frame
  ExpressionBasis basis;                       // from the training frames only
  int training_frames = 0;                     // frames [0, training_frames) may be learned from

  int frames() const { return static_cast<int>(poses.size()); }
  void save(const std::filesystem::path& path) const;   // a tensor file, atomically
  static TrackedFilm load(const std::filesystem::path& path);
};

}  // namespace anima::face
