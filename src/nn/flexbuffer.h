// FlexBuffers (https://flatbuffers.dev, "FlexBuffers"): the self-describing maps in which
// TFLite's custom operators keep their options.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace anima::nn {

// Reads a map from key to number or list of numbers (a single number is a list of one). Throws
// Error(kCorruptData) for bytes that do not hold what they claim, and Error(kUnsupported) for
// values that are neither. `source` names the file in errors.
std::map<std::string, std::vector<double>> read_flexbuffer_map(std::span<const std::byte> bytes,
                                                               const std::string& source);

}  // namespace anima::nn
