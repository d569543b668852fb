#include "nn/flexbuffer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/error.h"

namespace anima::nn {
namespace {

constexpr std::size_t kEntryLimit = 4096;

// The format's type numbers. A value's type byte is (type << 2) | log2(bytes per element).
enum Type : int {
  kInt = 1,
  kUint = 2,
  kFloat = 3,
  kMap = 9,
  kVectorInt = 11,
  kVectorUint = 12,
  kVectorFloat = 13,
};

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kCorruptData, source_ + ": the options of a custom operator are damaged: " + what,
                "Install the model again (npm ci).");
  }

  void check(std::size_t position, std::size_t size) const {
    if (position > bytes_.size() || size > bytes_.size() - position) fail("an offset lies outside");
  }

  template <class T>
  T value(std::size_t position) const {
    check(position, sizeof(T));
    T result;
    std::memcpy(&result, bytes_.data() + position, sizeof(T));
    return result;
  }

  std::uint64_t unsigned_value(std::size_t position, int width) const {
    switch (width) {
      case 1:
        return value<std::uint8_t>(position);
      case 2:
        return value<std::uint16_t>(position);
      case 4:
        return value<std::uint32_t>(position);
      default:
        return value<std::uint64_t>(position);
    }
  }

  std::int64_t signed_value(std::size_t position, int width) const {
    switch (width) {
      case 1:
        return value<std::int8_t>(position);
      case 2:
        return value<std::int16_t>(position);
      case 4:
        return value<std::int32_t>(position);
      default:
        return value<std::int64_t>(position);
    }
  }

  double number(int type, std::size_t position, int width) const {
    if (type == kInt || type == kVectorInt) return static_cast<double>(signed_value(position, width));
    if (type == kUint || type == kVectorUint) return static_cast<double>(unsigned_value(position, width));
    if (width == 4) return value<float>(position);
    if (width == 8) return value<double>(position);
    fail("a fraction of " + std::to_string(width) + " bytes");
  }

  // References point backwards: the position they stand at, less their value.
  std::size_t follow(std::size_t position, int width) const {
    const std::uint64_t distance = unsigned_value(position, width);
    if (distance > position) fail("a reference points before the start");
    return position - static_cast<std::size_t>(distance);
  }

  // A vector's count stands right before its first element.
  std::size_t count_of(std::size_t first, int width) const {
    if (first < static_cast<std::size_t>(width)) fail("a list has no room for its count");
    const std::uint64_t count = unsigned_value(first - static_cast<std::size_t>(width), width);
    if (count > kEntryLimit) fail("a list claims " + std::to_string(count) + " entries");
    check(first, static_cast<std::size_t>(count) * static_cast<std::size_t>(width));
    return static_cast<std::size_t>(count);
  }

  std::string key(std::size_t position) const {
    std::string text;
    for (;; ++position) {
      const char letter = value<char>(position);
      if (letter == 0) return text;
      if (text.size() > 256) fail("a key has no end");
      text.push_back(letter);
    }
  }

  std::map<std::string, std::vector<double>> map() const {
    if (bytes_.size() < 3) fail("too short");
    const int root_width = value<std::uint8_t>(bytes_.size() - 1);
    const int root_type = value<std::uint8_t>(bytes_.size() - 2);
    if (root_width != 1 && root_width != 2 && root_width != 4 && root_width != 8) fail("no root");
    if (root_type >> 2 != kMap) fail("the root is not a map");
    const auto root = static_cast<std::size_t>(root_width) + 2;
    if (bytes_.size() < root) fail("too short");
    const std::size_t first = follow(bytes_.size() - root, root_width);
    const int width = 1 << (root_type & 3);
    const auto step = static_cast<std::size_t>(width);

    const std::size_t count = count_of(first, width);
    // Before the count: the offset to the keys, and the width of the keys' own offsets.
    if (first < 3 * step) fail("a map has no room for its keys");
    const std::size_t keys = follow(first - 3 * step, width);
    const std::uint64_t key_width_value = unsigned_value(first - 2 * step, width);
    if (key_width_value != 1 && key_width_value != 2 && key_width_value != 4 && key_width_value != 8) {
      fail("a key width of " + std::to_string(key_width_value));
    }
    const int key_width = static_cast<int>(key_width_value);
    if (count_of(keys, key_width) != count) fail("as many keys as values are needed");

    std::map<std::string, std::vector<double>> result;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string name = key(follow(keys + i * static_cast<std::size_t>(key_width), key_width));
      const int type_byte = value<std::uint8_t>(first + count * step + i);
      result[name] = numbers(type_byte, first + i * step, width);
    }
    return result;
  }

  std::vector<double> numbers(int type_byte, std::size_t position, int parent_width) const {
    const int type = type_byte >> 2;
    if (type == kInt || type == kUint || type == kFloat) return {number(type, position, parent_width)};
    if (type == kVectorInt || type == kVectorUint || type == kVectorFloat) {
      const int width = 1 << (type_byte & 3);
      const std::size_t first = follow(position, parent_width);
      std::vector<double> values(count_of(first, width));
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = number(type, first + i * static_cast<std::size_t>(width), width);
      }
      return values;
    }
    throw Error(ErrorCode::kUnsupported,
                source_ + ": a custom operator has an option of type " + std::to_string(type),
                "Use the face models that npm ci installs.");
  }

 private:
  std::span<const std::byte> bytes_;
  const std::string& source_;
};

}  // namespace

std::map<std::string, std::vector<double>> read_flexbuffer_map(std::span<const std::byte> bytes,
                                                               const std::string& source) {
  return Reader(bytes, source).map();
}

}  // namespace anima::nn
