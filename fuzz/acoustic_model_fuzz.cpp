// Feeds damaged acoustic model files to their parser (libFuzzer; build with -DANIMA_FUZZ=ON).
//
// The input is cut into the four files: two bytes of length in units of 64 bytes before each of
// the first three, the rest is the fourth.
#include <cstddef>
#include <cstdint>
#include <span>

#include "audio/acoustic_model.h"
#include "core/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span<const std::byte> rest(reinterpret_cast<const std::byte*>(data), size);
  const auto cut = [&rest]() {
    if (rest.size() < 2) return std::span<const std::byte>();
    std::size_t length = 64 * (static_cast<std::size_t>(rest[0]) + 256 * static_cast<std::size_t>(rest[1]));
    rest = rest.subspan(2);
    length = length < rest.size() ? length : rest.size();
    const auto part = rest.first(length);
    rest = rest.subspan(length);
    return part;
  };
  anima::audio::AcousticModelBytes bytes;
  bytes.means = cut();
  bytes.variances = cut();
  bytes.mixture_weights = cut();
  bytes.definition = rest;
  try {
    anima::audio::parse_acoustic_model(bytes, "fuzz");
  } catch (const anima::Error&) {
    // Refusing is what it should do; anything else is a finding.
  }
  return 0;
}
