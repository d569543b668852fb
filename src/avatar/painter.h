// Finished pictures of an avatar, frame by frame, for films and live use.
//
//   Painter painter(avatar, {.width_px = 512, .height_px = 512});
//   Image picture;
//   painter.paint(state, picture);
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

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
  // Memory of `picture` is reused. All threads share one picture: the shortest wait.
  void paint(const FrameState& state, Image& picture);
  // One picture per thread: the most pictures per second. Same pictures as `paint` makes.
  void paint(std::span<const FrameState> states, std::vector<Image>& pictures);

 private:
  struct Easel {  // what one picture in the making needs
    FrameScene scene;
    RenderPass pass;
  };
  void paint_on(Easel& easel, const FrameState& state, Image& picture, ThreadPool* pool) const;

  const Avatar& avatar_;
  PainterOptions options_;
  face::Camera camera_;
  Image film_background_;
  Image background_;  // a colour or picture instead of it
  std::unique_ptr<Renderer> renderer_;
  ThreadPool pool_;
  std::vector<std::unique_ptr<Easel>> easels_;  // one per thread, made when first used
};

}  // namespace anima::avatar
