// Whether an engine can be used now, and if not, what is missing.
#pragma once

#include <string>
#include <vector>

namespace anima {

// Never holds a key's value.
struct EngineReadiness {
  bool ready = false;
  std::vector<std::string> needs = {};  // everything it needs, e.g. "ZHIPU_API_KEY in the environment"
  std::string what_to_do = {};          // for a person; where ready: what is left to do for all that it can
};

}  // namespace anima
