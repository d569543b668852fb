// The custom operators of MediaPipe's attention face model, on plain arrays.
//
// Source: MediaPipe, util/tflite/operations (version 2 of each); described in Grishchenko et al.,
// "Attention Mesh: High-fidelity Face Mesh Prediction in Real-time", 2020.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace anima::nn {

// Row-major 4x4; only the first two rows' columns 0, 1 and 3 act on 2-D points.
using TransformMatrix = std::array<float, 16>;

// Landmarks2TransformMatrix: from output grid coordinates to the rotated, stretched box around a
// subset of landmarks, in the landmarks' own unit.
struct LandmarkBoxOptions {
  int left_rotation_index = 0;   // the box is rotated so that the line from this landmark ...
  int right_rotation_index = 0;  // ... to this one is at `target_rotation_radians`
  float target_rotation_radians = 0;
  float scale_x = 1;  // the box is this much larger than the landmarks' bounds
  float scale_y = 1;
  int output_width = 1;
  int output_height = 1;
  std::vector<int> subset;  // landmark indices, not empty

  static LandmarkBoxOptions read(std::span<const std::byte> custom_options, const std::string& source);
};

// `landmarks` is x,y,z per landmark; every index of `options` must lie in it.
TransformMatrix landmarks_to_transform_matrix(std::span<const float> landmarks,
                                              const LandmarkBoxOptions& options);

// TransformTensorBilinear: samples an image (height, width, channels) at matrix * (x+0.5, y+0.5)
// - 0.5 for each output cell, bilinearly; cells that fall outside are zero.
void transform_tensor_bilinear(std::span<const float> image, int width, int height, int channels,
                               const TransformMatrix& matrix, int output_width, int output_height,
                               std::span<float> output);

// TransformLandmarks: matrix * (x, y) for each 2-D landmark.
void transform_landmarks(std::span<const float> landmarks, const TransformMatrix& matrix,
                         std::span<float> output);

}  // namespace anima::nn
