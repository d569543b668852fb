// Feeds damaged TFLite files to their reader and, where it accepts them, to the network that
// prepares and runs them once (libFuzzer; build with -DANIMA_FUZZ=ON).
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "nn/tflite_model.h"
#include "nn/tflite_network.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  try {
    const anima::nn::TfliteModel model = anima::nn::read_tflite_model({bytes, bytes + size}, "fuzz");
    const anima::nn::TfliteNetwork network(model, "fuzz");
  } catch (const anima::Error&) {
  }
  return 0;
}
