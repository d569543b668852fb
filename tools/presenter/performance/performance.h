// The presenter's whole performance: from a spoken script to a pose for every frame.
#pragma once

#include <cstdint>
#include <vector>

#include "presenter/performance/coarticulation.h"
#include "presenter/performance/spoken_script.h"
#include "presenter/presenter_pose.h"

namespace anima::presenter {

// Every sound of the script with how loud its vowels are spoken, 0.8 to 1.2, among those of its
// language.
std::vector<PerformedSound> sounds_with_loudness(const SpokenScript& spoken);

// A pose at each i / kPresenterFrames_per_s until the sound ends. The same seed gives the same
// performance.
PresenterPerformance perform(const SpokenScript& spoken, std::uint64_t seed);

}  // namespace anima::presenter
