// Facts about this machine and this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace anima::studio {

struct Machine {
  std::string processor;                  // model name, empty when unknown
  std::vector<std::string> vector_units;  // of sse4_2, avx2, fma, f16c, avx512f, neon
  int cores = 1;                          // this process may use
  std::uint64_t memory_bytes = 0;
  std::uint64_t memory_available_bytes = 0;
};

Machine this_machine();
std::uint64_t free_disk_bytes(const std::filesystem::path& folder);  // of its nearest existing parent

// The most memory this process ever had (VmHWM); 0 where the system does not tell.
std::uint64_t peak_memory_bytes();

}  // namespace anima::studio
