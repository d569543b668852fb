// Nothing shines through a person who stands before another background than the film's.
#pragma once

#include "avatar/renderer.h"
#include "core/image.h"

namespace anima::avatar {

// Training sees a person only before the film's background, so Gaussians that cover a face to two
// thirds and let the wall give the rest are as good to it as solid ones. Where coverage stays above
// a third to two thirds all around (within 1.5 % of the width), what is missing is drawn in the film's own
// background, as in training; so are half-covered holes. Outlines and single hairs keep their coverage
// and mix with what is behind them.
//
// `film_background`: RGB of the canvas's size. Changes the canvas, on the caller's thread; about
// 3 ms at 512x512.
void make_interior_solid(Canvas& canvas, const Image& film_background);

}  // namespace anima::avatar
