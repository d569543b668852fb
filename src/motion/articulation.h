// What phones ask of a visible mouth: knowledge that 40 seconds of film are too short to teach.
#pragma once

#include <array>

#include "audio/phone_posteriors.h"

namespace anima::motion {

// How far the mouth is open, both lips closed, lower lip at the teeth, tongue at the teeth, lips
// rounded, lips spread, and nothing said.
inline constexpr int kArticulators = 7;
using Articulation = std::array<float, kArticulators>;

// The expected articulation under the phone posteriors. Each phone has its values by the
// phonetic description of English vowels (height, backness, rounding) and consonants (place);
// neighbours and speaker are left to what learns from this.
// `posteriors` are in the phone order of the en-us model. Its logarithm tells small values apart:
// with thousands of context-dependent states even a clear /p/ has a posterior of a few percent.
Articulation articulation_of(const audio::PhonePosteriors& posteriors);

}  // namespace anima::motion
