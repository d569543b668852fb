// The parts of a frame that are scored apart: head, whole frame, mouth.
#pragma once

#include "core/image.h"
#include "face/tracked_film.h"

namespace anima::evaluate {

// Whole pixels: columns [left, left+width), rows [top, top+height).
struct Box {
  int left_px = 0;
  int top_px = 0;
  int width_px = 0;
  int height_px = 0;
};

// The mouth outline of kMouthOutline, grown by `margin` of the mouth's width on each side (so
// that lips which open too far are seen), clipped to the picture. At least 16x16 where the
// picture allows it. Throws Error(kUnusableInput) when the mouth lies outside of the picture.
Box mouth_box(const face::FaceObservation& face, int width_px, int height_px, double margin = 0.3);

// Where the head with its hair is: an ellipse around the face oval, 1 channel, 255 inside, 0
// outside, with a soft edge of about 4 px. Made from the film's landmarks, not the avatar's, so
// that an avatar cannot choose what it is scored on.
Image head_region(const face::FaceObservation& face, int width_px, int height_px);

// The head on the film's own surround (protocol P1 of the field): `generated` inside of the
// region, `film` outside.
Image paste_region(const Image& generated, const Image& film, const Image& region);

Image crop(const Image& image, const Box& box);

}  // namespace anima::evaluate
