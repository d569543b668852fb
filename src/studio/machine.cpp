#include "studio/machine.h"

#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "core/threads.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

// The number of kilobytes after "NAME:" in a file of /proc.
std::uint64_t kilobytes_of(const char* file, const std::string& name) {
  std::ifstream lines(file);
  std::string line;
  while (std::getline(lines, line)) {
    if (!line.starts_with(name + ":")) continue;
    std::istringstream fields(line.substr(name.size() + 1));
    std::uint64_t kilobytes = 0;
    fields >> kilobytes;
    return kilobytes;
  }
  return 0;
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.cores = available_cores();
  machine.memory_bytes = kilobytes_of("/proc/meminfo", "MemTotal") * 1024;
  machine.memory_available_bytes = kilobytes_of("/proc/meminfo", "MemAvailable") * 1024;
  std::ifstream lines("/proc/cpuinfo");
  std::string line;
  while (std::getline(lines, line)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    if (line.starts_with("model name") && machine.processor.empty())
      machine.processor = line.substr(colon + 2);
    if (line.starts_with("flags") || line.starts_with("Features")) {
      std::istringstream flags(line.substr(colon + 1));
      std::string flag;
      while (flags >> flag) {
        for (const char* unit : {"sse4_2", "avx2", "fma", "f16c", "avx512f", "asimd"}) {
          if (flag == unit) machine.vector_units.emplace_back(flag == "asimd" ? "neon" : unit);
        }
      }
      break;  // the first core stands for all
    }
  }
  return machine;
}

std::uint64_t free_disk_bytes(const fs::path& folder) {
  std::error_code error;
  fs::path existing = fs::absolute(folder, error);
  while (!fs::exists(existing, error) && existing != existing.root_path()) existing = existing.parent_path();
  const fs::space_info space = fs::space(existing, error);
  return error ? 0 : space.available;
}

std::uint64_t peak_memory_bytes() {
  return kilobytes_of("/proc/self/status", "VmHWM") * 1024;
}

}  // namespace anima::studio
