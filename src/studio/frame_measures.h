// What `anima check` measures in each picture of a film: sharpness, light, a moving background.
#pragma once

#include <cstdint>
#include <vector>

#include "core/image.h"
#include "face/tracked_film.h"

namespace anima::studio {

// Of one frame. Brightness in 0..255, shares in 0..1.
struct FrameMeasures {
  bool has_face = false;
  double sharpness = 0;        // variance of the Laplacian in the face, scaled to 256 px width
  double face_brightness = 0;  // mean luma of the face
  double bright_clipped = 0;   // share of the face's pixels at 250 or more
  double dark_clipped = 0;     // share of the face's pixels at 5 or less
};

// `face` in pixels of `frame` (3 channels): the whole picture or the part that holds the face.
FrameMeasures measure_face(const Image& frame, const face::FaceObservation& face);

// Watches the background: sees the frames in order; memory does not grow with the film.
class BackgroundWatch {
 public:
  // The whole picture (3 channels), of one size all the time.
  void watch(const Image& frame);

  // Mean over the picture's upper corners of each spot's deviation over time, in grey levels,
  // after the frame's overall brightness is removed: a fixed camera before a still background
  // stays under about 3. 0 before two frames were seen.
  double background_change() const;

 private:
  std::vector<double> sum_;
  std::vector<double> sum_of_squares_;
  int frames_ = 0;
};

}  // namespace anima::studio
