// Where the speech lies in what a source speaker said.
#pragma once

#include <utility>

#include "core/sound.h"

namespace anima::voice {

// Begin and end in seconds, by level (speakers pad speech with silence), with 20 ms around it; equal
// where there is no sound. Every request to the embedded engine is heard from here to here.
std::pair<double, double> spoken_part(const Sound& sound);

}  // namespace anima::voice
