#include "media/picture_colours.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core/error.h"

namespace anima::media {
namespace {

// R' = luma + red * Cr, G' = luma + green_cb * Cb + green_cr * Cr, B' = luma + blue * Cb, with
// luma = luma_scale * (Y - luma_offset): BT.709, item 3, solved for R'G'B'.
struct Matrix {
  float luma_offset = 16;
  float luma_scale = 255.0F / 219;
  float red = 0;
  float green_cb = 0;
  float green_cr = 0;
  float blue = 0;
};

Matrix matrix_of(const GstVideoInfo& info) {
  double kr = 0.299;
  double kb = 0.114;
  if (gst_video_color_matrix_get_Kr_Kb(info.colorimetry.matrix, &kr, &kb) == FALSE) {
    // Unstated or unusual: by size, as players do.
    kr = info.height >= 720 ? 0.2126 : 0.299;
    kb = info.height >= 720 ? 0.0722 : 0.114;
  }
  const bool full = info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  const double chroma_scale = full ? 1.0 : 255.0 / 224;
  const double kg = 1 - kr - kb;
  Matrix matrix;
  matrix.luma_offset = full ? 0 : 16;
  matrix.luma_scale = full ? 1 : 255.0F / 219;
  matrix.red = static_cast<float>(2 * (1 - kr) * chroma_scale);
  matrix.blue = static_cast<float>(2 * (1 - kb) * chroma_scale);
  matrix.green_cr = static_cast<float>(-2 * (1 - kr) * kr / kg * chroma_scale);
  matrix.green_cb = static_cast<float>(-2 * (1 - kb) * kb / kg * chroma_scale);
  return matrix;
}

struct Plane {
  const std::uint8_t* data = nullptr;
  int stride = 0;
  int width = 0;
  int height = 0;
  bool half_across = false;
  bool half_down = false;
  bool sited_left = true;  // chroma lies on even columns, else between columns
};

// One row of chroma at full width, minus 128.
void chroma_row(const Plane& plane, int y, int width, std::vector<float>& column, std::vector<float>& row) {
  column.resize(static_cast<std::size_t>(plane.width));
  row.resize(static_cast<std::size_t>(width));
  // Down: 4:2:0 chroma lies between two rows of luma, three quarters near, one quarter far.
  const int near = plane.half_down ? std::min(y / 2, plane.height - 1) : y;
  const int far = plane.half_down ? std::clamp(y % 2 == 0 ? near - 1 : near + 1, 0, plane.height - 1) : y;
  const std::uint8_t* near_row = plane.data + static_cast<std::ptrdiff_t>(near) * plane.stride;
  const std::uint8_t* far_row = plane.data + static_cast<std::ptrdiff_t>(far) * plane.stride;
  for (int x = 0; x < plane.width; ++x) {
    column[static_cast<std::size_t>(x)] =
        0.75F * static_cast<float>(near_row[x]) + 0.25F * static_cast<float>(far_row[x]) - 128;
  }
  if (!plane.half_across) {
    std::copy(column.begin(), column.begin() + width, row.begin());
    return;
  }
  for (int x = 0; x < width; ++x) {
    const int i = x / 2;
    const int right = std::min(i + 1, plane.width - 1);
    const int left = std::max(i - 1, 0);
    const auto at = [&](int position) { return column[static_cast<std::size_t>(position)]; };
    float value;
    if (plane.sited_left) {
      value = x % 2 == 0 ? at(i) : 0.5F * (at(i) + at(right));
    } else {
      value = 0.75F * at(i) + 0.25F * at(x % 2 == 0 ? left : right);
    }
    row[static_cast<std::size_t>(x)] = value;
  }
}

std::uint8_t to_level(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

}  // namespace

void convert_to_rgb(GstVideoFrame& picture, Image& output) {
  const GstVideoInfo& info = picture.info;
  const int width = info.width;
  const int height = info.height;
  output.width = width;
  output.height = height;
  output.channels = 3;
  output.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  const auto plane_data = [&](guint plane) {
    return static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&picture, plane));
  };
  const auto plane_stride = [&](guint plane) { return GST_VIDEO_FRAME_PLANE_STRIDE(&picture, plane); };
  if (GST_VIDEO_INFO_FORMAT(&info) == GST_VIDEO_FORMAT_RGB) {
    for (int y = 0; y < height; ++y) {
      std::memcpy(output.row(y), plane_data(0) + static_cast<std::ptrdiff_t>(y) * plane_stride(0),
                  static_cast<std::size_t>(width) * 3);
    }
    return;
  }
  if (GST_VIDEO_INFO_N_PLANES(&info) != 3) {
    throw Error(ErrorCode::kInternal, "a decoded picture has a form that was not asked for");
  }

  const Matrix matrix = matrix_of(info);
  Plane planes[2];
  for (int i = 0; i < 2; ++i) {
    const int component = i + 1;
    planes[i] = {plane_data(static_cast<guint>(component)), plane_stride(static_cast<guint>(component)),
                 GST_VIDEO_INFO_COMP_WIDTH(&info, component), GST_VIDEO_INFO_COMP_HEIGHT(&info, component),
                 GST_VIDEO_FORMAT_INFO_W_SUB(info.finfo, component) != 0,
                 GST_VIDEO_FORMAT_INFO_H_SUB(info.finfo, component) != 0,
                 // Unstated is MPEG-2 and H.264's default: on the left column.
                 info.chroma_site == GST_VIDEO_CHROMA_SITE_UNKNOWN ||
                     (info.chroma_site & GST_VIDEO_CHROMA_SITE_H_COSITED) != 0};
  }
  std::vector<float> column;
  std::vector<float> cb;
  std::vector<float> cr;
  for (int y = 0; y < height; ++y) {
    chroma_row(planes[0], y, width, column, cb);
    chroma_row(planes[1], y, width, column, cr);
    const std::uint8_t* luma_row = plane_data(0) + static_cast<std::ptrdiff_t>(y) * plane_stride(0);
    std::uint8_t* out = output.row(y);
    for (int x = 0; x < width; ++x, out += 3) {
      const float luma = matrix.luma_scale * (static_cast<float>(luma_row[x]) - matrix.luma_offset);
      const float blueness = cb[static_cast<std::size_t>(x)];
      const float redness = cr[static_cast<std::size_t>(x)];
      out[0] = to_level(luma + matrix.red * redness);
      out[1] = to_level(luma + matrix.green_cb * blueness + matrix.green_cr * redness);
      out[2] = to_level(luma + matrix.blue * blueness);
    }
  }
}

void convert_to_i420(const Image& image, GstVideoFrame& picture) {
  constexpr float kKr = 0.2126F;
  constexpr float kKb = 0.0722F;
  constexpr float kKg = 1 - kKr - kKb;
  constexpr float kLuma = 219.0F / 255;
  constexpr float kChroma = 224.0F / 255;
  const int width = image.width;
  const int height = image.height;
  const int channels = image.channels;
  // Sums of the two rows that share a row of chroma; an odd last row counts twice.
  std::vector<float> red(static_cast<std::size_t>(width));
  std::vector<float> green(red.size());
  std::vector<float> blue(red.size());
  for (int y = 0; y < height; y += 2) {
    for (int row = 0; row < 2; ++row) {
      const std::uint8_t* in = image.row(std::min(y + row, height - 1));
      std::uint8_t* luma = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&picture, 0)) +
                           static_cast<std::ptrdiff_t>(std::min(y + row, height - 1)) *
                               GST_VIDEO_FRAME_PLANE_STRIDE(&picture, 0);
      const float keep = row == 0 ? 0.0F : 1.0F;
      for (int x = 0; x < width; ++x, in += channels) {
        const auto i = static_cast<std::size_t>(x);
        const float r = in[0];
        const float g = in[1];
        const float b = in[2];
        luma[x] = static_cast<std::uint8_t>(16.5F + kLuma * (kKr * r + kKg * g + kKb * b));
        red[i] = keep * red[i] + 0.5F * r;
        green[i] = keep * green[i] + 0.5F * g;
        blue[i] = keep * blue[i] + 0.5F * b;
      }
    }
    const auto plane_row = [&](guint plane) {
      return static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&picture, plane)) +
             static_cast<std::ptrdiff_t>(y / 2) * GST_VIDEO_FRAME_PLANE_STRIDE(&picture, plane);
    };
    std::uint8_t* cb = plane_row(1);
    std::uint8_t* cr = plane_row(2);
    for (int x = 0; x < width; x += 2) {
      // [1 2 1] / 4 around the even column on which the chroma lies.
      const auto middle = static_cast<std::size_t>(x);
      const auto left = static_cast<std::size_t>(std::max(x - 1, 0));
      const auto right = static_cast<std::size_t>(std::min(x + 1, width - 1));
      const auto around = [&](const std::vector<float>& values) {
        return 0.25F * (values[left] + 2 * values[middle] + values[right]);
      };
      const float r = around(red);
      const float g = around(green);
      const float b = around(blue);
      const float luma = kKr * r + kKg * g + kKb * b;
      cb[x / 2] = static_cast<std::uint8_t>(128.5F + kChroma * (b - luma) / (2 * (1 - kKb)));
      cr[x / 2] = static_cast<std::uint8_t>(128.5F + kChroma * (r - luma) / (2 * (1 - kKr)));
    }
  }
}

}  // namespace anima::media
