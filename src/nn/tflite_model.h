// The TFLite container: a FlatBuffer with the identifier "TFL3" that holds one network.
//
// Reads the part of the schema (tensorflow/lite/schema/schema.fbs, version 3) that the face
// models use, into plain values. Every byte is treated as hostile: offsets, counts, indices,
// shapes and buffer sizes are checked before use. Running the network is TfliteNetwork's job.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anima::nn {

// Values as in the schema's enum TensorType; others are refused.
enum class TfliteType : std::uint8_t { kFloat32 = 0, kFloat16 = 1, kInt32 = 2, kUint8 = 3, kInt64 = 4 };

std::size_t size_of(TfliteType type);  // bytes per element

struct TfliteTensor {
  std::string name;
  std::vector<int> shape;  // every entry > 0; empty for a scalar
  TfliteType type = TfliteType::kFloat32;
  // The constant's bytes, little-endian, product(shape) * size_of(type); empty for a value
  // that is computed. Points into TfliteModel::bytes, at no particular alignment.
  std::span<const std::byte> data;

  std::int64_t elements() const;
};

// Values as in the schema's enum BuiltinOperator; others are refused.
enum class TfliteOpcode : std::uint8_t {
  kAdd = 0,
  kAveragePool2d = 1,
  kConcatenation = 2,
  kConv2d = 3,
  kDepthwiseConv2d = 4,
  kDequantize = 6,
  kLogistic = 14,
  kMaxPool2d = 17,
  kMul = 18,
  kRelu = 19,
  kReshape = 22,
  kResizeBilinear = 23,
  kCustom = 32,
  kPad = 34,
  kStridedSlice = 45,
  kPrelu = 54,
  kHardSwish = 117,
};

std::string_view name_of(TfliteOpcode opcode);

enum class TfliteActivation : std::uint8_t { kNone = 0, kRelu = 1, kReluN1To1 = 2, kRelu6 = 3 };

// The union of the operators' options; a field that an operator does not have keeps its default.
struct TfliteOptions {
  bool same_padding = true;  // CONV_2D, DEPTHWISE_CONV_2D, *_POOL_2D; false: VALID
  int stride_width = 1;
  int stride_height = 1;
  int dilation_width = 1;
  int dilation_height = 1;
  int depth_multiplier = 1;
  int filter_width = 1;  // *_POOL_2D
  int filter_height = 1;
  TfliteActivation activation = TfliteActivation::kNone;
  int axis = 0;                     // CONCATENATION
  std::vector<int> new_shape;       // RESHAPE; may be empty: the output tensor's shape counts
  bool align_corners = false;       // RESIZE_BILINEAR
  bool half_pixel_centers = false;  // RESIZE_BILINEAR
  std::uint32_t begin_mask = 0;     // STRIDED_SLICE
  std::uint32_t end_mask = 0;
  std::uint32_t ellipsis_mask = 0;
  std::uint32_t new_axis_mask = 0;
  std::uint32_t shrink_axis_mask = 0;
};

struct TfliteOperator {
  TfliteOpcode opcode = TfliteOpcode::kAdd;
  std::string custom_name;  // of kCustom
  int version = 1;
  std::vector<int> inputs;   // tensor indices; -1 where an optional input is absent
  std::vector<int> outputs;  // tensor indices
  TfliteOptions options;
  std::span<const std::byte> custom_options;  // into TfliteModel::bytes
};

// One graph. Owns the file's bytes, which its tensors point into: movable, not copyable.
struct TfliteModel {
  std::vector<std::byte> bytes;
  std::vector<TfliteTensor> tensors;
  std::vector<TfliteOperator> operators;  // in an order in which they can run
  std::vector<int> inputs;                // tensor indices
  std::vector<int> outputs;

  TfliteModel() = default;
  TfliteModel(TfliteModel&&) = default;
  TfliteModel& operator=(TfliteModel&&) = default;
  TfliteModel(const TfliteModel&) = delete;
  TfliteModel& operator=(const TfliteModel&) = delete;
};

// `source` names the file in errors. Throws Error: kCorruptData for bytes that are not a whole
// TFLite model, kUnsupported for a type or operator that is not listed above, more than one
// subgraph, or an inhibited schema version.
TfliteModel read_tflite_model(std::vector<std::byte> bytes, const std::string& source);

}  // namespace anima::nn
