// Where a module says what a person should know although the work goes on.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace anima {

// May be empty. "Zhipu refuses more requests ...; 'embedded' speaks instead", for instance.
using WarningSink = std::function<void(const std::string& warning)>;

// Hands on each warning once, from any thread: for a file that several readers read. Empty stays empty.
inline WarningSink each_once(WarningSink warn) {
  if (!warn) return {};
  struct Told {
    std::mutex mutex;
    std::set<std::string> warnings;
  };
  return [told = std::make_shared<Told>(), warn = std::move(warn)](const std::string& warning) {
    const std::lock_guard lock(told->mutex);
    if (told->warnings.insert(warning).second) warn(warning);
  };
}

}  // namespace anima
