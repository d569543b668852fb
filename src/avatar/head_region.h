// Which pixels of a frame are head, which torso.
#pragma once

#include <vector>

#include "core/image.h"
#include "face/tracked_film.h"

namespace anima::avatar {

// Per pixel of a width x height picture, 0..1. The head ends in the neck, a little below the
// jaw, so that head and torso overlap under the chin.
struct PersonRegions {
  std::vector<float> head;
  std::vector<float> torso;
};

// `mask`: the person, u8 of any size. `observation`: landmarks in pixels of the film's own
// `film_width_px`; `neck_overlap` in face heights.
PersonRegions person_regions(const Image& mask, const face::FaceObservation& observation, int film_width_px,
                             int width_px, int height_px, float neck_overlap = 0.08F);

}  // namespace anima::avatar
