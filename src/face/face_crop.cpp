#include "face/face_crop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "core/error.h"
#include "media/film_info.h"

namespace anima::face {
namespace {

// Room around the mesh, in face heights: hair above, neck and shoulders below, ears and hair at
// the sides. The head must not leave the square anywhere in the film.
constexpr double kRoomAbove = 0.4;
constexpr double kRoomBelow = 0.3;
constexpr double kRoomBeside = 0.2;
// The share of samples that may reach beyond the room: a cough, a look aside.
constexpr double kRareShare = 0.02;
// A film whose sides differ by less than this share is taken as square: its middle, never squashed.
constexpr double kSquareTolerance = 0.02;
// Of the largest face's height: a face from which another one is a rival, not a passer-by.
constexpr double kRivalShare = 0.7;

double quantile(std::vector<double> values, double share) {
  const auto index = static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + index, values.end());
  return values[static_cast<std::size_t>(index)];
}

template <class Measure>
double quantile_of(std::span<const FaceExtent> extents, double share, Measure measure) {
  std::vector<double> values(extents.size());
  std::transform(extents.begin(), extents.end(), values.begin(), measure);
  return quantile(std::move(values), share);
}

FaceExtent extent_of(const Landmarks& points, double offset_x, double offset_y, double scale) {
  const auto mesh = points.topRows<kMeshVertices>();
  return {(mesh.col(0).minCoeff() + offset_x) * scale, (mesh.col(1).minCoeff() + offset_y) * scale,
          (mesh.col(0).maxCoeff() + offset_x) * scale, (mesh.col(1).maxCoeff() + offset_y) * scale};
}

Image cut(const Image& picture, int left, int top, int side) {
  Image part(side, side, picture.channels);
  const auto row_bytes = static_cast<std::size_t>(side) * static_cast<std::size_t>(picture.channels);
  for (int y = 0; y < side; ++y) {
    const std::uint8_t* from = picture.row(top + y) + static_cast<std::ptrdiff_t>(left) * picture.channels;
    std::copy(from, from + row_bytes, part.row(y));
  }
  return part;
}

double height_of(const FaceExtent& extent) {
  return extent.bottom_px - extent.top_px;
}

// Overlapping squares see one face several times: a rival's middle lies elsewhere.
bool is_rival(const FaceExtent& other, const FaceExtent& largest) {
  const double height = height_of(largest);
  const double apart = std::hypot(other.left_px + other.right_px - largest.left_px - largest.right_px,
                                  other.top_px + other.bottom_px - largest.top_px - largest.bottom_px) /
                       2;
  return height_of(other) >= kRivalShare * height && apart > 0.5 * height;
}

struct Sighting {
  FaceExtent largest;
  bool has_rival = false;
};

// The largest face of a picture. The detector does not see faces that are small against the
// picture, so where it finds none it looks at overlapping squares of it, large ones first.
std::optional<Sighting> find_face(const FaceNetworks& networks, const Image& picture, double scale) {
  if (const auto faces = find_faces(networks, picture); !faces.empty()) {
    std::vector<FaceExtent> extents;
    for (const FaceMesh& mesh : faces) extents.push_back(extent_of(mesh.points, 0, 0, scale));
    return Sighting{extents[0], std::any_of(extents.begin() + 1, extents.end(), [&](const FaceExtent& other) {
                      return height_of(other) >= kRivalShare * height_of(extents[0]);
                    })};
  }
  const int shorter = std::min(picture.width, picture.height);
  for (const int side : {shorter, shorter / 2}) {
    if (side < 96) break;
    std::vector<FaceExtent> found;
    const int columns = side == picture.width ? 1 : 2 * picture.width / side;
    const int rows = side == picture.height ? 1 : 2 * picture.height / side;
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        const int left = columns == 1 ? 0 : (picture.width - side) * column / (columns - 1);
        const int top = rows == 1 ? 0 : (picture.height - side) * row / (rows - 1);
        const auto mesh = find_largest_face(networks, cut(picture, left, top, side));
        if (!mesh) continue;
        found.push_back(extent_of(mesh->points, left, top, scale));
      }
    }
    if (found.empty()) continue;
    const FaceExtent largest = *std::max_element(
        found.begin(), found.end(),
        [](const FaceExtent& a, const FaceExtent& b) { return height_of(a) < height_of(b); });
    return Sighting{largest, std::any_of(found.begin(), found.end(),
                                         [&](const FaceExtent& other) { return is_rival(other, largest); })};
  }
  return std::nullopt;
}

}  // namespace

FaceCrop face_crop_of(std::span<const FaceExtent> extents, int width_px, int height_px,
                      const FaceCropOptions& options) {
  const double height = quantile_of(extents, 0.5, height_of);
  const double shorter = std::min(width_px, height_px);
  FaceCrop crop;
  crop.samples_with_face = static_cast<int>(extents.size());
  crop.face_height_px = height;

  const bool is_square = std::abs(width_px - height_px) <= kSquareTolerance * std::max(width_px, height_px);
  if (is_square && height >= options.least_face_share * shorter) {
    if (width_px != height_px) {
      crop.square = media::CropSquare{std::floor((width_px - shorter) / 2),
                                      std::floor((height_px - shorter) / 2), shorter};
    }
    crop.face_share = height / shorter;
    crop.reason =
        fmt::format("The film is square already and its face is {:.0f} % of its height: taken whole.",
                    100 * crop.face_share);
    return crop;
  }

  const double left = quantile_of(extents, kRareShare, [](const FaceExtent& e) { return e.left_px; });
  const double right = quantile_of(extents, 1 - kRareShare, [](const FaceExtent& e) { return e.right_px; });
  const double top = quantile_of(extents, kRareShare, [](const FaceExtent& e) { return e.top_px; });
  const double bottom = quantile_of(extents, 1 - kRareShare, [](const FaceExtent& e) { return e.bottom_px; });
  const double middle_y =
      quantile_of(extents, 0.5, [](const FaceExtent& e) { return (e.top_px + e.bottom_px) / 2; });
  const double for_share = height / options.face_share;
  const double for_motion = std::max(right - left + 2 * kRoomBeside * height,  //
                                     bottom - top + (kRoomAbove + kRoomBelow) * height);
  const double wanted = std::max(for_share, for_motion);
  const double side = std::floor(std::min(wanted, shorter));

  // Where the face's middle belongs, unless the head would leave the square above or below.
  double square_top = middle_y - options.face_centre * side;
  square_top = std::max(square_top, bottom + kRoomBelow * height - side);
  square_top = std::min(square_top, top - kRoomAbove * height);
  media::CropSquare square;
  square.side_px = side;
  square.left_px = std::clamp(std::round((left + right - side) / 2), 0.0, width_px - side);
  square.top_px = std::clamp(std::round(square_top), 0.0, height_px - side);
  crop.square = square;
  crop.face_share = height / side;
  const char* why = wanted > shorter         ? "as much as the picture has"
                    : for_motion > for_share ? "wide enough for all of the head's motion"
                                             : "head, hair and shoulders";
  crop.reason = fmt::format("A square of {:.0f} px around the face ({}); the face is {:.0f} % of its height.",
                            side, why, 100 * crop.face_share);
  return crop;
}

FaceCrop choose_face_crop(const FaceNetworks& networks, const std::filesystem::path& film,
                          const FaceCropOptions& options, const WorkContext& context) {
  const media::FilmInfo info = media::probe_film(film);
  const double expected_s = std::min(info.duration_s, options.limit_s);
  media::FrameReaderOptions reading;
  reading.frame_rate_hz = options.samples_per_second;
  if (expected_s > 0) {
    reading.frame_rate_hz = std::min(reading.frame_rate_hz, options.most_samples / expected_s);
  }
  const double longest = std::max(info.width_px, info.height_px);
  const double scale = std::max(longest / options.longest_side_px, 1.0);
  if (scale > 1) {
    reading.width_px = static_cast<int>(std::lround(info.width_px / scale));
    reading.height_px = static_cast<int>(std::lround(info.height_px / scale));
  }

  StageProgress progress(context, "looking for the face");
  media::FrameReader reader(film, reading);
  std::vector<FaceExtent> extents;
  Image picture;
  double time_s = 0;
  int samples = 0;
  int rivals = 0;
  while (reader.next(picture, time_s) && time_s < options.limit_s) {
    ++samples;
    const double shown_scale = static_cast<double>(info.width_px) / picture.width;
    if (const auto face = find_face(networks, picture, shown_scale)) {
      extents.push_back(face->largest);
      if (face->has_rival) ++rivals;
    }
    progress.update(std::min(time_s, expected_s), expected_s);
  }
  if (extents.empty()) {
    throw Error(
        ErrorCode::kUnusableInput,
        fmt::format("{} shows no face in any of the {} frames that were looked at", film.string(), samples),
        "Film one person from the front, the face at least a tenth of the picture's height.");
  }
  FaceCrop crop = face_crop_of(extents, info.width_px, info.height_px, options);
  crop.samples = samples;
  crop.samples_with_rival = rivals;
  return crop;
}

}  // namespace anima::face
