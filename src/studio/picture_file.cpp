#include "studio/picture_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <span>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "media/content_label.h"

namespace anima::studio {
namespace {

constexpr std::uint64_t kLimit_bytes = 64ULL << 20U;
constexpr int kLongestSide_px = 8192;

cv::Mat view_of(const Image& picture) {
  return {picture.height, picture.width, CV_8UC(picture.channels),
          const_cast<std::uint8_t*>(picture.pixels.data())};
}

}  // namespace

void write_png(const std::filesystem::path& path, const Image& picture, Origin origin) {
  cv::Mat view = view_of(picture);
  if (picture.channels == 3) {
    cv::Mat bgr;  // not in place: the view is the caller's picture
    cv::cvtColor(view, bgr, cv::COLOR_RGB2BGR);
    view = bgr;
  }
  std::vector<unsigned char> bytes;
  if (!cv::imencode(".png", view, bytes)) {
    throw Error(ErrorCode::kInternal,
                fmt::format("a picture of {}x{} could not be encoded as PNG", picture.width, picture.height));
  }
  if (origin == Origin::kAvatar) {
    constexpr std::ptrdiff_t kAfterHeader = 8 + 25;  // the signature and IHDR, which comes first
    const std::vector<std::byte> label = media::content_label_png_chunks(path.stem().string());
    const auto* const text = reinterpret_cast<const unsigned char*>(label.data());
    bytes.insert(bytes.begin() + kAfterHeader, text, text + label.size());
  }
  write_file_atomically(path, std::as_bytes(std::span(bytes)));
}

Image read_picture(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path, kLimit_bytes);
  const cv::Mat encoded(1, static_cast<int>(bytes.size()), CV_8U, const_cast<std::byte*>(bytes.data()));
  cv::Mat bgr;
  std::string cause;
  try {
    if (!bytes.empty()) bgr = cv::imdecode(encoded, cv::IMREAD_COLOR);
  } catch (
      const cv::Exception& exception) {  // a hostile header, for instance one that claims too many pixels
    cause = exception.what();
  }
  if (bgr.empty() || bgr.cols > kLongestSide_px || bgr.rows > kLongestSide_px) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format("'{}' is no picture of at most {}x{}", path.string(), kLongestSide_px, kLongestSide_px),
        "give a PNG, JPEG or WebP file", cause);
  }
  Image picture(bgr.cols, bgr.rows, 3);
  cv::Mat rgb = view_of(picture);
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return picture;
}

Image cover(const Image& picture, int width_px, int height_px) {
  const double scale = std::max(static_cast<double>(width_px) / picture.width,
                                static_cast<double>(height_px) / picture.height);
  const int scaled_width = std::max(width_px, static_cast<int>(std::lround(picture.width * scale)));
  const int scaled_height = std::max(height_px, static_cast<int>(std::lround(picture.height * scale)));
  cv::Mat scaled;
  cv::resize(view_of(picture), scaled, {scaled_width, scaled_height}, 0, 0,
             scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  Image covered(width_px, height_px, picture.channels);
  cv::Mat target = view_of(covered);
  scaled(cv::Rect((scaled_width - width_px) / 2, (scaled_height - height_px) / 2, width_px, height_px))
      .copyTo(target);
  return covered;
}

}  // namespace anima::studio
