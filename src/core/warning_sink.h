// Where a module says what a person should know although the work goes on.
#pragma once

#include <functional>
#include <string>

namespace anima {

// May be empty. "Zhipu refuses more requests ...; 'embedded' speaks instead", for instance.
using WarningSink = std::function<void(const std::string& warning)>;

}  // namespace anima
