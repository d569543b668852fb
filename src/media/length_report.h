// What is done where a file ends at another time than it says.
#pragma once

#include <filesystem>

#include "core/warning_sink.h"

namespace anima::media {

// Less is decoders' filling and containers' rounding.
inline constexpr double kLengthTolerance_s = 0.15;

// `what`: "sound" or "picture". Nothing where the lengths agree within the tolerance. Otherwise `warn` is
// told both; without a sink, Error(kCorruptData) where something is missing.
void report_length(const std::filesystem::path& path, const char* what, double read_s, double stated_s,
                   const WarningSink& warn, double tolerance_s = kLengthTolerance_s);

}  // namespace anima::media
