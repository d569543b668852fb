// How a sound is turned into a film of a person: every knob, its meaning and its default.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/warning_sink.h"

namespace anima::studio {

enum class BlinkMode { kOff, kNatural, kPeriod };
enum class PoseMode { kFilm, kStatic, kRange };
enum class BackgroundMode { kFilm, kColour, kImage, kTransparent };

struct RenderOptions {
  std::string person;
  std::filesystem::path sound;   // any sound or film
  std::filesystem::path output;  // .mp4, .webm, or .webp (silent)

  double mouth_amplitude = 1;  // 0 closed, 1 as the person speaks, up to 3 exaggerated
  BlinkMode blink = BlinkMode::kNatural;
  double blink_period_s = 4;  // with kPeriod
  PoseMode pose = PoseMode::kFilm;
  double pose_from_s = 0;  // with kRange: the part of the film whose head motion is used
  double pose_to_s = 0;
  double lle_fraction = 0.3;  // 0: mouth as predicted, 1: moved wholly to mouths that were filmed
  double temperature = 0;     // 0: the likeliest mouth; above, variation as wide as the model is unsure
  int size_px = 512;          // of the square picture: 64 to 2048, even
  BackgroundMode background = BackgroundMode::kFilm;
  std::array<std::uint8_t, 3> background_colour{};  // with kColour
  std::filesystem::path background_image;           // with kImage
  std::uint64_t seed = 1;                           // the same seed gives the same film
  int threads = 0;                                  // 0: one per core
  WarningSink warn = {};                            // is told how the sound was read

  // Throws Error(kInvalidArgument) naming the knob, its value and its range.
  void validate() const;
};

// From the words of the command line; each throws Error(kInvalidArgument) for what it cannot read.
void set_blink(RenderOptions& options, const std::string& text);  // off | natural | SECONDS
void set_pose(RenderOptions& options, const std::string& text);   // film | static | FROM-TO (seconds)
void set_background(RenderOptions& options,
                    const std::string& text);  // film | transparent | #RRGGBB | picture file

}  // namespace anima::studio
