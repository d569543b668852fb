// Images as plain values: row-major, interleaved channels, no padding between rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace anima {

// 8-bit image, sRGB. `channels` is 3 (R,G,B), 4 (R,G,B,A, straight alpha) or 1 (grey or mask).
struct Image {
  int width = 0;
  int height = 0;
  int channels = 3;
  std::vector<std::uint8_t> pixels;  // size width*height*channels

  Image() = default;
  Image(int width_px, int height_px, int channel_count)
      : width(width_px),
        height(height_px),
        channels(channel_count),
        pixels(static_cast<std::size_t>(width_px) * height_px * channel_count) {}

  bool empty() const { return pixels.empty(); }
  std::uint8_t* row(int y) { return pixels.data() + static_cast<std::size_t>(y) * width * channels; }
  const std::uint8_t* row(int y) const {
    return pixels.data() + static_cast<std::size_t>(y) * width * channels;
  }
};

}  // namespace anima
