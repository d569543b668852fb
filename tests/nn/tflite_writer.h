// Writes small TFLite files, so that tests can ask for exactly the operator or damage they need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace anima::test {

// Writes FlatBuffers front to back: a table, then what its fields refer to.
class FlatWriter {
 public:
  using Child = std::function<std::size_t(FlatWriter&)>;  // writes itself, returns where it starts
  struct Field {
    std::vector<std::byte> bytes;  // an inline scalar, or
    Child child;                   // something further on in the file
  };
  using Fields = std::map<int, Field>;

  std::vector<std::byte> bytes;

  template <class T>
  static Field scalar(T value) {
    Field field;
    field.bytes.resize(sizeof(T));
    std::memcpy(field.bytes.data(), &value, sizeof(T));
    return field;
  }
  static Field child(Child child) { return {{}, std::move(child)}; }

  template <class T>
  static Child numbers(std::vector<T> values) {
    return [values = std::move(values)](FlatWriter& file) {
      file.align(4);
      const std::size_t at = file.bytes.size();
      file.append(static_cast<std::uint32_t>(values.size()));
      for (const T value : values) file.append(value);
      return at;
    };
  }
  static Child text(const std::string& value) {
    return numbers(std::vector<char>(value.begin(), value.end()));
  }
  static Child blob(std::vector<std::byte> value) { return numbers(std::move(value)); }

  static Child children(std::vector<Child> items) {
    return [items = std::move(items)](FlatWriter& file) {
      file.align(4);
      const std::size_t at = file.bytes.size();
      file.append(static_cast<std::uint32_t>(items.size()));
      const std::size_t first = file.bytes.size();
      file.bytes.resize(first + 4 * items.size());
      for (std::size_t i = 0; i < items.size(); ++i) file.refer(first + 4 * i, items[i](file));
      return at;
    };
  }

  static Child table(Fields fields) {
    return [fields = std::move(fields)](FlatWriter& file) {
      const int count = fields.empty() ? 0 : fields.rbegin()->first + 1;
      file.align(4);
      const std::size_t vtable = file.bytes.size();
      file.bytes.resize(vtable + 4 + 2 * static_cast<std::size_t>(count));
      file.align(4);
      const std::size_t at = file.bytes.size();
      file.append(static_cast<std::int32_t>(at - vtable));
      std::map<int, std::size_t> places;
      for (const auto& [index, field] : fields) {
        file.align(field.child ? 4 : field.bytes.size());
        places[index] = file.bytes.size();
        const std::size_t size = field.child ? 4 : field.bytes.size();
        file.bytes.resize(file.bytes.size() + size);
        if (!field.child) std::memcpy(file.bytes.data() + places[index], field.bytes.data(), size);
      }
      file.put(vtable, static_cast<std::uint16_t>(4 + 2 * count));
      file.put(vtable + 2, static_cast<std::uint16_t>(file.bytes.size() - at));
      for (const auto& [index, place] : places) {
        file.put(vtable + 4 + 2 * static_cast<std::size_t>(index), static_cast<std::uint16_t>(place - at));
      }
      for (const auto& [index, field] : fields) {
        if (field.child) file.refer(places[index], field.child(file));
      }
      return at;
    };
  }

  static std::vector<std::byte> file(const Child& root, const std::string& identifier) {
    FlatWriter writer;
    writer.bytes.resize(4);
    for (const char letter : identifier) writer.append(letter);
    writer.refer(0, root(writer));
    return std::move(writer.bytes);
  }

 private:
  template <class T>
  void append(T value) {
    const std::size_t at = bytes.size();
    bytes.resize(at + sizeof(T));
    put(at, value);
  }
  template <class T>
  void put(std::size_t at, T value) {
    std::memcpy(bytes.data() + at, &value, sizeof(T));
  }
  void align(std::size_t size) {
    while (size > 1 && bytes.size() % size != 0) bytes.push_back(std::byte{0});
  }
  void refer(std::size_t from, std::size_t to) { put(from, static_cast<std::uint32_t>(to - from)); }
};

// A TFLite file in the making. Tensor 0 is the input; the last tensor added is the output
// unless `outputs` says otherwise.
struct TfliteWriter {
  struct WrittenTensor {
    std::string name;
    std::vector<int> shape;
    int type = 0;
    std::vector<std::byte> data;
  };
  struct WrittenOperator {
    int opcode = 0;
    std::vector<int> inputs;
    std::vector<int> outputs;
    int options_type = 0;
    FlatWriter::Fields options;
    std::string custom_name;
    std::vector<std::byte> custom_options;
  };

  std::vector<WrittenTensor> tensors;
  std::vector<WrittenOperator> operators;
  std::vector<int> inputs = {0};
  std::vector<int> outputs;
  std::uint32_t version = 3;
  std::string identifier = "TFL3";
  int subgraphs = 1;

  int add(const std::string& name, const std::vector<int>& shape) {
    tensors.push_back({name, shape, 0, {}});
    return static_cast<int>(tensors.size()) - 1;
  }
  template <class T>
  int add(const std::string& name, const std::vector<int>& shape, const std::vector<T>& values, int type) {
    const int index = add(name, shape);
    tensors.back().type = type;
    tensors.back().data.resize(values.size() * sizeof(T));
    std::memcpy(tensors.back().data.data(), values.data(), tensors.back().data.size());
    return index;
  }
  int floats(const std::string& name, const std::vector<int>& shape, const std::vector<float>& values) {
    return add(name, shape, values, 0);
  }
  int integers(const std::string& name, const std::vector<int>& shape,
               const std::vector<std::int32_t>& values) {
    return add(name, shape, values, 2);
  }

  std::vector<std::byte> write() const {
    using F = FlatWriter;
    std::vector<F::Child> buffers = {F::table({})}, written_tensors, codes, written_operators;
    for (const WrittenTensor& tensor : tensors) {
      F::Fields fields = {{0, F::child(F::numbers(tensor.shape))},
                          {1, F::scalar(static_cast<std::int8_t>(tensor.type))},
                          {3, F::child(F::text(tensor.name))}};
      if (!tensor.data.empty()) {
        fields[2] = F::scalar(static_cast<std::uint32_t>(buffers.size()));
        buffers.push_back(F::table({{0, F::child(F::blob(tensor.data))}}));
      }
      written_tensors.push_back(F::table(fields));
    }
    for (std::size_t i = 0; i < operators.size(); ++i) {
      const WrittenOperator& operation = operators[i];
      F::Fields code = {{3, F::scalar(static_cast<std::int32_t>(operation.opcode))}};
      if (!operation.custom_name.empty()) code[1] = F::child(F::text(operation.custom_name));
      codes.push_back(F::table(code));
      F::Fields fields = {{0, F::scalar(static_cast<std::uint32_t>(i))},
                          {1, F::child(F::numbers(operation.inputs))},
                          {2, F::child(F::numbers(operation.outputs))}};
      if (operation.options_type != 0) {
        fields[3] = F::scalar(static_cast<std::uint8_t>(operation.options_type));
        fields[4] = F::child(F::table(operation.options));
      }
      if (!operation.custom_options.empty()) fields[5] = F::child(F::blob(operation.custom_options));
      written_operators.push_back(F::table(fields));
    }
    const std::vector<int> last = {static_cast<int>(tensors.size()) - 1};
    const F::Child graph = F::table({{0, F::child(F::children(written_tensors))},
                                     {1, F::child(F::numbers(inputs))},
                                     {2, F::child(F::numbers(outputs.empty() ? last : outputs))},
                                     {3, F::child(F::children(written_operators))}});
    return F::file(
        F::table(
            {{0, F::scalar(version)},
             {1, F::child(F::children(codes))},
             {2, F::child(F::children(std::vector<F::Child>(static_cast<std::size_t>(subgraphs), graph)))},
             {4, F::child(F::children(buffers))}}),
        identifier);
  }
};

// Options as the schema numbers them.
inline FlatWriter::Fields conv_options(bool valid, int stride, int activation = 0) {
  using F = FlatWriter;
  return {{0, F::scalar(static_cast<std::int8_t>(valid ? 1 : 0))},
          {1, F::scalar(stride)},
          {2, F::scalar(stride)},
          {3, F::scalar(static_cast<std::int8_t>(activation))}};
}
inline FlatWriter::Fields depthwise_options(bool valid, int stride, int activation = 0) {
  using F = FlatWriter;
  return {{0, F::scalar(static_cast<std::int8_t>(valid ? 1 : 0))},
          {1, F::scalar(stride)},
          {2, F::scalar(stride)},
          {3, F::scalar(1)},
          {4, F::scalar(static_cast<std::int8_t>(activation))}};
}
inline FlatWriter::Fields pool_options(bool valid, int stride, int window) {
  using F = FlatWriter;
  return {{0, F::scalar(static_cast<std::int8_t>(valid ? 1 : 0))},
          {1, F::scalar(stride)},
          {2, F::scalar(stride)},
          {3, F::scalar(window)},
          {4, F::scalar(window)}};
}

// A network of two convolutions with a residual: small, but with every kind of part.
inline TfliteWriter small_network() {
  TfliteWriter file;
  const int input = file.add("input", {1, 6, 6, 2});
  std::vector<float> weights(3 * 3 * 3 * 2);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 0.1F * static_cast<float>(i % 7) - 0.3F;
  const int weight = file.floats("weight", {3, 3, 3, 2}, weights);
  const int bias = file.floats("bias", {3}, {0.5F, -0.25F, 0});
  const int features = file.add("features", {1, 3, 3, 3});
  const int slopes = file.floats("slopes", {1, 1, 3}, {0.1F, 0.2F, 0.3F});
  const int bent = file.add("bent", {1, 3, 3, 3});
  const int sum = file.add("sum", {1, 3, 3, 3});
  file.operators.push_back({3, {input, weight, bias}, {features}, 1, conv_options(false, 2), "", {}});
  file.operators.push_back({54, {features, slopes}, {bent}, 0, {}, "", {}});
  file.operators.push_back({0, {features, bent}, {sum}, 11, {}, "", {}});
  return file;
}

}  // namespace anima::test
