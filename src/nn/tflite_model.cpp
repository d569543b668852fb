#include "nn/tflite_model.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "nn/flatbuffer.h"

namespace anima::nn {
namespace {

using Table = FlatBuffer::Table;
using Vector = FlatBuffer::Vector;

// Far beyond any face model; they bound what a hostile file can make us allocate.
constexpr std::size_t kTensorLimit = 20'000;
constexpr std::size_t kOperandLimit = 64;
constexpr std::size_t kRankLimit = 6;
constexpr std::int64_t kElementLimit = std::int64_t{1} << 26;
constexpr int kWindowLimit = 4096;

// Field numbers of the schema's tables, and the union members that hold an operator's options.
namespace field {
constexpr std::size_t kModelVersion = 0, kModelOperatorCodes = 1, kModelSubgraphs = 2, kModelBuffers = 4;
constexpr std::size_t kCodeDeprecated = 0, kCodeCustomName = 1, kCodeVersion = 2, kCodeBuiltin = 3;
constexpr std::size_t kGraphTensors = 0, kGraphInputs = 1, kGraphOutputs = 2, kGraphOperators = 3;
constexpr std::size_t kTensorShape = 0, kTensorType = 1, kTensorBuffer = 2, kTensorName = 3;
constexpr std::size_t kOperatorCode = 0, kOperatorInputs = 1, kOperatorOutputs = 2, kOperatorOptionsType = 3,
                      kOperatorOptions = 4, kOperatorCustomOptions = 5;
}  // namespace field

struct OperatorCode {
  TfliteOpcode opcode;
  std::string custom_name;
  int version;
};

constexpr std::pair<TfliteOpcode, std::string_view> kOpcodeNames[] = {
    {TfliteOpcode::kAdd, "ADD"},
    {TfliteOpcode::kAveragePool2d, "AVERAGE_POOL_2D"},
    {TfliteOpcode::kConcatenation, "CONCATENATION"},
    {TfliteOpcode::kConv2d, "CONV_2D"},
    {TfliteOpcode::kDepthwiseConv2d, "DEPTHWISE_CONV_2D"},
    {TfliteOpcode::kDequantize, "DEQUANTIZE"},
    {TfliteOpcode::kLogistic, "LOGISTIC"},
    {TfliteOpcode::kMaxPool2d, "MAX_POOL_2D"},
    {TfliteOpcode::kMul, "MUL"},
    {TfliteOpcode::kRelu, "RELU"},
    {TfliteOpcode::kReshape, "RESHAPE"},
    {TfliteOpcode::kResizeBilinear, "RESIZE_BILINEAR"},
    {TfliteOpcode::kCustom, "CUSTOM"},
    {TfliteOpcode::kPad, "PAD"},
    {TfliteOpcode::kStridedSlice, "STRIDED_SLICE"},
    {TfliteOpcode::kPrelu, "PRELU"},
    {TfliteOpcode::kHardSwish, "HARD_SWISH"},
};

[[noreturn]] void unsupported(const std::string& source, const std::string& what) {
  throw Error(ErrorCode::kUnsupported, source + " uses " + what + ", which Anima does not run",
              "Use the face models that npm ci installs.");
}

OperatorCode read_operator_code(const FlatBuffer& file, const Table& table, const std::string& source) {
  // Codes up to 127 stood in a byte first; newer writers fill the wider field.
  const int code = std::max<int>(file.scalar<std::int8_t>(table, field::kCodeDeprecated, 0),
                                 file.scalar<std::int32_t>(table, field::kCodeBuiltin, 0));
  for (const auto& [opcode, name] : kOpcodeNames) {
    if (static_cast<int>(opcode) == code) {
      return {opcode, file.string(table, field::kCodeCustomName),
              file.scalar<std::int32_t>(table, field::kCodeVersion, 1)};
    }
  }
  unsupported(source, "operator number " + std::to_string(code));
}

TfliteTensor read_tensor(const FlatBuffer& file, const Table& table, const Vector& buffers,
                         const std::string& source) {
  TfliteTensor tensor;
  tensor.name = file.string(table, field::kTensorName);
  tensor.shape = file.integers(table, field::kTensorShape, kRankLimit);
  std::int64_t elements = 1;
  for (const int size : tensor.shape) {
    if (size <= 0 || size > kElementLimit || elements * size > kElementLimit) {
      file.fail("tensor \"" + tensor.name + "\" has a size of " + std::to_string(size));
    }
    elements *= size;
  }
  const int type = file.scalar<std::int8_t>(table, field::kTensorType, 0);
  if (type < 0 || type > static_cast<int>(TfliteType::kInt64)) {
    unsupported(source, "element type " + std::to_string(type) + " in tensor \"" + tensor.name + "\"");
  }
  tensor.type = static_cast<TfliteType>(type);

  const auto buffer = file.scalar<std::uint32_t>(table, field::kTensorBuffer, 0);
  if (buffer >= buffers.count)
    file.fail("tensor \"" + tensor.name + "\" refers to a buffer that is not there");
  // Buffer 0 is by convention the empty one of every computed tensor.
  tensor.data = file.blob(file.element(buffers, buffer), 0);
  if (!tensor.data.empty() &&
      tensor.data.size() != static_cast<std::size_t>(elements) * size_of(tensor.type)) {
    file.fail("tensor \"" + tensor.name + "\" holds " + std::to_string(tensor.data.size()) +
              " bytes, its shape needs " + std::to_string(elements * static_cast<int>(size_of(tensor.type))));
  }
  return tensor;
}

TfliteActivation read_activation(const FlatBuffer& file, const Table& table, std::size_t index,
                                 const std::string& source) {
  const int value = file.scalar<std::int8_t>(table, index, 0);
  if (value < 0 || value > 3) unsupported(source, "fused activation number " + std::to_string(value));
  return static_cast<TfliteActivation>(value);
}

int read_window(const FlatBuffer& file, const Table& table, std::size_t index, int fallback) {
  const int value = file.scalar<std::int32_t>(table, index, fallback);
  if (value < 1 || value > kWindowLimit) {
    file.fail("a stride, dilation or window of " + std::to_string(value));
  }
  return value;
}

// The union member number that holds each operator's options; 0 where the operator has none.
int options_type_of(TfliteOpcode opcode) {
  switch (opcode) {
    case TfliteOpcode::kConv2d:
      return 1;
    case TfliteOpcode::kDepthwiseConv2d:
      return 2;
    case TfliteOpcode::kAveragePool2d:
    case TfliteOpcode::kMaxPool2d:
      return 5;
    case TfliteOpcode::kConcatenation:
      return 10;
    case TfliteOpcode::kAdd:
      return 11;
    case TfliteOpcode::kResizeBilinear:
      return 15;
    case TfliteOpcode::kReshape:
      return 17;
    case TfliteOpcode::kMul:
      return 21;
    case TfliteOpcode::kStridedSlice:
      return 32;
    default:
      return 0;
  }
}

TfliteOptions read_options(const FlatBuffer& file, const Table& operation, TfliteOpcode opcode,
                           const std::string& source) {
  TfliteOptions options;
  const int expected = options_type_of(opcode);
  const int type = file.scalar<std::uint8_t>(operation, field::kOperatorOptionsType, 0);
  if (expected == 0 || type == 0) return options;
  if (type != expected) {
    file.fail("operator " + std::string(name_of(opcode)) + " has options of type " + std::to_string(type));
  }
  const Table table = file.table(operation, field::kOperatorOptions);
  switch (opcode) {
    case TfliteOpcode::kConv2d:
      options.same_padding = file.scalar<std::int8_t>(table, 0, 0) == 0;
      options.stride_width = read_window(file, table, 1, 0);
      options.stride_height = read_window(file, table, 2, 0);
      options.activation = read_activation(file, table, 3, source);
      options.dilation_width = read_window(file, table, 4, 1);
      options.dilation_height = read_window(file, table, 5, 1);
      break;
    case TfliteOpcode::kDepthwiseConv2d:
      options.same_padding = file.scalar<std::int8_t>(table, 0, 0) == 0;
      options.stride_width = read_window(file, table, 1, 0);
      options.stride_height = read_window(file, table, 2, 0);
      options.depth_multiplier = read_window(file, table, 3, 1);
      options.activation = read_activation(file, table, 4, source);
      options.dilation_width = read_window(file, table, 5, 1);
      options.dilation_height = read_window(file, table, 6, 1);
      break;
    case TfliteOpcode::kAveragePool2d:
    case TfliteOpcode::kMaxPool2d:
      options.same_padding = file.scalar<std::int8_t>(table, 0, 0) == 0;
      options.stride_width = read_window(file, table, 1, 0);
      options.stride_height = read_window(file, table, 2, 0);
      options.filter_width = read_window(file, table, 3, 0);
      options.filter_height = read_window(file, table, 4, 0);
      options.activation = read_activation(file, table, 5, source);
      break;
    case TfliteOpcode::kConcatenation:
      options.axis = file.scalar<std::int32_t>(table, 0, 0);
      options.activation = read_activation(file, table, 1, source);
      break;
    case TfliteOpcode::kAdd:
    case TfliteOpcode::kMul:
      options.activation = read_activation(file, table, 0, source);
      break;
    case TfliteOpcode::kResizeBilinear:
      options.align_corners = file.scalar<std::uint8_t>(table, 2, 0) != 0;
      options.half_pixel_centers = file.scalar<std::uint8_t>(table, 3, 0) != 0;
      break;
    case TfliteOpcode::kReshape:
      options.new_shape = file.integers(table, 0, kRankLimit);
      break;
    case TfliteOpcode::kStridedSlice:
      options.begin_mask = file.scalar<std::uint32_t>(table, 0, 0);
      options.end_mask = file.scalar<std::uint32_t>(table, 1, 0);
      options.ellipsis_mask = file.scalar<std::uint32_t>(table, 2, 0);
      options.new_axis_mask = file.scalar<std::uint32_t>(table, 3, 0);
      options.shrink_axis_mask = file.scalar<std::uint32_t>(table, 4, 0);
      break;
    default:
      break;
  }
  return options;
}

std::vector<int> read_operands(const FlatBuffer& file, const Table& table, std::size_t index,
                               std::size_t tensor_count, bool may_be_absent) {
  std::vector<int> operands = file.integers(table, index, kOperandLimit);
  for (const int operand : operands) {
    if (operand == -1 && may_be_absent) continue;
    if (operand < 0 || static_cast<std::size_t>(operand) >= tensor_count) {
      file.fail("tensor number " + std::to_string(operand) + " of " + std::to_string(tensor_count));
    }
  }
  return operands;
}

}  // namespace

std::size_t size_of(TfliteType type) {
  switch (type) {
    case TfliteType::kFloat32:
    case TfliteType::kInt32:
      return 4;
    case TfliteType::kFloat16:
      return 2;
    case TfliteType::kUint8:
      return 1;
    case TfliteType::kInt64:
      return 8;
  }
  return 0;
}

std::int64_t TfliteTensor::elements() const {
  std::int64_t count = 1;
  for (const int size : shape) count *= size;
  return count;
}

std::string_view name_of(TfliteOpcode opcode) {
  for (const auto& [code, name] : kOpcodeNames) {
    if (code == opcode) return name;
  }
  return "unknown";
}

TfliteModel read_tflite_model(std::vector<std::byte> bytes, const std::string& source) {
  TfliteModel model;
  model.bytes = std::move(bytes);
  const FlatBuffer file(model.bytes, source);
  if (model.bytes.size() < 8 || std::memcmp(model.bytes.data() + 4, "TFL3", 4) != 0) {
    file.fail("the identifier TFL3 is missing");
  }
  const Table root = file.table_at(0);
  const auto version = file.scalar<std::uint32_t>(root, field::kModelVersion, 0);
  if (version != 3) unsupported(source, "version " + std::to_string(version) + " of the TFLite schema");

  const Vector codes = file.vector(root, field::kModelOperatorCodes, 4, kTensorLimit);
  std::vector<OperatorCode> operator_codes;
  for (std::size_t i = 0; i < codes.count; ++i) {
    operator_codes.push_back(read_operator_code(file, file.element(codes, i), source));
  }

  const Vector subgraphs = file.vector(root, field::kModelSubgraphs, 4, kTensorLimit);
  if (subgraphs.count != 1) unsupported(source, std::to_string(subgraphs.count) + " subgraphs");
  const Table graph = file.element(subgraphs, 0);

  const Vector buffers = file.vector(root, field::kModelBuffers, 4, kTensorLimit);
  const Vector tensors = file.vector(graph, field::kGraphTensors, 4, kTensorLimit);
  model.tensors.reserve(tensors.count);
  for (std::size_t i = 0; i < tensors.count; ++i) {
    model.tensors.push_back(read_tensor(file, file.element(tensors, i), buffers, source));
  }
  model.inputs = read_operands(file, graph, field::kGraphInputs, tensors.count, false);
  model.outputs = read_operands(file, graph, field::kGraphOutputs, tensors.count, false);

  const Vector operators = file.vector(graph, field::kGraphOperators, 4, kTensorLimit);
  model.operators.reserve(operators.count);
  for (std::size_t i = 0; i < operators.count; ++i) {
    const Table table = file.element(operators, i);
    const auto code = file.scalar<std::uint32_t>(table, field::kOperatorCode, 0);
    if (code >= operator_codes.size()) file.fail("operator code number " + std::to_string(code));
    TfliteOperator operation;
    operation.opcode = operator_codes[code].opcode;
    operation.custom_name = operator_codes[code].custom_name;
    operation.version = operator_codes[code].version;
    operation.inputs = read_operands(file, table, field::kOperatorInputs, tensors.count, true);
    operation.outputs = read_operands(file, table, field::kOperatorOutputs, tensors.count, false);
    operation.options = read_options(file, table, operation.opcode, source);
    operation.custom_options = file.blob(table, field::kOperatorCustomOptions);
    model.operators.push_back(std::move(operation));
  }
  return model;
}

}  // namespace anima::nn
