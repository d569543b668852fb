#include "media/ebml_writer.h"

#include <bit>

#include "core/error.h"

namespace anima::media {
namespace {

void append_big_endian(std::vector<std::uint8_t>& bytes, std::uint64_t value, int size_bytes) {
  for (int i = size_bytes - 1; i >= 0; --i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(i))));
  }
}

void append_id(std::vector<std::uint8_t>& bytes, std::uint32_t id) {
  // An ID carries its own length marker: it is written as it is named.
  append_big_endian(bytes, id, (static_cast<int>(std::bit_width(id)) + 7) / 8);
}

void append_size(std::vector<std::uint8_t>& bytes, std::uint64_t size) {
  int length = 1;
  // All value bits set means "unknown", so a size of that value takes one more byte.
  while (size >= (std::uint64_t{1} << (7U * static_cast<unsigned>(length))) - 1) ++length;
  append_big_endian(bytes, size | std::uint64_t{1} << (7U * static_cast<unsigned>(length)), length);
}

}  // namespace

void EbmlWriter::number(std::uint32_t id, std::uint64_t value) {
  const int length = value == 0 ? 1 : (static_cast<int>(std::bit_width(value)) + 7) / 8;
  append_id(bytes, id);
  append_size(bytes, static_cast<std::uint64_t>(length));
  append_big_endian(bytes, value, length);
}

void EbmlWriter::real(std::uint32_t id, double value) {
  append_id(bytes, id);
  append_size(bytes, 8);
  append_big_endian(bytes, std::bit_cast<std::uint64_t>(value), 8);
}

void EbmlWriter::text(std::uint32_t id, const std::string& value) {
  binary(id, {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
}

void EbmlWriter::binary(std::uint32_t id, std::span<const std::uint8_t> value) {
  append_id(bytes, id);
  append_size(bytes, value.size());
  bytes.insert(bytes.end(), value.begin(), value.end());
}

void EbmlWriter::head(std::uint32_t id, std::uint64_t size_bytes) {
  append_id(bytes, id);
  append_big_endian(bytes, size_bytes | std::uint64_t{1} << 56U, 8);
}

void EbmlWriter::padding(std::size_t total_bytes) {
  if (total_bytes < 2 || total_bytes > 127)
    throw Error(ErrorCode::kInternal, "EBML padding of an unusual size");
  constexpr std::uint32_t kVoid = 0xEC;
  const std::vector<std::uint8_t> nothing(total_bytes - 2);
  binary(kVoid, nothing);
}

}  // namespace anima::media
