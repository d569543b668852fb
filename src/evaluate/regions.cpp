#include "evaluate/regions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "evaluate/landmark_distance.h"

namespace anima::evaluate {
namespace {

Eigen::Vector2d point(const face::FaceObservation& face, int index) {
  return face.points.row(index).head<2>().transpose().cast<double>();
}

// [low, high) of a span that is grown to `least` and shifted into [0, size).
void fit_span(int& low, int& high, int least, int size) {
  low = std::clamp(low, 0, size);
  high = std::clamp(high, 0, size);
  least = std::min(least, size);
  if (high - low < least) {
    low = std::clamp((low + high - least) / 2, 0, size - least);
    high = low + least;
  }
}

}  // namespace

Box mouth_box(const face::FaceObservation& face, int width_px, int height_px, double margin) {
  Eigen::Vector2d low = point(face, kMouthOutline[0]);
  Eigen::Vector2d high = low;
  for (const int index : kMouthOutline) {
    low = low.cwiseMin(point(face, index));
    high = high.cwiseMax(point(face, index));
  }
  const bool outside = !low.allFinite() || !high.allFinite() || high.x() < 0 || high.y() < 0 ||
                       low.x() > width_px || low.y() > height_px;
  if (outside) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("the mouth lies outside of the {}x{} picture", width_px, height_px),
                "use a film in which the whole face is visible");
  }
  const double grow = margin * (high.x() - low.x());
  int left = static_cast<int>(std::floor(low.x() - grow));
  int right = static_cast<int>(std::ceil(high.x() + grow));
  int top = static_cast<int>(std::floor(low.y() - grow));
  int bottom = static_cast<int>(std::ceil(high.y() + grow));
  fit_span(left, right, 16, width_px);
  fit_span(top, bottom, 16, height_px);
  return {left, top, right - left, bottom - top};
}

Image head_region(const face::FaceObservation& face, int width_px, int height_px) {
  // The face oval ends at the hair line; the head with its hair is taller and wider.
  constexpr double kHalfWidth = 0.70;   // of the oval's width
  constexpr double kHalfHeight = 0.74;  // of the oval's height
  constexpr double kRaise = 0.17;       // of the oval's height, towards the crown
  constexpr double kSoftEdge_px = 4;
  const Eigen::Vector2d chin = point(face, 152);
  const Eigen::Vector2d forehead = point(face, 10);
  const double face_height = std::max(1.0, (forehead - chin).norm());
  const double face_width = std::max(1.0, (point(face, 234) - point(face, 454)).norm());
  const Eigen::Vector2d up = (forehead - chin) / face_height;
  const Eigen::Vector2d side(-up.y(), up.x());
  // A turned head foreshortens the oval's width but not the skull's: never narrower than this.
  const double half_width = std::max(kHalfWidth * face_width, 0.52 * face_height);
  const double half_height = kHalfHeight * face_height;
  const Eigen::Vector2d centre = 0.5 * (chin + forehead) + kRaise * face_height * up;

  Image region(width_px, height_px, 1);
  for (int y = 0; y < height_px; ++y) {
    std::uint8_t* row = region.row(y);
    for (int x = 0; x < width_px; ++x) {
      const Eigen::Vector2d d = Eigen::Vector2d(x + 0.5, y + 0.5) - centre;
      const double u = d.dot(side) / half_width;
      const double v = d.dot(up) / half_height;
      const double distance_px = (1 - std::sqrt(u * u + v * v)) * half_width;  // about, > 0 inside
      row[x] = static_cast<std::uint8_t>(
          std::lround(255 * std::clamp(distance_px / kSoftEdge_px + 0.5, 0.0, 1.0)));
    }
  }
  return region;
}

Image paste_region(const Image& generated, const Image& film, const Image& region) {
  const bool fits = generated.width == film.width && generated.height == film.height &&
                    generated.channels == film.channels && region.width == film.width &&
                    region.height == film.height && region.channels == 1;
  if (!fits) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a picture of {}x{} cannot be pasted into one of {}x{}", generated.width,
                            generated.height, film.width, film.height),
                "use pictures of one size");
  }
  Image result = film;
  for (std::size_t i = 0; i < region.pixels.size(); ++i) {
    const int inside = region.pixels[i];
    if (inside == 0) continue;
    for (int c = 0; c < film.channels; ++c) {
      const std::size_t at = i * film.channels + c;
      result.pixels[at] = static_cast<std::uint8_t>(
          (inside * generated.pixels[at] + (255 - inside) * film.pixels[at] + 127) / 255);
    }
  }
  return result;
}

Image crop(const Image& image, const Box& box) {
  if (box.left_px < 0 || box.top_px < 0 || box.width_px < 1 || box.height_px < 1 ||
      box.left_px + box.width_px > image.width || box.top_px + box.height_px > image.height) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the box {}x{} at ({}, {}) does not lie in a picture of {}x{}", box.width_px,
                            box.height_px, box.left_px, box.top_px, image.width, image.height),
                "choose a box inside of the picture");
  }
  Image result(box.width_px, box.height_px, image.channels);
  const std::size_t bytes = static_cast<std::size_t>(box.width_px) * image.channels;
  for (int y = 0; y < box.height_px; ++y) {
    const std::uint8_t* from =
        image.row(box.top_px + y) + static_cast<std::size_t>(box.left_px) * image.channels;
    std::copy(from, from + bytes, result.row(y));
  }
  return result;
}

}  // namespace anima::evaluate
