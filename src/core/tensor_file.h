// Named arrays in one file: the safetensors format, which `.anima` files are.
//
// Layout: 8-byte little-endian header length, a JSON header, raw tensors without gaps
// (https://github.com/huggingface/safetensors, format section). A reader treats every byte as
// hostile: header length, offsets, shapes and types are checked before anything is allocated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace anima {

enum class TensorType { kF32, kF16, kI32, kI64, kU8 };

struct Tensor {
  TensorType type = TensorType::kF32;
  std::vector<std::int64_t> shape;  // row-major
  std::vector<std::byte> bytes;     // product(shape) * size of type, little-endian
};

class TensorFile {
 public:
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;  // the "__metadata__" object

  // Adds or replaces. F16 rounds to nearest even; values outside its range throw
  // Error(kInvalidArgument).
  void put(const std::string& name, std::vector<std::int64_t> shape, std::span<const float> values,
           TensorType type = TensorType::kF32);
  void put(const std::string& name, std::vector<std::int64_t> shape, std::span<const std::int32_t> values);
  void put(const std::string& name, std::vector<std::int64_t> shape, std::span<const std::uint8_t> values);

  bool has(const std::string& name) const { return tensors.contains(name); }
  // Values as float from F32, F16, I32 or U8. `shape` is what the caller needs; -1 accepts any
  // size in that place. Throws Error(kCorruptData) naming the tensor for a wrong shape, a
  // missing tensor or a value that is not finite.
  std::vector<float> floats(const std::string& name, std::span<const std::int64_t> shape) const;
  std::vector<std::int32_t> integers(const std::string& name, std::span<const std::int64_t> shape) const;
  std::vector<std::uint8_t> bytes(const std::string& name, std::span<const std::int64_t> shape) const;
  const std::vector<std::int64_t>& shape(const std::string& name) const;
};

// Writes atomically. Reading refuses files over `limit_bytes`.
void write_tensor_file(const std::filesystem::path& path, const TensorFile& file);
TensorFile read_tensor_file(const std::filesystem::path& path, std::uint64_t limit_bytes = 256ULL << 20U);
std::vector<std::byte> encode_tensor_file(const TensorFile& file);
// `source` is named in errors.
TensorFile decode_tensor_file(std::span<const std::byte> bytes, const std::string& source);

}  // namespace anima
