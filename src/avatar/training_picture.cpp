#include "avatar/training_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace anima::avatar {
namespace {

constexpr std::array<int, 20> kOuterLips = {61,  146, 91, 181, 84, 17, 314, 405, 321, 375,
                                            291, 185, 40, 39,  37, 0,  267, 269, 270, 409};
constexpr std::array<int, 8> kRightEye = {33, 145, 133, 159, 153, 158, 144, 160};
constexpr std::array<int, 8> kLeftEye = {263, 374, 362, 386, 380, 385, 373, 387};

struct Ellipse {
  float x, y, half_width, half_height;
};

template <std::size_t N>
Ellipse around(const face::FaceObservation& seen, const std::array<int, N>& points, float grow,
               float least_share) {
  float x0 = 1e9F, x1 = -1e9F, y0 = 1e9F, y1 = -1e9F;
  for (const int p : points) {
    x0 = std::min(x0, seen.points(p, 0));
    x1 = std::max(x1, seen.points(p, 0));
    y0 = std::min(y0, seen.points(p, 1));
    y1 = std::max(y1, seen.points(p, 1));
  }
  const float half_width = std::max(1.0F, 0.5F * grow * (x1 - x0));
  return {0.5F * (x0 + x1), 0.5F * (y0 + y1), half_width,
          std::max(0.5F * grow * (y1 - y0), least_share * half_width)};
}

// Raises the weight inside of an ellipse, softly at its border.
void emphasise(const Ellipse& e, float strength, const View& view, TrainingPicture& picture) {
  const float step = static_cast<float>(view.reduction);
  const int y0 =
      std::max(0, static_cast<int>((e.y - 1.3F * e.half_height - static_cast<float>(view.top_px)) / step));
  const int y1 =
      std::min(picture.frame.height - 1,
               static_cast<int>((e.y + 1.3F * e.half_height - static_cast<float>(view.top_px)) / step));
  const int x0 =
      std::max(0, static_cast<int>((e.x - 1.3F * e.half_width - static_cast<float>(view.left_px)) / step));
  const int x1 =
      std::min(picture.frame.width - 1,
               static_cast<int>((e.x + 1.3F * e.half_width - static_cast<float>(view.left_px)) / step));
  for (int y = y0; y <= y1; ++y) {
    for (int x = x0; x <= x1; ++x) {
      const float dx =
          ((static_cast<float>(x) + 0.5F) * step + static_cast<float>(view.left_px) - e.x) / e.half_width;
      const float dy =
          ((static_cast<float>(y) + 0.5F) * step + static_cast<float>(view.top_px) - e.y) / e.half_height;
      const float inside = std::clamp((1.3F - std::sqrt(dx * dx + dy * dy)) / 0.3F, 0.0F, 1.0F);
      picture.weight[static_cast<std::size_t>(y) * picture.frame.width + x] += (strength - 1) * inside;
    }
  }
}

// The view's part of an image, averaged down.
void cut(const Image& from, const View& view, Image& to) {
  const cv::Mat whole(from.height, from.width, CV_8UC3, const_cast<std::uint8_t*>(from.pixels.data()));
  const int width = view.width_px / view.reduction;
  const int height = view.height_px / view.reduction;
  if (to.width != width || to.height != height || to.channels != 3) to = Image(width, height, 3);
  cv::Mat out(height, width, CV_8UC3, to.pixels.data());
  const cv::Mat part = whole(cv::Rect(view.left_px, view.top_px, view.width_px, view.height_px));
  if (view.reduction == 1) {
    part.copyTo(out);
  } else {
    cv::resize(part, out, out.size(), 0, 0, cv::INTER_AREA);
  }
}

}  // namespace

face::Camera view_camera(const face::Camera& camera, const View& view) {
  face::Camera out;
  const double reduction = view.reduction;
  out.width_px = view.width_px / view.reduction;
  out.height_px = view.height_px / view.reduction;
  out.focal_px = camera.focal_px / reduction;
  out.centre_x_px = (camera.centre_x_px - view.left_px) / reduction;
  out.centre_y_px = (camera.centre_y_px - view.top_px) / reduction;
  return out;
}

View whole_view(const TrainingFilm& film, int reduction) {
  return {0, 0, film.frames->width() / reduction * reduction, film.frames->height() / reduction * reduction,
          reduction};
}

View head_view(const TrainingFilm& film, int reduction) {
  // Bounds of what segmentation calls head, over some frames; masks fray, so there is a margin.
  const int width = film.frames->width();
  const int height = film.frames->height();
  const int small = 64;
  int x0 = small, x1 = -1, y0 = small, y1 = -1;
  Image mask;
  const int frames = film.track->training_frames;
  for (int s = 0; s < 60; ++s) {
    const int f = static_cast<int>(static_cast<long long>(s) * frames / 60);
    film.masks->read(f, mask);
    const PersonRegions regions = person_regions(mask, film.track->observations[f], width, small, small);
    for (int y = 0; y < small; ++y) {
      for (int x = 0; x < small; ++x) {
        if (regions.head[static_cast<std::size_t>(y) * small + x] < 0.5F) continue;
        x0 = std::min(x0, x);
        x1 = std::max(x1, x);
        y0 = std::min(y0, y);
        y1 = std::max(y1, y);
      }
    }
  }
  if (x1 < x0 || y1 < y0) return whole_view(film, reduction);
  const auto snap = [](int value) { return value / 16 * 16; };
  View view;
  view.reduction = reduction;
  view.left_px = snap(std::max(0, (x0 - 1) * width / small));
  view.top_px = snap(std::max(0, (y0 - 1) * height / small));
  view.width_px = std::min(snap(width), snap((x1 + 2) * width / small + 15)) - view.left_px;
  view.height_px = std::min(snap(height), snap((y1 + 2) * height / small + 15)) - view.top_px;
  return view;
}

void load_training_picture(const TrainingFilm& film, int frame, const PictureScope& scope,
                           TrainingPicture& picture) {
  const View& view = scope.view;
  const face::FaceObservation& seen = film.track->observations[frame];
  Image whole, mask;
  film.frames->read(frame, whole);
  film.masks->read(frame, mask);
  picture.camera = view_camera(film.track->camera, view);
  const PersonRegions regions =
      person_regions(mask, seen, whole.width, whole.width / view.reduction, whole.height / view.reduction);
  const int region_width = whole.width / view.reduction;
  const int left = view.left_px / view.reduction;
  const int top = view.top_px / view.reduction;
  cut(whole, view, picture.frame);
  cut(*film.plate, view, picture.behind);
  const int width = picture.frame.width;
  const int height = picture.frame.height;
  picture.weight.assign(static_cast<std::size_t>(width) * height, 1.0F);
  picture.outside.assign(picture.weight.size(), 0.0F);
  for (int y = 0; y < height; ++y) {
    const std::size_t line = static_cast<std::size_t>(y + top) * region_width + left;
    for (int x = 0; x < width; ++x) {
      const std::size_t at = static_cast<std::size_t>(y) * width + x;
      const float head = regions.head[line + x];
      const float person = head + regions.torso[line + x];
      if (scope.surround == Surround::kFilm) {
        picture.outside[at] = 1 - std::min(1.0F, 2 * head);
        if (head > 0.02F) continue;  // the plate stays behind all that may be head
        for (int c = 0; c < 3; ++c) picture.behind.pixels[at * 3 + c] = picture.frame.pixels[at * 3 + c];
      } else {
        picture.outside[at] = 1 - std::min(1.0F, 2 * person);
      }
    }
  }
  if (scope.mouth_weight > 1)
    emphasise(around(seen, kOuterLips, 1.25F, 0.6F), scope.mouth_weight, view, picture);
  if (scope.eye_weight > 1) {
    emphasise(around(seen, kRightEye, 1.3F, 0.5F), scope.eye_weight, view, picture);
    emphasise(around(seen, kLeftEye, 1.3F, 0.5F), scope.eye_weight, view, picture);
  }
}

}  // namespace anima::avatar
