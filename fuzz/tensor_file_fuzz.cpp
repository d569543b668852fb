// Feeds damaged `.anima` files to their reader (libFuzzer; build with -DANIMA_FUZZ=ON). What it
// accepts must survive being written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "core/error.h"
#include "core/tensor_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(data), size);
  anima::TensorFile file;
  try {
    file = anima::decode_tensor_file(bytes, "fuzz");
  } catch (const anima::Error&) {
    return 0;  // refusing is what it should do; anything else is a finding
  }
  const anima::TensorFile again = anima::decode_tensor_file(anima::encode_tensor_file(file), "again");
  if (again.tensors.size() != file.tensors.size() || again.metadata != file.metadata) std::abort();
  for (const auto& [name, tensor] : file.tensors) {
    try {
      file.floats(name, tensor.shape);
    } catch (const anima::Error&) {
      // a value that is not finite, or 64-bit integers
    }
  }
  return 0;
}
