// Bounds-checked reading of FlatBuffers (https://flatbuffers.dev, "FlatBuffer Internals").
//
// A table starts with a signed offset back to its vtable: u16 vtable size, u16 table size, then a
// u16 offset into the table per field, 0 where the field is absent. Vectors and strings are a
// u32 count followed by the elements; references are u32 offsets relative to where they stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace anima::nn {

// A view of the whole buffer; tables and vectors are positions in it. All reads are checked, at
// any alignment, and throw Error(kCorruptData) naming the source.
class FlatBuffer {
 public:
  FlatBuffer(std::span<const std::byte> bytes, std::string_view source) : bytes_(bytes), source_(source) {}

  struct Table {
    std::size_t position = 0;
    std::size_t size = 0;  // of the table's own bytes
    std::size_t vtable = 0;
    std::size_t fields = 0;
  };
  struct Vector {
    std::size_t position = 0;  // of the first element
    std::size_t count = 0;
  };

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kCorruptData, std::string(source_) + " is not a whole TFLite model: " + what,
                "Install the model again (npm ci), or give a file that is one.");
  }

  template <class T>
  T value(std::size_t position) const {
    if (position > bytes_.size() || bytes_.size() - position < sizeof(T)) {
      fail("offset " + std::to_string(position) + " lies outside of its " + std::to_string(bytes_.size()) +
           " bytes");
    }
    T result;
    std::memcpy(&result, bytes_.data() + position, sizeof(T));
    return result;
  }

  // The table that the u32 offset at `position` refers to.
  Table table_at(std::size_t position) const {
    Table table;
    table.position = position + value<std::uint32_t>(position);
    const std::int64_t vtable =
        static_cast<std::int64_t>(table.position) - value<std::int32_t>(table.position);
    if (vtable < 0) fail("a table's field list lies before the file");
    table.vtable = static_cast<std::size_t>(vtable);
    const std::size_t vtable_size = value<std::uint16_t>(table.vtable);
    table.size = value<std::uint16_t>(table.vtable + 2);
    if (vtable_size < 4 || table.size < 4) fail("a table is smaller than its own header");
    table.fields = (vtable_size - 4) / 2;
    return table;
  }

  // Position of a field of `width` bytes, or 0 where the table does not have it.
  std::size_t field(const Table& table, std::size_t index, std::size_t width) const {
    if (index >= table.fields) return 0;
    const std::size_t offset = value<std::uint16_t>(table.vtable + 4 + 2 * index);
    if (offset == 0) return 0;
    if (offset + width > table.size) fail("a field lies outside of its table");
    return table.position + offset;
  }

  template <class T>
  T scalar(const Table& table, std::size_t index, T fallback) const {
    const std::size_t position = field(table, index, sizeof(T));
    return position == 0 ? fallback : value<T>(position);
  }

  bool has(const Table& table, std::size_t index) const { return field(table, index, 1) != 0; }

  Table table(const Table& parent, std::size_t index) const {
    const std::size_t position = field(parent, index, 4);
    if (position == 0) fail("a required part is missing");
    return table_at(position);
  }

  // An absent vector is an empty one. `limit` is the most elements that make sense.
  Vector vector(const Table& parent, std::size_t index, std::size_t element_bytes, std::size_t limit) const {
    const std::size_t reference = field(parent, index, 4);
    if (reference == 0) return {};
    const std::size_t start = reference + value<std::uint32_t>(reference);
    Vector result{start + 4, value<std::uint32_t>(start)};
    if (result.count > limit) fail("a list claims " + std::to_string(result.count) + " entries");
    if (result.count * element_bytes > bytes_.size() - result.position) fail("a list runs past the end");
    return result;
  }

  Table element(const Vector& tables, std::size_t index) const {
    return table_at(tables.position + 4 * index);
  }

  std::vector<int> integers(const Table& parent, std::size_t index, std::size_t limit) const {
    const Vector list = vector(parent, index, 4, limit);
    std::vector<int> result(list.count);
    for (std::size_t i = 0; i < list.count; ++i) result[i] = value<std::int32_t>(list.position + 4 * i);
    return result;
  }

  std::span<const std::byte> blob(const Table& parent, std::size_t index) const {
    const Vector list = vector(parent, index, 1, std::numeric_limits<std::uint32_t>::max());
    return list.count == 0 ? std::span<const std::byte>() : bytes_.subspan(list.position, list.count);
  }

  std::string string(const Table& parent, std::size_t index) const {
    const Vector list = vector(parent, index, 1, 4096);
    const char* text = reinterpret_cast<const char*>(bytes_.data()) + list.position;
    return list.count == 0 ? std::string() : std::string(text, list.count);
  }

 private:
  std::span<const std::byte> bytes_;
  std::string_view source_;
};

}  // namespace anima::nn
