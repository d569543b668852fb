// Finished pictures of an avatar, frame by frame, for films and live use.
//
//   Painter painter(avatar, {.width_px = 512, .height_px = 512});
//   Image picture;
//   painter.paint(state, picture);
#pragma once

#include <array>
#include <memory>
#include <string>

#include "avatar/avatar.h"
#include "core/image.h"
#include "core/threads.h"

namespace anima::avatar {

enum class Backdrop {
  kFilm,  // the film's own background
  kColour,
  kPicture,      // an image, cropped to fill
  kTransparent,  // 4 channels, straight alpha
};

struct PainterOptions {
  int width_px = 0;  // 0: the avatar's own size
  int height_px = 0;
  Backdrop backdrop = Backdrop::kFilm;
  std::array<std::uint8_t, 3> colour{0, 255, 0};
  Image picture;    // for kPicture, RGB
  int threads = 0;  // 0: all cores
  std::string renderer = "simd";
};

// Owns a copy of nothing large: the avatar outlives it. Not safe from several threads at once.
class Painter {
 public:
  // Throws Error(kInvalidArgument) for sizes outside of 16..4096 px or an empty picture.
  Painter(const Avatar& avatar, const PainterOptions& options);
  // Memory of `picture` is reused.
  void paint(const FrameState& state, Image& picture);

 private:
  const Avatar& avatar_;
  PainterOptions options_;
  face::Camera camera_;
  Image background_;
  std::unique_ptr<Renderer> renderer_;
  FrameScene scene_;
  RenderPass pass_;
  ThreadPool pool_;
};

}  // namespace anima::avatar
