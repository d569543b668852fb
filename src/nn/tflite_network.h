// Runs a TFLite model on the CPU.
//
//   const nn::TfliteNetwork network(nn::read_tflite_model(read_file(path, limit), path.string()),
//   path.string()); const std::vector<nn::NamedTensor> outputs = network.run(pixels);
//
// The operators of the face models are mapped onto libtorch's; float16 weights behind DEQUANTIZE
// become float32 once, at load. One call uses one thread: run several frames at once instead.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nn/tflite_model.h"

namespace anima::nn {

struct NamedTensor {
  std::string name;
  std::vector<int> shape;  // images are batch, height, width, channels
  std::vector<float> values;
};

class TfliteNetwork {
 public:
  // Prepares the weights and runs once on zeros, so that a model whose parts do not fit together
  // is refused here: Error(kCorruptData), or Error(kUnsupported) for a form of an operator that
  // is not run. The model must have one float input. `source` names it in errors.
  TfliteNetwork(const TfliteModel& model, std::string source);
  ~TfliteNetwork();
  TfliteNetwork(TfliteNetwork&&) noexcept;
  TfliteNetwork& operator=(TfliteNetwork&&) noexcept;

  const std::vector<int>& input_shape() const;  // 1, height, width, channels

  // `input` has product(input_shape()) values; Error(kInvalidArgument) otherwise. Returns the
  // model's outputs in its own order. Safe from several threads at once.
  std::vector<NamedTensor> run(std::span<const float> input) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The output called `name` with `elements` values. Throws Error(kCorruptData) where there is none.
const std::vector<float>& output_named(const std::vector<NamedTensor>& outputs, const std::string& name,
                                       std::size_t elements);

}  // namespace anima::nn
