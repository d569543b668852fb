// A window of a picture at another size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/image.h"

namespace anima::media {

// In source pixels; pixel i covers [i, i+1). May reach outside of the picture.
struct SourceWindow {
  double left_px = 0;
  double top_px = 0;
  double width_px = 0;
  double height_px = 0;
};

// Separable cubic convolution (Keys, "Cubic convolution interpolation for digital image
// processing", 1981, a = -1/2). When it shrinks, the kernel widens with the scale, so that every
// source pixel counts and nothing aliases; edge pixels repeat outside. A window at whole pixels
// that is not scaled is copied exactly.
class ImageResampler {
 public:
  // Throws Error(kInvalidArgument) for sizes that are not 1 to 16384 or not finite.
  ImageResampler(int source_width_px, int source_height_px, const SourceWindow& window, int width_px,
                 int height_px);

  // `source` has rows of `stride_bytes` bytes with `channels` interleaved values. Reuses the
  // memory of `output` and a buffer of its own: one resampler belongs to one thread at a time.
  void resample(const std::uint8_t* source, std::size_t stride_bytes, int channels, Image& output);

 private:
  // Output position i is the sum of taps weights[i * taps + k] * source[first[i] + k].
  struct Axis {
    int taps = 0;
    std::vector<int> first;
    std::vector<float> weights;
  };
  static Axis make_axis(int source_px, double start_px, double length_px, int output_px);

  Axis horizontal_;
  Axis vertical_;
  bool copy_ = false;
  std::vector<float> rows_;
};

}  // namespace anima::media
