// Finds files that cannot be trusted to a demuxer as they are, from their first bytes and sizes.
#pragma once

#include <filesystem>

namespace anima::media {

// Throws Error(kNotFound) where there is no file, Error(kInvalidArgument) for a folder or device,
// Error(kCorruptData) for an empty file and for an MP4, Matroska, RIFF, AIFF or Ogg file whose parts reach
// beyond its end: a demuxer would play it to where it was cut and say nothing.
void check_container(const std::filesystem::path& path);

}  // namespace anima::media
