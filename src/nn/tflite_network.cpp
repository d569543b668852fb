#include "nn/tflite_network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

#include "core/error.h"
#include "nn/face_operators.h"

namespace anima::nn {
namespace {

// Every tensor is kept contiguous in the file's own order (images: batch, height, width,
// channels). Convolutions see it through a permuted view, which libtorch knows as
// "channels last" and computes without a copy.

at::Tensor to_channels_first(const at::Tensor& image) {
  return image.permute({0, 3, 1, 2});
}
at::Tensor to_channels_last(const at::Tensor& image) {
  return image.permute({0, 2, 3, 1}).contiguous();
}

// libtorch's thread count belongs to the calling thread and to everything that it runs later.
class OneThread {
 public:
  OneThread() : threads_(at::get_num_threads()) {
    if (threads_ != 1) at::set_num_threads(1);
  }
  ~OneThread() {
    if (threads_ != 1) at::set_num_threads(threads_);
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int threads_;
};

struct Padding {
  std::int64_t before = 0;
  std::int64_t after = 0;
};

// TFLite's SAME: output = ceil(input / stride), the odd pixel of padding at the far side.
Padding same_padding(std::int64_t input, std::int64_t window, std::int64_t stride, std::int64_t dilation) {
  const std::int64_t output = (input + stride - 1) / stride;
  const std::int64_t total =
      std::max<std::int64_t>((output - 1) * stride + (window - 1) * dilation + 1 - input, 0);
  return {total / 2, total - total / 2};
}

struct Step {
  const TfliteOperator* operation = nullptr;
  std::vector<int> inputs;
  int output = 0;
  at::Tensor weight;  // of convolutions: output, input, height, width
  at::Tensor bias;
  std::vector<std::int64_t> transposed_stride;  // height, width
  LandmarkBoxOptions landmark_box;
  bool may_overwrite = false;  // the first input is not needed later
  std::vector<int> releases;   // tensors that nothing needs after this step
};

}  // namespace

struct TfliteNetwork::State {
  std::string source;
  // Copies of the operators, so that the model's bytes need not outlive loading.
  std::vector<TfliteOperator> operators;
  std::vector<Step> steps;
  std::vector<at::Tensor> constants;  // by tensor index; undefined for computed ones
  std::vector<std::vector<int>> shapes;
  std::vector<std::string> names;
  int input_index = 0;
  std::vector<int> output_indices;

  [[noreturn]] void unsupported(const Step& step, const std::string& what) const {
    throw Error(
        ErrorCode::kUnsupported,
        source + ": " + std::string(name_of(step.operation->opcode)) + " with " + what + " is not run",
        "Use the face models that npm ci installs.");
  }
  [[noreturn]] void corrupt(const std::string& what) const {
    throw Error(ErrorCode::kCorruptData, source + ": " + what, "Install the model again (npm ci).");
  }

  void load_constant(const TfliteTensor& tensor, int index);
  void prepare(Step& step);
  void plan_memory();
  std::vector<at::Tensor> execute(std::span<const float> values) const;
  at::Tensor apply(const Step& step, const std::vector<at::Tensor>& values) const;
  at::Tensor convolve(const Step& step, const at::Tensor& input) const;
  at::Tensor pool(const Step& step, const at::Tensor& input) const;
  at::Tensor binary(const Step& step, const at::Tensor& a, const at::Tensor& b) const;
  at::Tensor prelu(const Step& step, const at::Tensor& input, const at::Tensor& slope) const;
  at::Tensor pad(const Step& step, const at::Tensor& input) const;
  at::Tensor resize(const Step& step, const at::Tensor& input) const;
  at::Tensor slice(const Step& step, const at::Tensor& input) const;
  at::Tensor custom(const Step& step, const std::vector<at::Tensor>& inputs) const;
  at::Tensor activate(at::Tensor value, TfliteActivation activation) const;
  std::vector<std::int64_t> output_shape(const Step& step) const {
    const auto& shape = shapes[static_cast<std::size_t>(step.output)];
    return {shape.begin(), shape.end()};
  }
  std::vector<std::int64_t> constant_integers(const Step& step, std::size_t operand) const;
};

namespace {

// libtorch's own errors become ours: they mean that the model's parts do not fit together.
template <class Body>
auto with_torch_errors(const std::string& source, Body body) {
  try {
    return body();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kResourceExhausted, "Not enough memory to run " + source, "Close other programs.");
  } catch (const std::exception& failure) {
    const std::string text = failure.what();
    throw Error(ErrorCode::kCorruptData, source + ": its operators do not fit together",
                "Install the model again (npm ci).", text.substr(0, text.find('\n')));
  }
}

}  // namespace

void TfliteNetwork::State::load_constant(const TfliteTensor& tensor, int index) {
  if (tensor.data.empty()) return;
  const std::vector<std::int64_t> shape(tensor.shape.begin(), tensor.shape.end());
  at::ScalarType type = at::kFloat;
  switch (tensor.type) {
    case TfliteType::kFloat32:
      break;
    case TfliteType::kFloat16:
      type = at::kHalf;
      break;
    case TfliteType::kInt32:
      type = at::kInt;
      break;
    default:
      throw Error(ErrorCode::kUnsupported,
                  source + ": the constant \"" + tensor.name + "\" is neither float nor int32",
                  "Use the face models that npm ci installs.");
  }
  at::Tensor value = at::empty(shape, type);
  std::memcpy(value.data_ptr(), tensor.data.data(), tensor.data.size());
  constants[static_cast<std::size_t>(index)] = type == at::kHalf ? value.to(at::kFloat) : value;
}

std::vector<std::int64_t> TfliteNetwork::State::constant_integers(const Step& step,
                                                                  std::size_t operand) const {
  if (operand >= step.inputs.size()) corrupt("an operator lacks an input");
  const at::Tensor& value = constants[static_cast<std::size_t>(step.inputs[operand])];
  if (!value.defined() || value.scalar_type() != at::kInt) corrupt("an operator lacks its constant input");
  const int* data = value.data_ptr<int>();
  return {data, data + value.numel()};
}

void TfliteNetwork::State::prepare(Step& step) {
  const TfliteOperator& operation = *step.operation;
  auto need_inputs = [&](std::size_t low, std::size_t high) {
    if (step.inputs.size() < low || step.inputs.size() > high) {
      corrupt(std::string(name_of(operation.opcode)) + " with " + std::to_string(step.inputs.size()) +
              " inputs");
    }
    // Only a convolution's bias may be absent.
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      if (step.inputs[i] < 0 && i < 2) corrupt("an operator lacks an input");
    }
  };
  auto constant = [&](std::size_t operand) {
    if (operand >= step.inputs.size() || step.inputs[operand] < 0) return at::Tensor();
    const at::Tensor& value = constants[static_cast<std::size_t>(step.inputs[operand])];
    if (!value.defined() || value.scalar_type() != at::kFloat)
      corrupt("weights that are not constant floats");
    return value;
  };
  switch (operation.opcode) {
    case TfliteOpcode::kConv2d:
    case TfliteOpcode::kDepthwiseConv2d: {
      need_inputs(2, 3);
      const at::Tensor weight = constant(1);
      if (weight.dim() != 4)
        corrupt("convolution weights with " + std::to_string(weight.dim()) + " dimensions");
      step.weight = operation.opcode == TfliteOpcode::kConv2d ? weight.permute({0, 3, 1, 2})
                                                              : weight.permute({3, 0, 1, 2});
      step.weight = step.weight.contiguous(at::MemoryFormat::ChannelsLast);
      step.bias = constant(2);
      break;
    }
    case TfliteOpcode::kAdd:
    case TfliteOpcode::kMul:
    case TfliteOpcode::kPrelu:
    case TfliteOpcode::kPad:
    case TfliteOpcode::kResizeBilinear:
      need_inputs(2, 2);
      break;
    case TfliteOpcode::kStridedSlice:
      need_inputs(4, 4);
      break;
    case TfliteOpcode::kReshape:
      need_inputs(1, 2);
      break;
    case TfliteOpcode::kConcatenation:
      need_inputs(1, 64);
      break;
    case TfliteOpcode::kCustom:
      if (operation.custom_name == "Landmarks2TransformMatrix") {
        need_inputs(1, 1);
        step.landmark_box = LandmarkBoxOptions::read(operation.custom_options, source);
      } else if (operation.custom_name == "TransformTensorBilinear" ||
                 operation.custom_name == "TransformLandmarks") {
        need_inputs(2, 2);
      } else if (operation.custom_name == "Convolution2DTransposeBias") {
        need_inputs(3, 3);
        const at::Tensor weight = constant(1);
        if (weight.dim() != 4)
          corrupt("convolution weights with " + std::to_string(weight.dim()) + " dimensions");
        step.weight = weight.permute({3, 0, 1, 2}).contiguous();
        step.bias = constant(2);
        // The options are the C struct of three int32: padding, stride width, stride height. Only
        // windows that do not overlap occur, and they need no padding.
        std::int32_t options[3];
        if (operation.custom_options.size() < sizeof(options))
          corrupt(operation.custom_name + " without options");
        std::memcpy(options, operation.custom_options.data(), sizeof(options));
        if (options[1] != step.weight.size(3) || options[2] != step.weight.size(2)) {
          unsupported(step, "overlapping windows");
        }
        step.transposed_stride = {options[2], options[1]};
      } else {
        unsupported(step, "the name \"" + operation.custom_name + "\"");
      }
      break;
    default:
      need_inputs(1, 1);
  }
  if ((operation.opcode == TfliteOpcode::kCustom || operation.opcode == TfliteOpcode::kReshape) &&
      step.inputs.size() > 1 && step.inputs.back() < 0) {
    corrupt("an operator lacks an input");
  }
}

// Finds after which step each computed tensor is dead, so that memory is given back early and
// element-wise operators may work in place.
void TfliteNetwork::State::plan_memory() {
  std::map<int, std::size_t> last_use;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const int operand : steps[i].inputs) {
      if (operand >= 0) last_use[operand] = i;
    }
  }
  for (const int output : output_indices) last_use.erase(output);
  for (const auto& [tensor, step] : last_use) {
    if (constants[static_cast<std::size_t>(tensor)].defined()) continue;
    steps[step].releases.push_back(tensor);
  }
  // A reshaped tensor shares memory with its origin: neither may be overwritten.
  std::vector<bool> shared(shapes.size(), false);
  for (const Step& step : steps) {
    const TfliteOpcode opcode = step.operation->opcode;
    if (opcode == TfliteOpcode::kReshape || opcode == TfliteOpcode::kStridedSlice ||
        opcode == TfliteOpcode::kDequantize || opcode == TfliteOpcode::kConcatenation) {
      for (const int tensor : step.inputs) {
        if (tensor >= 0) shared[static_cast<std::size_t>(tensor)] = true;
      }
      shared[static_cast<std::size_t>(step.output)] = true;
    }
  }
  for (Step& step : steps) {
    if (step.inputs.empty() || step.inputs[0] < 0) continue;
    const int first = step.inputs[0];
    step.may_overwrite =
        first != input_index && !shared[static_cast<std::size_t>(first)] &&
        std::find(step.releases.begin(), step.releases.end(), first) != step.releases.end() &&
        std::count(step.inputs.begin(), step.inputs.end(), first) == 1;
  }
}

at::Tensor TfliteNetwork::State::activate(at::Tensor value, TfliteActivation activation) const {
  switch (activation) {
    case TfliteActivation::kNone:
      return value;
    case TfliteActivation::kRelu:
      return value.clamp_min_(0);
    case TfliteActivation::kReluN1To1:
      return value.clamp_(-1, 1);
    case TfliteActivation::kRelu6:
      return value.clamp_(0, 6);
  }
  return value;
}

at::Tensor TfliteNetwork::State::convolve(const Step& step, const at::Tensor& input) const {
  const TfliteOptions& options = step.operation->options;
  if (input.dim() != 4) corrupt("a convolution of something that is not an image");
  std::int64_t groups = 1;
  if (step.operation->opcode == TfliteOpcode::kDepthwiseConv2d) {
    groups = input.size(3);
    if (step.weight.size(0) != groups * options.depth_multiplier)
      corrupt("a depth multiplier that does not fit");
  }
  at::Tensor padded = input;
  std::vector<std::int64_t> padding = {0, 0};
  if (options.same_padding) {
    const Padding rows =
        same_padding(input.size(1), step.weight.size(2), options.stride_height, options.dilation_height);
    const Padding columns =
        same_padding(input.size(2), step.weight.size(3), options.stride_width, options.dilation_width);
    if (rows.before == rows.after && columns.before == columns.after) {
      padding = {rows.before, columns.before};
    } else {
      padded = at::constant_pad_nd(input, {0, 0, columns.before, columns.after, rows.before, rows.after});
    }
  }
  const at::Tensor result = at::conv2d(to_channels_first(padded), step.weight, step.bias,
                                       {options.stride_height, options.stride_width}, padding,
                                       {options.dilation_height, options.dilation_width}, groups);
  return activate(to_channels_last(result), options.activation);
}

at::Tensor TfliteNetwork::State::pool(const Step& step, const at::Tensor& input) const {
  const TfliteOptions& options = step.operation->options;
  if (input.dim() != 4) corrupt("a pooling of something that is not an image");
  const bool maximum = step.operation->opcode == TfliteOpcode::kMaxPool2d;
  at::Tensor padded = input;
  if (options.same_padding) {
    const Padding rows = same_padding(input.size(1), options.filter_height, options.stride_height, 1);
    const Padding columns = same_padding(input.size(2), options.filter_width, options.stride_width, 1);
    if (rows.after != 0 || columns.after != 0) {
      if (!maximum) unsupported(step, "padding");
      padded = at::constant_pad_nd(input, {0, 0, columns.before, columns.after, rows.before, rows.after},
                                   -std::numeric_limits<float>::infinity());
    }
  }
  if (!maximum && options.filter_height == input.size(1) && options.filter_width == input.size(2)) {
    return activate(padded.mean({1, 2}, true), options.activation);
  }
  const std::vector<std::int64_t> window = {options.filter_height, options.filter_width};
  const std::vector<std::int64_t> stride = {options.stride_height, options.stride_width};
  const at::Tensor result = maximum ? at::max_pool2d(to_channels_first(padded), window, stride)
                                    : at::avg_pool2d(to_channels_first(padded), window, stride);
  return activate(to_channels_last(result), options.activation);
}

at::Tensor TfliteNetwork::State::binary(const Step& step, const at::Tensor& a, const at::Tensor& b) const {
  const bool add = step.operation->opcode == TfliteOpcode::kAdd;
  at::Tensor result;
  if (step.may_overwrite && a.sizes() == at::IntArrayRef(output_shape(step))) {
    result = a;
    add ? result.add_(b) : result.mul_(b);
  } else {
    result = add ? at::add(a, b) : at::mul(a, b);
  }
  return activate(std::move(result), step.operation->options.activation);
}

// libtorch 1.13 copies its input into another layout first, so this one is our own.
at::Tensor TfliteNetwork::State::prelu(const Step& step, const at::Tensor& input,
                                       const at::Tensor& slope) const {
  if (input.dim() == 0 || slope.numel() != input.size(-1)) corrupt("PRELU slopes that do not fit");
  const at::Tensor slopes = slope.contiguous();
  at::Tensor result = step.may_overwrite ? input : at::empty_like(input);
  const std::int64_t channels = slopes.numel();
  const std::int64_t pixels = input.numel() / channels;
  const float* factor = slopes.data_ptr<float>();
  const float* from = input.data_ptr<float>();
  float* to = result.data_ptr<float>();
  for (std::int64_t i = 0; i < pixels; ++i, from += channels, to += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      to[c] = std::max(from[c], 0.0F) + factor[c] * std::min(from[c], 0.0F);
    }
  }
  return result;
}

at::Tensor TfliteNetwork::State::pad(const Step& step, const at::Tensor& input) const {
  const std::vector<std::int64_t> amounts = constant_integers(step, 1);
  const auto rank = static_cast<std::size_t>(input.dim());
  if (amounts.size() != 2 * rank) corrupt("PAD amounts that do not fit");
  std::vector<std::int64_t> last_first;
  for (std::size_t i = rank; i-- > 0;) {
    for (const std::int64_t amount : {amounts[2 * i], amounts[2 * i + 1]}) {
      if (amount < 0 || amount > 65536) corrupt("a PAD of " + std::to_string(amount));
      last_first.push_back(amount);
    }
  }
  return at::constant_pad_nd(input, last_first);
}

at::Tensor TfliteNetwork::State::resize(const Step& step, const at::Tensor& input) const {
  const TfliteOptions& options = step.operation->options;
  const std::vector<std::int64_t> size = constant_integers(step, 1);
  if (input.dim() != 4 || size.size() != 2) corrupt("a RESIZE_BILINEAR that does not fit");
  if (size[0] < 1 || size[0] > 4096 || size[1] < 1 || size[1] > 4096)
    corrupt("a RESIZE_BILINEAR size out of range");
  if (!options.half_pixel_centers && !options.align_corners)
    unsupported(step, "neither corners nor centres aligned");
  return to_channels_last(at::upsample_bilinear2d(to_channels_first(input), size, options.align_corners));
}

at::Tensor TfliteNetwork::State::slice(const Step& step, const at::Tensor& input) const {
  const TfliteOptions& options = step.operation->options;
  const std::vector<std::int64_t> begin = constant_integers(step, 1);
  const std::vector<std::int64_t> end = constant_integers(step, 2);
  const std::vector<std::int64_t> stride = constant_integers(step, 3);
  const auto rank = static_cast<std::size_t>(input.dim());
  if (begin.size() != rank || end.size() != rank || stride.size() != rank)
    corrupt("a STRIDED_SLICE that does not fit");
  if (options.ellipsis_mask != 0 || options.new_axis_mask != 0 || options.shrink_axis_mask != 0) {
    unsupported(step, "an ellipsis, new or dropped axis");
  }
  at::Tensor result = input;
  for (std::size_t i = 0; i < rank; ++i) {
    if (stride[i] < 1) unsupported(step, "a stride of " + std::to_string(stride[i]));
    const auto size = input.size(static_cast<std::int64_t>(i));
    const std::int64_t from = (options.begin_mask >> i & 1U) != 0 ? 0 : begin[i];
    const std::int64_t to = (options.end_mask >> i & 1U) != 0 ? size : end[i];
    result = result.slice(static_cast<std::int64_t>(i), from, to, stride[i]);
  }
  return result.contiguous();
}

at::Tensor TfliteNetwork::State::custom(const Step& step, const std::vector<at::Tensor>& inputs) const {
  const std::string& name = step.operation->custom_name;
  auto values_of = [](const at::Tensor& tensor) {
    return std::span<const float>(tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
  };
  auto matrix_of = [&](const at::Tensor& tensor) {
    TransformMatrix matrix;
    if (tensor.numel() != static_cast<std::int64_t>(matrix.size()))
      corrupt(name + " with a matrix that is not 4x4");
    std::copy_n(tensor.data_ptr<float>(), matrix.size(), matrix.begin());
    return matrix;
  };
  if (name == "Landmarks2TransformMatrix") {
    const LandmarkBoxOptions& options = step.landmark_box;
    const std::int64_t landmarks = inputs[0].numel() / 3;
    int largest = std::max(options.left_rotation_index, options.right_rotation_index);
    for (const int index : options.subset) largest = std::max(largest, index);
    if (largest >= landmarks) corrupt(name + " with landmark number " + std::to_string(largest));
    const TransformMatrix matrix = landmarks_to_transform_matrix(values_of(inputs[0]), options);
    at::Tensor result = at::empty({1, 4, 4});
    std::copy(matrix.begin(), matrix.end(), result.data_ptr<float>());
    return result;
  }
  if (name == "TransformTensorBilinear") {
    const at::Tensor& image = inputs[0];
    const std::vector<std::int64_t> shape = output_shape(step);
    if (image.dim() != 4 || shape.size() != 4 || image.size(0) != 1 || shape[0] != 1 ||
        shape[3] != image.size(3)) {
      corrupt(name + " with shapes that do not fit");
    }
    at::Tensor result = at::empty(shape);
    transform_tensor_bilinear(values_of(image), static_cast<int>(image.size(2)),
                              static_cast<int>(image.size(1)), static_cast<int>(image.size(3)),
                              matrix_of(inputs[1]), static_cast<int>(shape[2]), static_cast<int>(shape[1]),
                              {result.data_ptr<float>(), static_cast<std::size_t>(result.numel())});
    return result;
  }
  if (name == "TransformLandmarks") {
    if (inputs[0].dim() == 0 || inputs[0].size(-1) != 2) unsupported(step, "landmarks that are not 2-D");
    at::Tensor result = at::empty_like(inputs[0]);
    transform_landmarks(values_of(inputs[0]), matrix_of(inputs[1]),
                        {result.data_ptr<float>(), static_cast<std::size_t>(result.numel())});
    return result;
  }
  if (inputs[0].dim() != 4) corrupt(name + " of something that is not an image");
  return to_channels_last(
      at::conv_transpose2d(to_channels_first(inputs[0]), step.weight, step.bias, step.transposed_stride));
}

at::Tensor TfliteNetwork::State::apply(const Step& step, const std::vector<at::Tensor>& values) const {
  std::vector<at::Tensor> inputs;
  for (const int index : step.inputs) {
    if (index < 0) {
      inputs.emplace_back();
      continue;
    }
    const at::Tensor& constant = constants[static_cast<std::size_t>(index)];
    inputs.push_back(constant.defined() ? constant : values[static_cast<std::size_t>(index)]);
    if (!inputs.back().defined()) {
      corrupt("tensor \"" + names[static_cast<std::size_t>(index)] + "\" is used before it is computed");
    }
  }
  auto floats = [&](std::size_t operand) -> const at::Tensor& {
    if (inputs[operand].scalar_type() != at::kFloat) corrupt("an operator on values that are not floats");
    return inputs[operand];
  };
  switch (step.operation->opcode) {
    case TfliteOpcode::kConv2d:
    case TfliteOpcode::kDepthwiseConv2d:
      return convolve(step, floats(0));
    case TfliteOpcode::kAdd:
    case TfliteOpcode::kMul:
      return binary(step, floats(0), floats(1));
    case TfliteOpcode::kAveragePool2d:
    case TfliteOpcode::kMaxPool2d:
      return pool(step, floats(0));
    case TfliteOpcode::kPrelu:
      return prelu(step, floats(0), floats(1));
    case TfliteOpcode::kRelu:
      return step.may_overwrite ? floats(0).clamp_min_(0) : at::clamp_min(floats(0), 0);
    case TfliteOpcode::kHardSwish:
      return at::hardswish(floats(0));
    case TfliteOpcode::kLogistic:
      return at::sigmoid(floats(0));
    case TfliteOpcode::kReshape:
      return floats(0).reshape(output_shape(step));
    case TfliteOpcode::kConcatenation: {
      for (std::size_t i = 0; i < inputs.size(); ++i) floats(i);
      return activate(at::cat(inputs, step.operation->options.axis), step.operation->options.activation);
    }
    case TfliteOpcode::kPad:
      return pad(step, floats(0));
    case TfliteOpcode::kResizeBilinear:
      return resize(step, floats(0));
    case TfliteOpcode::kStridedSlice:
      return slice(step, floats(0));
    case TfliteOpcode::kDequantize:
      return floats(0);
    case TfliteOpcode::kCustom:
      for (std::size_t i = 0; i < inputs.size(); ++i) floats(i);
      return custom(step, inputs);
  }
  corrupt("an operator that is not known");
}

std::vector<at::Tensor> TfliteNetwork::State::execute(std::span<const float> values) const {
  const c10::InferenceMode inference;
  const OneThread one_thread;
  std::vector<at::Tensor> computed(shapes.size());
  const auto& input_sizes = shapes[static_cast<std::size_t>(input_index)];
  // Only read: no step overwrites the network's input (plan_memory).
  computed[static_cast<std::size_t>(input_index)] = at::from_blob(
      const_cast<float*>(values.data()), std::vector<std::int64_t>(input_sizes.begin(), input_sizes.end()));
  for (const Step& step : steps) {
    at::Tensor result = apply(step, computed);
    if (result.sizes() != at::IntArrayRef(output_shape(step))) {
      corrupt("tensor \"" + names[static_cast<std::size_t>(step.output)] +
              "\" does not get the shape it claims");
    }
    for (const int tensor : step.releases) computed[static_cast<std::size_t>(tensor)].reset();
    computed[static_cast<std::size_t>(step.output)] = std::move(result);
  }
  std::vector<at::Tensor> results;
  for (const int output : output_indices) {
    const at::Tensor& value = computed[static_cast<std::size_t>(output)];
    if (!value.defined() || value.scalar_type() != at::kFloat) corrupt("an output that is not computed");
    results.push_back(value.contiguous());
  }
  return results;
}

TfliteNetwork::TfliteNetwork(const TfliteModel& model, std::string source)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.source = std::move(source);
  if (model.inputs.size() != 1 || model.outputs.empty())
    state.corrupt("one input and at least one output are needed");
  state.input_index = model.inputs[0];
  state.output_indices = model.outputs;
  const TfliteTensor& input = model.tensors[static_cast<std::size_t>(state.input_index)];
  if (input.type != TfliteType::kFloat32 || !input.data.empty())
    state.corrupt("the input is not a float image");
  state.operators = model.operators;
  state.constants.resize(model.tensors.size());
  for (const TfliteTensor& tensor : model.tensors) {
    state.shapes.push_back(tensor.shape);
    state.names.push_back(tensor.name);
  }
  with_torch_errors(state.source, [&] {
    const c10::InferenceMode inference;
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
      state.load_constant(model.tensors[i], static_cast<int>(i));
    }
    for (const TfliteOperator& operation : state.operators) {
      if (operation.outputs.size() != 1) state.corrupt("an operator with other than one output");
      Step step;
      step.operation = &operation;
      step.inputs = operation.inputs;
      step.output = operation.outputs[0];
      if (step.output == state.input_index ||
          state.constants[static_cast<std::size_t>(step.output)].defined()) {
        state.corrupt("an operator that writes an input or a constant");
      }
      state.prepare(step);
      const bool constant_input = !step.inputs.empty() && step.inputs[0] >= 0 &&
                                  state.constants[static_cast<std::size_t>(step.inputs[0])].defined();
      if (operation.opcode == TfliteOpcode::kDequantize && constant_input) {
        state.constants[static_cast<std::size_t>(step.output)] =
            state.constants[static_cast<std::size_t>(step.inputs[0])];
        continue;
      }
      state.steps.push_back(std::move(step));
    }
    state.plan_memory();
    const std::vector<float> zeros(static_cast<std::size_t>(input.elements()));
    state.execute(zeros);
  });
}

TfliteNetwork::~TfliteNetwork() = default;
TfliteNetwork::TfliteNetwork(TfliteNetwork&&) noexcept = default;
TfliteNetwork& TfliteNetwork::operator=(TfliteNetwork&&) noexcept = default;

const std::vector<int>& TfliteNetwork::input_shape() const {
  return state_->shapes[static_cast<std::size_t>(state_->input_index)];
}

std::vector<NamedTensor> TfliteNetwork::run(std::span<const float> input) const {
  std::size_t needed = 1;
  for (const int size : input_shape()) needed *= static_cast<std::size_t>(size);
  if (input.size() != needed) {
    throw Error(ErrorCode::kInvalidArgument, state_->source + ": the input has " +
                                                 std::to_string(input.size()) +
                                                 " values, the network needs " + std::to_string(needed));
  }
  const std::vector<at::Tensor> values =
      with_torch_errors(state_->source, [&] { return state_->execute(input); });
  std::vector<NamedTensor> outputs;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto index = static_cast<std::size_t>(state_->output_indices[i]);
    const float* data = values[i].data_ptr<float>();
    outputs.push_back({state_->names[index], state_->shapes[index], {data, data + values[i].numel()}});
  }
  return outputs;
}

const std::vector<float>& output_named(const std::vector<NamedTensor>& outputs, const std::string& name,
                                       std::size_t elements) {
  for (const NamedTensor& output : outputs) {
    if (output.name == name && output.values.size() == elements) return output.values;
  }
  throw Error(ErrorCode::kCorruptData,
              "The network has no output \"" + name + "\" of " + std::to_string(elements) + " values",
              "Install the face models again (npm ci).");
}

}  // namespace anima::nn
