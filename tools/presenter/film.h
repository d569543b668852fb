// A performance filmed: pictures, sound and truth.
#pragma once

#include <filesystem>

#include "presenter/portrait.h"
#include "presenter/truth.h"

namespace anima::presenter {

struct FilmOptions {
  std::filesystem::path sound;   // empty: silent
  std::filesystem::path output;  // .mp4
  std::filesystem::path truth;   // empty: none
  int first_frame = 0;
  int last_frame = -1;  // exclusive; -1: to the end
  int quality = 12;     // constant rate factor
  DrawOptions draw;
};

// Throws Error(kInvalidArgument) for frames outside the performance, and what the sound's reader and
// the film's writer throw. The sound is cut or padded to the pictures.
void make_film(Portrait& portrait, const TruthProbe& probe, const PresenterPerformance& performance,
               const FilmOptions& options, const WorkContext& context);

}  // namespace anima::presenter
