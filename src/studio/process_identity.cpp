#include "studio/process_identity.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace anima::studio {
namespace {

// Field 22 of /proc/PID/stat, in clock ticks after boot; empty where there is no such process.
// The program's name (field 2) may hold spaces and brackets: fields count from its last bracket.
std::string start_time_of(long pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  if (!std::getline(file, line)) return {};
  const std::size_t bracket = line.rfind(')');
  if (bracket == std::string::npos) return {};
  std::istringstream fields(line.substr(bracket + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number) {
    if (!(fields >> field)) return {};
    if (number == 3 && (field == "Z" || field == "X")) return {};  // dead, not yet collected
  }
  return field;
}

std::string boot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  if (!std::getline(file, id) || id.empty()) return "unknown";
  return id;
}

}  // namespace

std::string this_process() {
  return fmt::format("{} {} {}", ::getpid(), start_time_of(::getpid()), boot());
}

bool still_runs(const std::string& process) {
  std::istringstream fields(process);
  long pid = 0;
  std::string start;
  std::string recorded_boot;
  if (!(fields >> pid >> start >> recorded_boot) || pid < 1) return false;
  return recorded_boot == boot() && start == start_time_of(pid);
}

}  // namespace anima::studio
