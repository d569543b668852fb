// Base64 (RFC 4648, section 4), in which servers put sound into JSON.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anima {

std::string encode_base64(std::span<const std::byte> bytes);
// White space is skipped and padding may be missing. Throws Error(kCorruptData) for anything else
// outside the alphabet.
std::vector<std::byte> decode_base64(std::string_view text);

}  // namespace anima
