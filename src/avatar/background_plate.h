// The film's still background, without the person.
#pragma once

#include "core/image.h"
#include "core/progress.h"
#include "media/frame_store.h"

namespace anima::avatar {

// Per-pixel median over frames in which the person mask (u8, any size, 255 = person) leaves the
// pixel free; pixels that are never free are filled smoothly from their surroundings.
// Uses at most `samples` frames of [0, frames). Throws kCancelled within a frame's time of a stop.
Image background_plate(const media::FrameStore& film, const media::FrameStore& masks, int frames,
                       const WorkContext& context, int samples = 48);

}  // namespace anima::avatar
