#include "avatar/painter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "avatar/solid_interior.h"
#include "core/error.h"

namespace anima::avatar {
namespace {

// The largest centred part of `from` with the wanted shape, at the wanted size.
Image filled(const Image& from, int width, int height) {
  const cv::Mat whole(from.height, from.width, CV_8UC3, const_cast<std::uint8_t*>(from.pixels.data()));
  const double scale =
      std::max(static_cast<double>(width) / from.width, static_cast<double>(height) / from.height);
  const int part_width = std::clamp(static_cast<int>(std::lround(width / scale)), 1, from.width);
  const int part_height = std::clamp(static_cast<int>(std::lround(height / scale)), 1, from.height);
  const cv::Mat part = whole(
      cv::Rect((from.width - part_width) / 2, (from.height - part_height) / 2, part_width, part_height));
  Image out(width, height, 3);
  cv::Mat to(height, width, CV_8UC3, out.pixels.data());
  cv::resize(part, to, to.size(), 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return out;
}

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
}

// Premultiplied colour to straight colour and alpha.
void straight_alpha(const Canvas& canvas, Image& picture) {
  const std::size_t pixels = static_cast<std::size_t>(canvas.width) * canvas.height;
  for (std::size_t i = 0; i < pixels; ++i) {
    const float alpha = 1 - canvas.transmittance[i];
    const float scale = alpha > 1e-3F ? 255 / alpha : 0.0F;
    std::uint8_t* out = picture.pixels.data() + i * 4;
    out[0] = to_byte(canvas.red[i] * scale);
    out[1] = to_byte(canvas.green[i] * scale);
    out[2] = to_byte(canvas.blue[i] * scale);
    out[3] = to_byte(alpha * 255);
  }
}

}  // namespace

Painter::Painter(const Avatar& avatar, const PainterOptions& options)
    : avatar_(avatar), options_(options), renderer_(make_renderer(options.renderer)), pool_(options.threads) {
  if (options_.width_px == 0) options_.width_px = avatar.camera.width_px;
  if (options_.height_px == 0) options_.height_px = avatar.camera.height_px;
  const int width = options_.width_px;
  const int height = options_.height_px;
  if (width < 16 || height < 16 || width > 4096 || height > 4096) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a picture of {}x{} px cannot be drawn", width, height),
                "choose a width and height of 16 to 4096 px");
  }
  camera_ = scaled_camera(avatar.camera, width, height);
  film_background_ = filled(avatar.background, width, height);
  switch (options_.backdrop) {
    case Backdrop::kFilm:
      break;
    case Backdrop::kPicture:
      if (options_.picture.empty() || options_.picture.channels != 3) {
        throw Error(ErrorCode::kInvalidArgument, "the background picture is empty or not RGB",
                    "name a JPEG or PNG file");
      }
      background_ = filled(options_.picture, width, height);
      break;
    case Backdrop::kColour:
      background_ = Image(width, height, 3);
      for (std::size_t i = 0; i < background_.pixels.size(); ++i)
        background_.pixels[i] = options_.colour[i % 3];
      break;
    case Backdrop::kTransparent:
      break;
  }
}

void Painter::paint_on(Easel& easel, const FrameState& state, Image& picture, ThreadPool* pool) const {
  easel.scene.set(camera_, avatar_.drivers, avatar_.head, &avatar_.torso, state);
  renderer_->forward(easel.scene.scene(), easel.pass, pool);
  const int channels = options_.backdrop == Backdrop::kTransparent ? 4 : 3;
  if (picture.width != options_.width_px || picture.height != options_.height_px ||
      picture.channels != channels) {
    picture = Image(options_.width_px, options_.height_px, channels);
  }
  Canvas& canvas = easel.pass.canvas;
  if (options_.backdrop == Backdrop::kFilm) {
    composite(canvas, film_background_.pixels.data(), picture.pixels.data());
    return;
  }
  make_interior_solid(canvas, film_background_);
  if (channels == 4) {
    straight_alpha(canvas, picture);
  } else {
    composite(canvas, background_.pixels.data(), picture.pixels.data());
  }
}

void Painter::paint(const FrameState& state, Image& picture) {
  if (easels_.empty()) easels_.push_back(std::make_unique<Easel>());
  paint_on(*easels_[0], state, picture, &pool_);
}

void Painter::paint(std::span<const FrameState> states, std::vector<Image>& pictures) {
  while (static_cast<int>(easels_.size()) < pool_.size()) easels_.push_back(std::make_unique<Easel>());
  pictures.resize(states.size());
  pool_.run(static_cast<int>(states.size()),
            [&](int i, int worker) { paint_on(*easels_[worker], states[i], pictures[i], nullptr); });
}

}  // namespace anima::avatar
