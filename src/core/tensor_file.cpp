#include "core/tensor_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/files.h"

static_assert(std::endian::native == std::endian::little,
              "safetensors is little-endian, and copied as it is");

namespace anima {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kHeaderLimitBytes = 100'000'000;  // the format's own limit
constexpr std::size_t kRankLimit = 16;

struct TypeName {
  TensorType type;
  const char* name;
  std::size_t size_bytes;
};

constexpr TypeName kTypes[] = {{TensorType::kF32, "F32", 4},
                               {TensorType::kF16, "F16", 2},
                               {TensorType::kI32, "I32", 4},
                               {TensorType::kI64, "I64", 8},
                               {TensorType::kU8, "U8", 1}};

const TypeName& description_of(TensorType type) {
  for (const TypeName& entry : kTypes) {
    if (entry.type == type) return entry;
  }
  throw Error(ErrorCode::kInternal, "a tensor has a type that is not in the table");
}

std::string text_of(std::span<const std::int64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

// The number of values, or nothing where a size is negative or the product does not fit.
std::optional<std::uint64_t> count_of(std::span<const std::int64_t> shape) {
  std::uint64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(count, static_cast<std::uint64_t>(size), &count))
      return std::nullopt;
  }
  return count;
}

// IEEE 754 binary16, round to nearest even. The caller has checked the range.
std::uint16_t half_from_float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16U) & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  if (magnitude < 0x38800000U) {
    // Below the smallest normal half (2^-14) halves are multiples of 2^-24, and adding 0.5
    // makes the float's own rounding do exactly that.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3F000000U));
  }
  const std::uint32_t odd = (magnitude >> 13U) & 1U;
  const std::uint32_t rounded = magnitude + 0x0FFFU + odd - 0x38000000U;
  return static_cast<std::uint16_t>(sign | (rounded >> 13U));
}

float float_from_half(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
  const std::uint32_t magnitude = half & 0x7FFFU;
  if (magnitude >= 0x7C00U) {
    return std::bit_cast<float>(sign | 0x7F800000U | ((magnitude & 0x3FFU) << 13U));
  }
  if (magnitude < 0x0400U) {
    const float value = static_cast<float>(magnitude) * 0x1p-24F;
    return sign != 0 ? -value : value;
  }
  return std::bit_cast<float>(sign | ((magnitude << 13U) + 0x38000000U));
}

void check_put(const std::string& name, std::span<const std::int64_t> shape, std::size_t values) {
  const std::optional<std::uint64_t> count = count_of(shape);
  if (!count || *count != values || shape.size() > kRankLimit) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("tensor '{}' of shape {} was given {} values", name, text_of(shape), values),
                "make the shape and the values agree");
  }
}

template <typename Value>
Tensor tensor_from(TensorType type, std::vector<std::int64_t> shape, std::span<const Value> values) {
  Tensor tensor{type, std::move(shape), std::vector<std::byte>(values.size_bytes())};
  if (!values.empty()) std::memcpy(tensor.bytes.data(), values.data(), values.size_bytes());
  return tensor;
}

const Tensor& find(const TensorFile& file, const std::string& name) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) {
    throw Error(ErrorCode::kCorruptData, fmt::format("tensor '{}' is missing", name),
                "the file is of another kind or version; make it again");
  }
  return found->second;
}

// The tensor, if its sizes are as `wanted` says (-1 accepts any) and its bytes fill them.
const Tensor& find_with_shape(const TensorFile& file, const std::string& name,
                              std::span<const std::int64_t> wanted) {
  const Tensor& tensor = find(file, name);
  bool fits = tensor.shape.size() == wanted.size();
  for (std::size_t i = 0; fits && i < wanted.size(); ++i)
    fits = wanted[i] == -1 || wanted[i] == tensor.shape[i];
  if (!fits) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("tensor '{}' has shape {}, but {} is needed (-1: any)", name,
                            text_of(tensor.shape), text_of(wanted)),
                "the file is of another kind or version; make it again");
  }
  const std::optional<std::uint64_t> count = count_of(tensor.shape);
  if (!count || tensor.bytes.size() % description_of(tensor.type).size_bytes != 0 ||
      tensor.bytes.size() / description_of(tensor.type).size_bytes != *count) {
    throw Error(ErrorCode::kCorruptData, fmt::format("tensor '{}' of shape {} holds {} bytes", name,
                                                     text_of(tensor.shape), tensor.bytes.size()));
  }
  return tensor;
}

[[noreturn]] void throw_type(const std::string& name, TensorType type, const char* wanted) {
  throw Error(ErrorCode::kCorruptData,
              fmt::format("tensor '{}' holds {}, but {} is needed", name, description_of(type).name, wanted),
              "the file is of another kind or version; make it again");
}

template <typename Value>
Value value_at(const std::vector<std::byte>& bytes, std::size_t index) {
  Value value;
  std::memcpy(&value, bytes.data() + index * sizeof(Value), sizeof(Value));
  return value;
}

[[noreturn]] void throw_corrupt(const std::string& source, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, fmt::format("'{}' is not a usable tensor file: {}", source, what),
              "check that this is the right file and that it was copied whole");
}

// A repeated key would silently replace the first one in the parsed object.
class DuplicateKeyCheck {
 public:
  explicit DuplicateKeyCheck(const std::string& source) : source_(source) {}
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > 4) throw_corrupt(source_, "the header is nested too deeply");
    if (event == json::parse_event_t::object_start) keys_.emplace_back();
    if (event == json::parse_event_t::object_end) keys_.pop_back();
    if (event == json::parse_event_t::key && !keys_.empty() &&
        !keys_.back().emplace(parsed.get<std::string>(), 0).second) {
      throw_corrupt(source_, fmt::format("the header names '{}' twice", parsed.get<std::string>()));
    }
    return true;
  }

 private:
  const std::string& source_;
  std::vector<std::map<std::string, int>> keys_;
};

struct Placement {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string name;
};

// Shape, type and place of one entry of the header; nothing is allocated by what it claims.
Placement place_tensor(const std::string& source, const std::string& name, const json& entry,
                       std::uint64_t data_bytes, Tensor& tensor) {
  const auto is_count = [](const json& value) { return value.is_number_unsigned(); };
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets")) {
    throw_corrupt(source, fmt::format("the entry of tensor '{}' lacks dtype, shape or data_offsets", name));
  }
  const json& type = entry["dtype"];
  const json& shape = entry["shape"];
  const json& offsets = entry["data_offsets"];
  std::size_t value_bytes = 0;
  for (const TypeName& known : kTypes) {
    if (type.is_string() && type.get_ref<const std::string&>() == known.name) {
      tensor.type = known.type;
      value_bytes = known.size_bytes;
    }
  }
  if (value_bytes == 0) {
    throw_corrupt(source,
                  fmt::format("tensor '{}' has the type {}, which is not one of F32, F16, I32, I64, U8", name,
                              type.dump(-1, ' ', true, json::error_handler_t::replace)));
  }
  if (!shape.is_array() || shape.size() > kRankLimit || !std::all_of(shape.begin(), shape.end(), is_count)) {
    throw_corrupt(source, fmt::format("the shape of tensor '{}' is not a short list of sizes", name));
  }
  for (const json& size : shape) {
    const auto value = size.get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      throw_corrupt(source, fmt::format("a size of tensor '{}' is too large", name));
    }
    tensor.shape.push_back(static_cast<std::int64_t>(value));
  }
  if (!offsets.is_array() || offsets.size() != 2 || !is_count(offsets[0]) || !is_count(offsets[1])) {
    throw_corrupt(source, fmt::format("data_offsets of tensor '{}' are not two positions", name));
  }
  const Placement place{offsets[0].get<std::uint64_t>(), offsets[1].get<std::uint64_t>(), name};
  if (place.begin > place.end || place.end > data_bytes) {
    throw_corrupt(source, fmt::format("tensor '{}' lies at bytes {} to {} of {}", name, place.begin,
                                      place.end, data_bytes));
  }
  const std::optional<std::uint64_t> count = count_of(tensor.shape);
  const std::uint64_t size_bytes = place.end - place.begin;
  if (!count || size_bytes % value_bytes != 0 || size_bytes / value_bytes != *count) {
    throw_corrupt(source, fmt::format("tensor '{}' of shape {} does not fit its {} bytes", name,
                                      text_of(tensor.shape), size_bytes));
  }
  return place;
}

}  // namespace

void TensorFile::put(const std::string& name, std::vector<std::int64_t> shape, std::span<const float> values,
                     TensorType type) {
  check_put(name, shape, values.size());
  if (type == TensorType::kF32) {
    tensors[name] = tensor_from(type, std::move(shape), values);
    return;
  }
  if (type != TensorType::kF16) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("tensor '{}': float values are stored as F32 or F16, not {}", name,
                            description_of(type).name));
  }
  std::vector<std::uint16_t> halves(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    // 65520 is halfway between the largest half and the next power of two: it would round to infinity.
    if (!(std::abs(values[i]) < 65520.0F)) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("value {} of tensor '{}' is {}, outside of the range of F16", i, name, values[i]),
          "store it as F32");
    }
    halves[i] = half_from_float(values[i]);
  }
  tensors[name] = tensor_from<std::uint16_t>(type, std::move(shape), halves);
}

void TensorFile::put(const std::string& name, std::vector<std::int64_t> shape,
                     std::span<const std::int32_t> values) {
  check_put(name, shape, values.size());
  tensors[name] = tensor_from(TensorType::kI32, std::move(shape), values);
}

void TensorFile::put(const std::string& name, std::vector<std::int64_t> shape,
                     std::span<const std::uint8_t> values) {
  check_put(name, shape, values.size());
  tensors[name] = tensor_from(TensorType::kU8, std::move(shape), values);
}

std::vector<float> TensorFile::floats(const std::string& name, std::span<const std::int64_t> shape) const {
  const Tensor& tensor = find_with_shape(*this, name, shape);
  std::vector<float> values(tensor.bytes.size() / description_of(tensor.type).size_bytes);
  for (std::size_t i = 0; i < values.size(); ++i) {
    switch (tensor.type) {
      case TensorType::kF32:
        values[i] = value_at<float>(tensor.bytes, i);
        break;
      case TensorType::kF16:
        values[i] = float_from_half(value_at<std::uint16_t>(tensor.bytes, i));
        break;
      case TensorType::kI32:
        values[i] = static_cast<float>(value_at<std::int32_t>(tensor.bytes, i));
        break;
      case TensorType::kU8:
        values[i] = static_cast<float>(value_at<std::uint8_t>(tensor.bytes, i));
        break;
      case TensorType::kI64:
        throw_type(name, tensor.type, "F32, F16, I32 or U8");
    }
    if (!std::isfinite(values[i])) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("value {} of tensor '{}' is not a finite number", i, name),
                  "the file is damaged; make it again");
    }
  }
  return values;
}

std::vector<std::int32_t> TensorFile::integers(const std::string& name,
                                               std::span<const std::int64_t> shape) const {
  const Tensor& tensor = find_with_shape(*this, name, shape);
  if (tensor.type != TensorType::kI32) throw_type(name, tensor.type, "I32");
  std::vector<std::int32_t> values(tensor.bytes.size() / sizeof(std::int32_t));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

std::vector<std::uint8_t> TensorFile::bytes(const std::string& name,
                                            std::span<const std::int64_t> shape) const {
  const Tensor& tensor = find_with_shape(*this, name, shape);
  if (tensor.type != TensorType::kU8) throw_type(name, tensor.type, "U8");
  std::vector<std::uint8_t> values(tensor.bytes.size());
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

const std::vector<std::int64_t>& TensorFile::shape(const std::string& name) const {
  return find(*this, name).shape;
}

std::vector<std::byte> encode_tensor_file(const TensorFile& file) {
  // Wide types first, then by name: every tensor starts at a multiple of its value size.
  std::vector<std::pair<std::string, const Tensor*>> order;
  for (const auto& [name, tensor] : file.tensors) {
    check_put(name, tensor.shape, tensor.bytes.size() / description_of(tensor.type).size_bytes);
    if (tensor.bytes.size() % description_of(tensor.type).size_bytes != 0 || name == "__metadata__") {
      throw Error(ErrorCode::kInvalidArgument,
                  fmt::format("tensor '{}' cannot be stored: {}", name,
                              name == "__metadata__" ? "its name is reserved" : "its last value is cut off"));
    }
    order.emplace_back(name, &tensor);
  }
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return description_of(a.second->type).size_bytes > description_of(b.second->type).size_bytes;
  });

  json header = json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::size_t position = 0;
  for (const auto& [name, tensor] : order) {
    header[name] = {{"dtype", description_of(tensor->type).name},
                    {"shape", tensor->shape},
                    {"data_offsets", {position, position + tensor->bytes.size()}}};
    position += tensor->bytes.size();
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const json::exception& failure) {
    throw Error(ErrorCode::kInvalidArgument, "a name or metadata text of a tensor file is not valid UTF-8",
                {}, failure.what());
  }
  text.append((8 - text.size() % 8) % 8, ' ');  // the data starts at a multiple of 8 bytes
  if (text.size() > kHeaderLimitBytes) {
    throw Error(ErrorCode::kInvalidArgument, "the header of a tensor file would be over 100 MB",
                "store less metadata");
  }

  std::vector<std::byte> bytes;
  bytes.reserve(kLengthBytes + text.size() + position);
  const auto append = [&bytes](const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), first, first + size);
  };
  const auto length = static_cast<std::uint64_t>(text.size());
  append(&length, sizeof length);
  append(text.data(), text.size());
  for (const auto& [name, tensor] : order) append(tensor->bytes.data(), tensor->bytes.size());
  return bytes;
}

TensorFile decode_tensor_file(std::span<const std::byte> bytes, const std::string& source) {
  if (bytes.size() < kLengthBytes) throw_corrupt(source, fmt::format("it has only {} bytes", bytes.size()));
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), kLengthBytes);
  if (header_bytes > bytes.size() - kLengthBytes || header_bytes > kHeaderLimitBytes) {
    throw_corrupt(source,
                  fmt::format("its header claims {} bytes, but the file has {}", header_bytes, bytes.size()));
  }
  const auto* text = reinterpret_cast<const char*>(bytes.data() + kLengthBytes);
  const std::span<const std::byte> data = bytes.subspan(kLengthBytes + header_bytes);

  json header;
  try {
    DuplicateKeyCheck check(source);
    header = json::parse(text, text + header_bytes, std::ref(check));
  } catch (const json::exception& failure) {
    throw_corrupt(source, fmt::format("its header is not JSON: {}", failure.what()));
  }
  if (!header.is_object()) throw_corrupt(source, "its header is not a JSON object");

  TensorFile file;
  std::vector<Placement> places;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      if (!entry.is_object()) throw_corrupt(source, "__metadata__ is not an object");
      for (const auto& [key, value] : entry.items()) {
        if (!value.is_string()) throw_corrupt(source, fmt::format("the metadata '{}' is not text", key));
        file.metadata[key] = value.get<std::string>();
      }
      continue;
    }
    places.push_back(place_tensor(source, name, entry, data.size(), file.tensors[name]));
  }

  // The tensors must fill the data exactly: no gap that hides bytes, no overlap that multiplies
  // what is allocated.
  std::sort(places.begin(), places.end(), [](const Placement& a, const Placement& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t position = 0;
  for (const Placement& place : places) {
    if (place.begin != position) {
      throw_corrupt(source, fmt::format("tensor '{}' starts at byte {} instead of {}", place.name,
                                        place.begin, position));
    }
    position = place.end;
  }
  if (position != data.size()) {
    throw_corrupt(source, fmt::format("{} bytes of data are there, {} are described", data.size(), position));
  }
  for (const Placement& place : places) {
    const std::span<const std::byte> part = data.subspan(place.begin, place.end - place.begin);
    file.tensors[place.name].bytes.assign(part.begin(), part.end());
  }
  return file;
}

void write_tensor_file(const std::filesystem::path& path, const TensorFile& file) {
  write_file_atomically(path, encode_tensor_file(file));
}

TensorFile read_tensor_file(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  return decode_tensor_file(read_file(path, limit_bytes), path.string());
}

}  // namespace anima
