// What `anima doctor` says of the engines that speak and hear.
#pragma once

#include <vector>

#include "studio/configured.h"
#include "studio/doctor.h"

namespace anima::app {

// One finding for each engine: those in the configured order first, with what to do where one is not
// ready; then the others that are known, with what each would need. Servers are asked whether they
// answer, half a second each at most.
std::vector<studio::Finding> engine_findings(const studio::Configured& configured);

}  // namespace anima::app
