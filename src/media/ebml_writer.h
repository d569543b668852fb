// EBML elements (RFC 8794), the binary tree that Matroska and WebM files are. Internal to `media`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace anima::media {

// Appends elements to `bytes`. An element is its ID, its size, and its content.
class EbmlWriter {
 public:
  std::vector<std::uint8_t> bytes;

  void number(std::uint32_t id, std::uint64_t value);  // in as few bytes as it needs
  void real(std::uint32_t id, double value);           // 8 bytes
  void text(std::uint32_t id, const std::string& value);
  void binary(std::uint32_t id, std::span<const std::uint8_t> value);
  void master(std::uint32_t id, const EbmlWriter& content) { binary(id, content.bytes); }
  // ID and size of an element whose content follows; the size takes 8 bytes, so that it can be
  // written again when it is known.
  void head(std::uint32_t id, std::uint64_t size_bytes);
  // Content to be ignored, `total_bytes` (2 to 127) with its head.
  void padding(std::size_t total_bytes);
};

// The size of an element as yet unknown.
inline constexpr std::uint64_t kEbmlUnknownSize = (std::uint64_t{1} << 56U) - 1;

}  // namespace anima::media
