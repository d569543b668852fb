// From a sound to a film of a person who speaks it.
#pragma once

#include "core/progress.h"
#include "studio/render_options.h"

namespace anima::studio {

struct RenderResult {
  std::filesystem::path film;
  int frames = 0;
  double film_s = 0;
  double work_s = 0;
  double realtime_factor = 0;  // film_s / work_s
  std::uint64_t peak_memory_bytes = 0;
  std::string consent;  // of the person, to be shown
};

// `avatar` is the person's file (studio/house_presenter.h finds it); `options.person` names them in the
// film. Streams: sound is read, frames are drawn and encoded at the same time; memory does not grow
// with the sound's length. Nothing is left under the output's name when it fails or is stopped.
RenderResult render(const std::filesystem::path& avatar, const RenderOptions& options,
                    const WorkContext& context);

}  // namespace anima::studio
