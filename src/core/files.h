// Files written whole or not at all, and read with a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace anima {

// Writes to a temporary name beside `path`, flushes it to disk and renames it over `path`:
// after a crash or a full disk there is the old file or the new one, never half of one.
// Throws Error(kResourceExhausted) when the disk is full, Error(kInvalidArgument) for an
// unwritable path.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, const std::string& text);

// Reads a whole regular file. Throws Error(kNotFound) where there is none, Error(kInvalidArgument)
// for a directory or device, Error(kCorruptData) where it is larger than `limit_bytes`.
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes);
std::string read_text_file(const std::filesystem::path& path, std::uint64_t limit_bytes);

// Throws Error(kResourceExhausted), naming how much is missing, when the file system that holds
// `folder` (or its nearest existing parent) has less than `needed_bytes` free.
void require_free_space(const std::filesystem::path& folder, std::uint64_t needed_bytes);

}  // namespace anima
