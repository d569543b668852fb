#include "nn/tflite_network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <omp.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <utility>

#include "core/error.h"
#include "nn/torch_operator.h"

namespace anima::nn {
namespace {

// Keeps libtorch and oneDNN on the calling thread. OpenMP's thread count belongs to that thread
// and to everything that it runs later, so it is put back; at::set_num_threads would start and
// end a pool of threads each time.
class OneThread {
 public:
  OneThread() : threads_(at::get_num_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(threads_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int threads_;
};

struct Step {
  TorchOperator operation;
  std::vector<int> inputs;  // tensor indices, -1 where absent
  int output = 0;
  bool may_overwrite = false;  // the first input is not needed later
  std::vector<int> releases;   // tensors that nothing needs after this step
};

[[noreturn]] void corrupt(const std::string& source, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, source + ": " + what, "Install the model again (npm ci).");
}

// libtorch's own errors become ours: they mean that the model's parts do not fit together.
template <class Body>
auto with_torch_errors(const std::string& source, Body body) {
  try {
    return body();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kResourceExhausted, "There is not enough memory to run " + source,
                "Close other programs, or use a machine with more memory.");
  } catch (const std::exception& failure) {
    const std::string text = failure.what();
    throw Error(ErrorCode::kCorruptData, source + ": its operators do not fit together",
                "Install the model again (npm ci).", text.substr(0, text.find('\n')));
  }
}

// The constant's values; undefined for a tensor that is computed.
at::Tensor load_constant(const TfliteTensor& tensor, const std::string& source) {
  if (tensor.data.empty()) return {};
  at::ScalarType type = at::kFloat;
  if (tensor.type == TfliteType::kFloat16) {
    type = at::kHalf;
  } else if (tensor.type == TfliteType::kInt32) {
    type = at::kInt;
  } else if (tensor.type != TfliteType::kFloat32) {
    throw Error(ErrorCode::kUnsupported,
                source + ": the constant \"" + tensor.name + "\" is neither float nor int32",
                "Use the face models that npm ci installs.");
  }
  at::Tensor value = at::empty(std::vector<std::int64_t>(tensor.shape.begin(), tensor.shape.end()), type);
  std::memcpy(value.data_ptr(), tensor.data.data(), tensor.data.size());
  return type == at::kHalf ? value.to(at::kFloat) : value;
}

}  // namespace

struct TfliteNetwork::State {
  std::string source;
  std::vector<Step> steps;
  std::vector<at::Tensor> constants;  // by tensor index; undefined for computed ones
  std::vector<std::vector<int>> shapes;
  std::vector<std::string> names;
  int input = 0;
  std::vector<int> outputs;

  void add_step(const TfliteOperator& operation);
  void plan_memory();
  std::vector<at::Tensor> execute(std::span<const float> values) const;
};

void TfliteNetwork::State::add_step(const TfliteOperator& operation) {
  if (operation.outputs.size() != 1) corrupt(source, "an operator has other than one output");
  const int output = operation.outputs[0];
  if (output == input || constants[static_cast<std::size_t>(output)].defined()) {
    corrupt(source, "an operator writes over an input or a constant");
  }
  std::vector<at::Tensor> operands;
  for (const int index : operation.inputs) {
    operands.push_back(index < 0 ? at::Tensor() : constants[static_cast<std::size_t>(index)]);
  }
  const bool of_constant =
      operation.opcode == TfliteOpcode::kDequantize && operands.size() == 1 && operands[0].defined();
  if (of_constant) {  // weights: done once, here
    constants[static_cast<std::size_t>(output)] = operands[0];
    return;
  }
  const std::string label = source + ": operator " + std::string(name_of(operation.opcode)) + " of \"" +
                            names[static_cast<std::size_t>(output)] + "\"";
  steps.push_back({TorchOperator(operation, operands, shapes[static_cast<std::size_t>(output)], label),
                   operation.inputs,
                   output,
                   false,
                   {}});
}

// Finds after which step each computed tensor is dead, so that memory is given back early and
// element-wise operators may work in place.
void TfliteNetwork::State::plan_memory() {
  std::map<int, std::size_t> last_use;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const int operand : steps[i].inputs) {
      if (operand >= 0 && !constants[static_cast<std::size_t>(operand)].defined()) last_use[operand] = i;
    }
  }
  for (const int output : outputs) last_use.erase(output);
  for (const auto& [tensor, step] : last_use) steps[step].releases.push_back(tensor);

  std::vector<bool> shared(shapes.size(), false);
  shared[static_cast<std::size_t>(input)] = true;  // with the caller
  for (const Step& step : steps) {
    if (!step.operation.may_alias()) continue;
    shared[static_cast<std::size_t>(step.output)] = true;
    for (const int operand : step.inputs) {
      if (operand >= 0) shared[static_cast<std::size_t>(operand)] = true;
    }
  }
  for (Step& step : steps) {
    const int first = step.inputs[0];
    step.may_overwrite = !shared[static_cast<std::size_t>(first)] &&
                         std::count(step.releases.begin(), step.releases.end(), first) == 1 &&
                         std::count(step.inputs.begin(), step.inputs.end(), first) == 1;
  }
}

std::vector<at::Tensor> TfliteNetwork::State::execute(std::span<const float> values) const {
  const c10::InferenceMode inference;
  const OneThread one_thread;
  std::vector<at::Tensor> tensors = constants;
  const auto& sizes = shapes[static_cast<std::size_t>(input)];
  // Only read: no step overwrites the network's input (plan_memory).
  tensors[static_cast<std::size_t>(input)] =
      at::from_blob(const_cast<float*>(values.data()), std::vector<std::int64_t>(sizes.begin(), sizes.end()));
  std::vector<at::Tensor> operands;
  for (const Step& step : steps) {
    operands.clear();
    for (const int index : step.inputs) {
      operands.push_back(index < 0 ? at::Tensor() : tensors[static_cast<std::size_t>(index)]);
      if (index >= 0 && !operands.back().defined()) {
        corrupt(source,
                "tensor \"" + names[static_cast<std::size_t>(index)] + "\" is used before it is computed");
      }
    }
    at::Tensor result = step.operation.run(operands, step.may_overwrite);
    const auto& claimed = shapes[static_cast<std::size_t>(step.output)];
    if (result.sizes() != at::IntArrayRef(std::vector<std::int64_t>(claimed.begin(), claimed.end()))) {
      corrupt(source, "tensor \"" + names[static_cast<std::size_t>(step.output)] +
                          "\" does not get the shape it claims");
    }
    for (const int tensor : step.releases) tensors[static_cast<std::size_t>(tensor)].reset();
    tensors[static_cast<std::size_t>(step.output)] = std::move(result);
  }
  std::vector<at::Tensor> results;
  for (const int output : outputs) {
    const at::Tensor& value = tensors[static_cast<std::size_t>(output)];
    if (!value.defined() || value.scalar_type() != at::kFloat) corrupt(source, "an output is not computed");
    results.push_back(value.contiguous());
  }
  return results;
}

TfliteNetwork::TfliteNetwork(const TfliteModel& model, std::string source)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.source = std::move(source);
  if (model.inputs.size() != 1 || model.outputs.empty()) {
    corrupt(state.source, "one input and at least one output are needed");
  }
  state.input = model.inputs[0];
  state.outputs = model.outputs;
  const TfliteTensor& input = model.tensors[static_cast<std::size_t>(state.input)];
  if (input.type != TfliteType::kFloat32 || !input.data.empty())
    corrupt(state.source, "the input is not a float image");
  with_torch_errors(state.source, [&] {
    const c10::InferenceMode inference;
    for (const TfliteTensor& tensor : model.tensors) {
      state.shapes.push_back(tensor.shape);
      state.names.push_back(tensor.name);
      state.constants.push_back(load_constant(tensor, state.source));
    }
    for (const TfliteOperator& operation : model.operators) state.add_step(operation);
    state.plan_memory();
    state.execute(std::vector<float>(static_cast<std::size_t>(input.elements())));
  });
}

TfliteNetwork::~TfliteNetwork() = default;
TfliteNetwork::TfliteNetwork(TfliteNetwork&&) noexcept = default;
TfliteNetwork& TfliteNetwork::operator=(TfliteNetwork&&) noexcept = default;

const std::vector<int>& TfliteNetwork::input_shape() const {
  return state_->shapes[static_cast<std::size_t>(state_->input)];
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
    const auto index = static_cast<std::size_t>(state_->outputs[i]);
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
