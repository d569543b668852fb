// Her hair, grown once on the resting head; it turns with the head.
#pragma once

#include "presenter/skin.h"
#include "presenter/strands.h"

namespace anima::presenter {

Strands grow_hair(const Skin& skin, std::uint64_t seed);

}  // namespace anima::presenter
