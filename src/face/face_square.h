// A rotated square around a face: what the mesh network looks at.
#pragma once

#include <array>
#include <span>

#include "core/image.h"

namespace anima::face {

// In pixels of the picture, where pixel (0,0) covers [0,1)x[0,1).
struct FaceSquare {
  double centre_x_px = 0;
  double centre_y_px = 0;
  double side_px = 0;
  double rotation_radians = 0;  // of the face, clockwise as seen in the picture

  // From the unit square (0..1, x right and y down in the face's own frame) to the picture.
  std::array<double, 2> to_picture(double u, double v) const;
};

// The square around landmarks (x, y, z triples, px): upright along the line between the outer
// eye corners, 1.5 times as large as the landmarks' longer extent, which is what the mesh
// network was trained on and leaves room for the motion until the next frame.
FaceSquare square_around_landmarks(std::span<const float> points);

// Samples the square bilinearly, with edge pixels repeated outside of the picture, into
// side*side*3 floats: pixel value * scale + offset. `picture` has 3 channels.
void sample_square(const Image& picture, const FaceSquare& square, int side, float scale, float offset,
                   std::span<float> output);

}  // namespace anima::face
