#include "nn/face_operators.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "nn/flexbuffer.h"

namespace anima::nn {

LandmarkBoxOptions LandmarkBoxOptions::read(std::span<const std::byte> custom_options,
                                            const std::string& source) {
  const auto values = read_flexbuffer_map(custom_options, source);
  auto fail = [&](const std::string& what) {
    throw Error(ErrorCode::kCorruptData, source + ": Landmarks2TransformMatrix has " + what,
                "Install the model again (npm ci).");
  };
  auto number = [&](const std::string& name, double low, double high) {
    const auto found = values.find(name);
    if (found == values.end() || found->second.size() != 1) fail("no option \"" + name + "\"");
    const double value = found->second[0];
    if (!(value >= low && value <= high)) fail("the option \"" + name + "\" = " + std::to_string(value));
    return value;
  };
  LandmarkBoxOptions options;
  options.left_rotation_index = static_cast<int>(number("left_rotation_idx", 0, 1e6));
  options.right_rotation_index = static_cast<int>(number("right_rotation_idx", 0, 1e6));
  options.target_rotation_radians = static_cast<float>(number("target_rotation_radians", -10, 10));
  options.scale_x = static_cast<float>(number("scale_x", 1e-3, 1e3));
  options.scale_y = static_cast<float>(number("scale_y", 1e-3, 1e3));
  options.output_width = static_cast<int>(number("output_width", 1, 4096));
  options.output_height = static_cast<int>(number("output_height", 1, 4096));
  const auto subset = values.find("subset_idxs");
  if (subset == values.end() || subset->second.empty()) fail("no landmarks to put a box around");
  for (const double index : subset->second) {
    if (!(index >= 0 && index <= 1e6)) fail("landmark number " + std::to_string(index));
    options.subset.push_back(static_cast<int>(index));
  }
  return options;
}

TransformMatrix landmarks_to_transform_matrix(std::span<const float> landmarks,
                                              const LandmarkBoxOptions& options) {
  auto x_of = [&](int index) { return landmarks[static_cast<std::size_t>(index) * 3]; };
  auto y_of = [&](int index) { return landmarks[static_cast<std::size_t>(index) * 3 + 1]; };
  const float angle = std::atan2(y_of(options.right_rotation_index) - y_of(options.left_rotation_index),
                                 x_of(options.right_rotation_index) - x_of(options.left_rotation_index)) -
                      options.target_rotation_radians;
  const float cosine = std::cos(angle);
  const float sine = std::sin(angle);

  // The box along the rotated axes u = (cos, sin) and v = (-sin, cos).
  float u_low = INFINITY, u_high = -INFINITY, v_low = INFINITY, v_high = -INFINITY;
  for (const int index : options.subset) {
    const float u = cosine * x_of(index) + sine * y_of(index);
    const float v = -sine * x_of(index) + cosine * y_of(index);
    u_low = std::min(u_low, u);
    u_high = std::max(u_high, u);
    v_low = std::min(v_low, v);
    v_high = std::max(v_high, v);
  }
  const float u_middle = (u_low + u_high) / 2;
  const float v_middle = (v_low + v_high) / 2;
  const float middle_x = cosine * u_middle - sine * v_middle;
  const float middle_y = sine * u_middle + cosine * v_middle;
  const float step_x = options.scale_x * (u_high - u_low) / static_cast<float>(options.output_width);
  const float step_y = options.scale_y * (v_high - v_low) / static_cast<float>(options.output_height);

  TransformMatrix matrix{};
  matrix[0] = cosine * step_x;
  matrix[1] = -sine * step_y;
  matrix[4] = sine * step_x;
  matrix[5] = cosine * step_y;
  const float half_width = static_cast<float>(options.output_width) / 2;
  const float half_height = static_cast<float>(options.output_height) / 2;
  matrix[3] = middle_x - matrix[0] * half_width - matrix[1] * half_height;
  matrix[7] = middle_y - matrix[4] * half_width - matrix[5] * half_height;
  matrix[10] = 1;
  matrix[15] = 1;
  return matrix;
}

void transform_tensor_bilinear(std::span<const float> image, int width, int height, int channels,
                               const TransformMatrix& matrix, int output_width, int output_height,
                               std::span<float> output) {
  const auto depth = static_cast<std::size_t>(channels);
  float* cell = output.data();
  for (int row = 0; row < output_height; ++row) {
    for (int column = 0; column < output_width; ++column, cell += depth) {
      const float u = static_cast<float>(column) + 0.5F;
      const float v = static_cast<float>(row) + 0.5F;
      const float x = matrix[0] * u + matrix[1] * v + matrix[3] - 0.5F;
      const float y = matrix[4] * u + matrix[5] * v + matrix[7] - 0.5F;
      // Written so that a NaN counts as outside.
      if (!(x >= 0 && x <= static_cast<float>(width - 1) && y >= 0 && y <= static_cast<float>(height - 1))) {
        std::fill(cell, cell + depth, 0.0F);
        continue;
      }
      const int x0 = static_cast<int>(x);
      const int y0 = static_cast<int>(y);
      const int x1 = std::min(x0 + 1, width - 1);
      const int y1 = std::min(y0 + 1, height - 1);
      const float right = x - static_cast<float>(x0);
      const float lower = y - static_cast<float>(y0);
      auto pixel = [&](int px, int py) {
        return image.data() + (static_cast<std::size_t>(py) * static_cast<std::size_t>(width) +
                               static_cast<std::size_t>(px)) *
                                  depth;
      };
      const float* top_left = pixel(x0, y0);
      const float* top_right = pixel(x1, y0);
      const float* bottom_left = pixel(x0, y1);
      const float* bottom_right = pixel(x1, y1);
      for (std::size_t c = 0; c < depth; ++c) {
        const float top = (1 - right) * top_left[c] + right * top_right[c];
        const float bottom = (1 - right) * bottom_left[c] + right * bottom_right[c];
        cell[c] = (1 - lower) * top + lower * bottom;
      }
    }
  }
}

void transform_landmarks(std::span<const float> landmarks, const TransformMatrix& matrix,
                         std::span<float> output) {
  for (std::size_t i = 0; i + 1 < landmarks.size(); i += 2) {
    const float x = landmarks[i];
    const float y = landmarks[i + 1];
    output[i] = matrix[0] * x + matrix[1] * y + matrix[3];
    output[i + 1] = matrix[4] * x + matrix[5] * y + matrix[7];
  }
}

}  // namespace anima::nn
