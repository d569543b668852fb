#include "nn/torch_operator.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/ExpandUtils.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "core/error.h"

namespace anima::nn {
namespace {

// Multiplications of one operator that a model may ask for; the largest real one takes 5e6.
constexpr double kWorkLimit = 2e9;
constexpr std::int64_t kPadLimit = 4096;

at::Tensor to_channels_first(const at::Tensor& image) {
  return image.permute({0, 3, 1, 2});
}
at::Tensor to_channels_last(const at::Tensor& image) {
  return image.permute({0, 2, 3, 1}).contiguous();
}

// How a convolution or pooling walks along one side of an image.
struct WindowedSize {
  std::int64_t output = 0;
  std::int64_t before = 0;  // padding
  std::int64_t after = 0;
};

// TFLite's SAME: output = ceil(input / stride), the odd pixel of padding at the far side.
WindowedSize windowed_size(std::int64_t input, std::int64_t window, std::int64_t stride,
                           std::int64_t dilation, bool same_padding) {
  const std::int64_t extent = (window - 1) * dilation + 1;
  if (!same_padding) return {extent > input ? 0 : (input - extent) / stride + 1, 0, 0};
  const std::int64_t output = (input + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>((output - 1) * stride + extent - input, 0);
  return {output, total / 2, total - total / 2};
}

std::span<const float> values_of(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}
std::span<float> target_of(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

// How many inputs each operator takes: the least, and the most.
std::pair<std::size_t, std::size_t> input_counts(TfliteOpcode opcode, const std::string& custom_name) {
  switch (opcode) {
    case TfliteOpcode::kConv2d:
    case TfliteOpcode::kDepthwiseConv2d:
      return {2, 3};
    case TfliteOpcode::kAdd:
    case TfliteOpcode::kMul:
    case TfliteOpcode::kPrelu:
    case TfliteOpcode::kPad:
    case TfliteOpcode::kResizeBilinear:
      return {2, 2};
    case TfliteOpcode::kStridedSlice:
      return {4, 4};
    case TfliteOpcode::kReshape:
      return {1, 2};
    case TfliteOpcode::kConcatenation:
      return {1, 64};
    case TfliteOpcode::kCustom:
      if (custom_name == "Convolution2DTransposeBias") return {3, 3};
      return custom_name == "Landmarks2TransformMatrix" ? std::pair<std::size_t, std::size_t>{1, 1}
                                                        : std::pair<std::size_t, std::size_t>{2, 2};
    default:
      return {1, 1};
  }
}

}  // namespace

TorchOperator::TorchOperator(const TfliteOperator& operation, std::span<const at::Tensor> constants,
                             std::span<const int> shape, std::string label)
    : opcode_(operation.opcode),
      custom_name_(operation.custom_name),
      options_(operation.options),
      shape_(shape.begin(), shape.end()),
      label_(std::move(label)) {
  const auto [least, most] = input_counts(opcode_, custom_name_);
  if (constants.size() < least || constants.size() > most) {
    corrupt("it has " + std::to_string(constants.size()) + " inputs");
  }
  for (std::size_t i = 0; i < constants.size(); ++i) {
    // A convolution may come without its bias, and RESHAPE without its shape; nothing else is optional.
    const bool optional = (i == 2 && least == 2) || opcode_ == TfliteOpcode::kReshape;
    if (operation.inputs[i] < 0 && !(optional && i > 0)) corrupt("an input is absent");
    integers_.emplace_back();
    if (constants[i].defined() && constants[i].scalar_type() == at::kInt) {
      const int* data = constants[i].data_ptr<int>();
      integers_.back().assign(data, data + constants[i].numel());
    }
  }
  if (opcode_ == TfliteOpcode::kConv2d || opcode_ == TfliteOpcode::kDepthwiseConv2d ||
      custom_name_ == "Convolution2DTransposeBias") {
    const at::Tensor& weight = constants[1];
    if (!weight.defined() || weight.scalar_type() != at::kFloat || weight.dim() != 4) {
      corrupt("its weights are not a constant of four dimensions");
    }
    weight_ = opcode_ == TfliteOpcode::kConv2d ? weight.permute({0, 3, 1, 2}) : weight.permute({3, 0, 1, 2});
    weight_ = weight_.contiguous(at::MemoryFormat::ChannelsLast);
    if (constants.size() > 2 && operation.inputs[2] >= 0) {
      bias_ = constants[2];
      if (!bias_.defined() || bias_.scalar_type() != at::kFloat) corrupt("its bias is not a constant");
    }
  }
  if (opcode_ == TfliteOpcode::kCustom) prepare_custom(constants, operation.custom_options);
}

void TorchOperator::prepare_custom(std::span<const at::Tensor> constants,
                                   std::span<const std::byte> custom_options) {
  if (custom_name_ == "Landmarks2TransformMatrix") {
    landmark_box_ = LandmarkBoxOptions::read(custom_options, label_);
  } else if (custom_name_ == "Convolution2DTransposeBias") {
    weight_ = constants[1].permute({3, 0, 1, 2}).contiguous();
    // The options are the C struct of three int32: padding, stride width, stride height. Only
    // windows that do not overlap occur, and they need no padding.
    std::int32_t values[3];
    if (custom_options.size() < sizeof(values)) corrupt("it has no options");
    std::memcpy(values, custom_options.data(), sizeof(values));
    options_.stride_width = values[1];
    options_.stride_height = values[2];
    if (values[1] != weight_.size(3) || values[2] != weight_.size(2)) unsupported("overlapping windows");
  } else if (custom_name_ != "TransformTensorBilinear" && custom_name_ != "TransformLandmarks") {
    unsupported("the name \"" + custom_name_ + "\"");
  }
}

void TorchOperator::expect_shape(at::IntArrayRef shape) const {
  if (shape != at::IntArrayRef(shape_)) corrupt("its output does not have the shape that it claims");
}

void TorchOperator::corrupt(const std::string& what) const {
  throw Error(ErrorCode::kCorruptData, label_ + " is damaged: " + what, "Install the model again (npm ci).");
}

void TorchOperator::unsupported(const std::string& what) const {
  throw Error(ErrorCode::kUnsupported, label_ + " is not run with " + what,
              "Use the face models that npm ci installs.");
}

bool TorchOperator::may_alias() const {
  return opcode_ == TfliteOpcode::kReshape || opcode_ == TfliteOpcode::kStridedSlice ||
         opcode_ == TfliteOpcode::kDequantize || opcode_ == TfliteOpcode::kConcatenation;
}

at::Tensor TorchOperator::run(std::span<const at::Tensor> inputs, bool may_overwrite) const {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].defined()) continue;
    if (inputs[i].scalar_type() != at::kFloat && integers_[i].empty())
      corrupt("it works on values that are not floats");
  }
  const at::Tensor& first = inputs[0];
  if (first.scalar_type() != at::kFloat) corrupt("it works on values that are not floats");
  switch (opcode_) {
    case TfliteOpcode::kConv2d:
    case TfliteOpcode::kDepthwiseConv2d:
      return convolve(first);
    case TfliteOpcode::kAdd:
    case TfliteOpcode::kMul:
      return combine(first, inputs[1], may_overwrite);
    case TfliteOpcode::kAveragePool2d:
    case TfliteOpcode::kMaxPool2d:
      return pool(first);
    case TfliteOpcode::kPrelu:
      return prelu(first, inputs[1], may_overwrite);
    case TfliteOpcode::kRelu:
      return may_overwrite ? first.clamp_min_(0) : at::clamp_min(first, 0);
    case TfliteOpcode::kHardSwish:
      return at::hardswish(first);
    case TfliteOpcode::kLogistic:
      return at::sigmoid(first);
    case TfliteOpcode::kReshape:
      return first.reshape(shape_);
    case TfliteOpcode::kConcatenation:
      return concatenate(inputs);
    case TfliteOpcode::kPad:
      return pad(first);
    case TfliteOpcode::kResizeBilinear:
      return resize(first);
    case TfliteOpcode::kStridedSlice:
      return slice(first);
    case TfliteOpcode::kDequantize:
      return first;  // float16 constants became float32 at load
    case TfliteOpcode::kCustom:
      return custom(inputs);
  }
  corrupt("its number is not known");
}

at::Tensor TorchOperator::activate(at::Tensor value) const {
  switch (options_.activation) {
    case TfliteActivation::kNone:
      break;
    case TfliteActivation::kRelu:
      value.clamp_min_(0);
      break;
    case TfliteActivation::kReluN1To1:
      value.clamp_(-1, 1);
      break;
    case TfliteActivation::kRelu6:
      value.clamp_(0, 6);
      break;
  }
  return value;
}

at::Tensor TorchOperator::convolve(const at::Tensor& input) const {
  if (input.dim() != 4) corrupt("its input is not an image");
  std::int64_t groups = 1;
  if (opcode_ == TfliteOpcode::kDepthwiseConv2d) {
    groups = input.size(3);
    if (weight_.size(0) != groups * options_.depth_multiplier) corrupt("its depth multiplier does not fit");
  }
  if (weight_.size(1) * groups != input.size(3)) corrupt("its weights do not fit its input");
  const WindowedSize rows = windowed_size(input.size(1), weight_.size(2), options_.stride_height,
                                          options_.dilation_height, options_.same_padding);
  const WindowedSize columns = windowed_size(input.size(2), weight_.size(3), options_.stride_width,
                                             options_.dilation_width, options_.same_padding);
  expect_shape({input.size(0), rows.output, columns.output, weight_.size(0)});
  const double work = static_cast<double>(input.size(0) * rows.output * columns.output) *
                      static_cast<double>(weight_.numel());
  if (work > kWorkLimit) unsupported("that many multiplications");
  if (rows.after > kPadLimit || columns.after > kPadLimit) unsupported("that wide a window");
  at::Tensor padded = input;
  std::vector<std::int64_t> padding = {0, 0};
  if (rows.before == rows.after && columns.before == columns.after) {
    padding = {rows.before, columns.before};
  } else {
    padded = at::constant_pad_nd(input, {0, 0, columns.before, columns.after, rows.before, rows.after});
  }
  const std::vector<std::int64_t> stride = {options_.stride_height, options_.stride_width};
  const std::vector<std::int64_t> dilation = {options_.dilation_height, options_.dilation_width};
  // Left to itself, libtorch multiplies small images by BLAS, whose own threads then wait for
  // each other; oneDNN stays on the calling thread.
  const at::Tensor image = to_channels_first(padded);
  const at::Tensor result =
      at::hasMKLDNN() ? at::mkldnn_convolution(image, weight_, bias_, padding, stride, dilation, groups)
                      : at::conv2d(image, weight_, bias_, stride, padding, dilation, groups);
  return activate(to_channels_last(result));
}

at::Tensor TorchOperator::pool(const at::Tensor& input) const {
  if (input.dim() != 4) corrupt("its input is not an image");
  const bool maximum = opcode_ == TfliteOpcode::kMaxPool2d;
  const WindowedSize rows =
      windowed_size(input.size(1), options_.filter_height, options_.stride_height, 1, options_.same_padding);
  const WindowedSize columns =
      windowed_size(input.size(2), options_.filter_width, options_.stride_width, 1, options_.same_padding);
  expect_shape({input.size(0), rows.output, columns.output, input.size(3)});
  const double work = static_cast<double>(input.size(0) * rows.output * columns.output * input.size(3)) *
                      options_.filter_height * options_.filter_width;
  if (work > kWorkLimit || rows.after > kPadLimit || columns.after > kPadLimit)
    unsupported("that wide a window");
  at::Tensor padded = input;
  if (rows.after != 0 || columns.after != 0) {
    if (!maximum) unsupported("padding");
    padded = at::constant_pad_nd(input, {0, 0, columns.before, columns.after, rows.before, rows.after},
                                 -std::numeric_limits<float>::infinity());
  }
  if (!maximum && options_.filter_height == input.size(1) && options_.filter_width == input.size(2)) {
    return activate(padded.mean({1, 2}, true));
  }
  const std::vector<std::int64_t> window = {options_.filter_height, options_.filter_width};
  const std::vector<std::int64_t> stride = {options_.stride_height, options_.stride_width};
  const at::Tensor result = maximum ? at::max_pool2d(to_channels_first(padded), window, stride)
                                    : at::avg_pool2d(to_channels_first(padded), window, stride);
  return activate(to_channels_last(result));
}

at::Tensor TorchOperator::combine(const at::Tensor& a, const at::Tensor& b, bool may_overwrite) const {
  const bool add = opcode_ == TfliteOpcode::kAdd;
  expect_shape(at::infer_size(a.sizes(), b.sizes()));
  if (may_overwrite && a.sizes() == at::IntArrayRef(shape_)) return activate(add ? a.add_(b) : a.mul_(b));
  return activate(add ? at::add(a, b) : at::mul(a, b));
}

// libtorch 1.13 copies its input into another layout first, so this one is our own.
at::Tensor TorchOperator::prelu(const at::Tensor& input, const at::Tensor& slope, bool may_overwrite) const {
  if (input.dim() == 0 || slope.numel() != input.size(-1)) corrupt("its slopes do not fit its input");
  at::Tensor result = may_overwrite ? input : at::empty_like(input);
  const std::int64_t channels = slope.numel();
  const std::int64_t pixels = input.numel() / channels;
  const float* factor = slope.data_ptr<float>();
  const float* from = input.data_ptr<float>();
  float* to = result.data_ptr<float>();
  for (std::int64_t i = 0; i < pixels; ++i, from += channels, to += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      to[c] = std::max(from[c], 0.0F) + factor[c] * std::min(from[c], 0.0F);
    }
  }
  return result;
}

at::Tensor TorchOperator::pad(const at::Tensor& input) const {
  const std::vector<std::int64_t>& amounts = integers_[1];
  const auto rank = static_cast<std::size_t>(input.dim());
  if (amounts.size() != 2 * rank) corrupt("its amounts do not fit its input");
  std::vector<std::int64_t> last_first;
  std::vector<std::int64_t> padded(input.sizes().begin(), input.sizes().end());
  for (std::size_t i = rank; i-- > 0;) {
    for (const std::int64_t amount : {amounts[2 * i], amounts[2 * i + 1]}) {
      if (amount < 0 || amount > kPadLimit) corrupt("it pads by " + std::to_string(amount));
      last_first.push_back(amount);
      padded[i] += amount;
    }
  }
  expect_shape(padded);
  return at::constant_pad_nd(input, last_first);
}

at::Tensor TorchOperator::resize(const at::Tensor& input) const {
  const std::vector<std::int64_t>& size = integers_[1];
  if (input.dim() != 4 || size.size() != 2) corrupt("its size does not fit its input");
  expect_shape({input.size(0), size[0], size[1], input.size(3)});
  if (!options_.half_pixel_centers && !options_.align_corners)
    unsupported("neither corners nor centres aligned");
  return to_channels_last(at::upsample_bilinear2d(to_channels_first(input), size, options_.align_corners));
}

at::Tensor TorchOperator::slice(const at::Tensor& input) const {
  const auto rank = static_cast<std::size_t>(input.dim());
  if (rank == 0) corrupt("it slices a scalar");
  for (std::size_t operand = 1; operand < integers_.size(); ++operand) {
    if (integers_[operand].size() != rank) corrupt("its bounds do not fit its input");
  }
  if (options_.ellipsis_mask != 0 || options_.new_axis_mask != 0 || options_.shrink_axis_mask != 0) {
    unsupported("an ellipsis, new or dropped axis");
  }
  at::Tensor result = input;
  for (std::size_t i = 0; i < rank; ++i) {
    const auto axis = static_cast<std::int64_t>(i);
    const std::int64_t from = (options_.begin_mask >> i & 1U) != 0 ? 0 : integers_[1][i];
    const std::int64_t to = (options_.end_mask >> i & 1U) != 0 ? input.size(axis) : integers_[2][i];
    const std::int64_t stride = integers_[3][i];
    if (stride < 1) unsupported("a stride of " + std::to_string(stride));
    result = result.slice(axis, from, to, stride);
  }
  return result.contiguous();
}

at::Tensor TorchOperator::concatenate(std::span<const at::Tensor> inputs) const {
  return activate(at::cat(at::TensorList(inputs.data(), inputs.size()), options_.axis));
}

at::Tensor TorchOperator::custom(std::span<const at::Tensor> inputs) const {
  auto matrix_of = [&](const at::Tensor& tensor) {
    TransformMatrix matrix;
    if (tensor.numel() != static_cast<std::int64_t>(matrix.size())) corrupt("its matrix is not 4x4");
    std::copy_n(tensor.data_ptr<float>(), matrix.size(), matrix.begin());
    return matrix;
  };
  if (custom_name_ == "Landmarks2TransformMatrix") {
    int largest = std::max(landmark_box_.left_rotation_index, landmark_box_.right_rotation_index);
    for (const int index : landmark_box_.subset) largest = std::max(largest, index);
    if (largest >= inputs[0].numel() / 3) corrupt("it needs landmark number " + std::to_string(largest));
    const TransformMatrix matrix = landmarks_to_transform_matrix(values_of(inputs[0]), landmark_box_);
    at::Tensor result = at::empty({1, 4, 4});
    std::copy(matrix.begin(), matrix.end(), result.data_ptr<float>());
    return result;
  }
  if (custom_name_ == "TransformTensorBilinear") {
    const at::Tensor& image = inputs[0];
    if (image.dim() != 4 || shape_.size() != 4 || image.size(0) != 1 || shape_[0] != 1 ||
        shape_[3] != image.size(3)) {
      corrupt("its shapes do not fit");
    }
    at::Tensor result = at::empty(shape_);
    transform_tensor_bilinear(values_of(image), static_cast<int>(image.size(2)),
                              static_cast<int>(image.size(1)), static_cast<int>(image.size(3)),
                              matrix_of(inputs[1]), static_cast<int>(shape_[2]), static_cast<int>(shape_[1]),
                              target_of(result));
    return result;
  }
  if (custom_name_ == "TransformLandmarks") {
    if (inputs[0].dim() == 0 || inputs[0].size(-1) != 2) unsupported("landmarks that are not 2-D");
    at::Tensor result = at::empty_like(inputs[0]);
    transform_landmarks(values_of(inputs[0]), matrix_of(inputs[1]), target_of(result));
    return result;
  }
  const at::Tensor& image = inputs[0];  // Convolution2DTransposeBias
  if (image.dim() != 4 || image.size(3) != weight_.size(0)) corrupt("its weights do not fit its input");
  expect_shape({image.size(0), image.size(1) * options_.stride_height, image.size(2) * options_.stride_width,
                weight_.size(1)});
  const double work =
      static_cast<double>(image.numel()) * static_cast<double>(weight_.numel() / weight_.size(0));
  if (work > kWorkLimit) unsupported("that many multiplications");
  return to_channels_last(at::conv_transpose2d(to_channels_first(image), weight_, bias_,
                                               {options_.stride_height, options_.stride_width}));
}

}  // namespace anima::nn
