// One TFLite operator, run by libtorch. Private to this module: includes libtorch.
//
// Tensors are kept contiguous in the file's own order (images: batch, height, width, channels).
// Convolutions see them through a permuted view, which libtorch knows as "channels last" and
// computes without a copy.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/face_operators.h"
#include "nn/tflite_model.h"

namespace anima::nn {

class TorchOperator {
 public:
  // `constants`: one per input, undefined where the input is computed or absent. `shape` is what
  // the file says that the output has; `label` names model and operator in errors. Copies what it
  // needs: the model's bytes may go. Throws Error(kCorruptData) or Error(kUnsupported).
  TorchOperator(const TfliteOperator& operation, std::span<const at::Tensor> constants,
                std::span<const int> shape, std::string label);

  // All inputs, constants included. `may_overwrite`: nothing else needs the first one's memory.
  // Shapes are checked before anything is computed, since a hostile model may claim small
  // tensors and ask for huge ones. Safe from several threads at once.
  at::Tensor run(std::span<const at::Tensor> inputs, bool may_overwrite) const;

  // The result may share memory with an input.
  bool may_alias() const;

 private:
  at::Tensor convolve(const at::Tensor& input) const;
  at::Tensor pool(const at::Tensor& input) const;
  at::Tensor combine(const at::Tensor& a, const at::Tensor& b, bool may_overwrite) const;
  at::Tensor prelu(const at::Tensor& input, const at::Tensor& slope, bool may_overwrite) const;
  at::Tensor pad(const at::Tensor& input) const;
  at::Tensor resize(const at::Tensor& input) const;
  at::Tensor slice(const at::Tensor& input) const;
  at::Tensor concatenate(std::span<const at::Tensor> inputs) const;
  at::Tensor custom(std::span<const at::Tensor> inputs) const;
  at::Tensor activate(at::Tensor value) const;  // in place

  void prepare_custom(std::span<const at::Tensor> constants, std::span<const std::byte> custom_options);
  void expect_shape(at::IntArrayRef shape) const;
  [[noreturn]] void corrupt(const std::string& what) const;
  [[noreturn]] void unsupported(const std::string& what) const;

  TfliteOpcode opcode_;
  std::string custom_name_;
  TfliteOptions options_;
  std::vector<std::int64_t> shape_;
  std::string label_;
  at::Tensor weight_;  // of convolutions: output, input, height, width
  at::Tensor bias_;
  std::vector<std::vector<std::int64_t>> integers_;  // per input, the values of an int32 constant
  LandmarkBoxOptions landmark_box_;
};

}  // namespace anima::nn
