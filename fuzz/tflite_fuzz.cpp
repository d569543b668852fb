// Feeds damaged TFLite files to their reader and to that of the custom operators' options
// (libFuzzer; build with -DANIMA_FUZZ=ON). The network itself is not built: libtorch's headers
// need GCC's C++20, and tests/nn runs it on damaged files.
#include <cstddef>
#include <cstdint>

#include "core/error.h"
#include "nn/face_operators.h"
#include "nn/flexbuffer.h"
#include "nn/tflite_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  try {
    const anima::nn::TfliteModel model = anima::nn::read_tflite_model({bytes, bytes + size}, "fuzz");
    for (const anima::nn::TfliteOperator& operation : model.operators) {
      if (!operation.custom_options.empty()) {
        anima::nn::LandmarkBoxOptions::read(operation.custom_options, "fuzz");
      }
    }
  } catch (const anima::Error&) {
  }
  try {
    anima::nn::read_flexbuffer_map({bytes, size}, "fuzz");
  } catch (const anima::Error&) {
  }
  return 0;
}
