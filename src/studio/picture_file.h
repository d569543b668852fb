// Pictures as files: previews out, backgrounds in.
#pragma once

#include <filesystem>

#include "core/image.h"

namespace anima::studio {

enum class Origin { kOther, kAvatar };

// Writes a colour or grey picture as PNG, atomically. One that shows an avatar gets the machine-readable
// label of generated content (media/content_label.h).
void write_png(const std::filesystem::path& path, const Image& picture, Origin origin = Origin::kOther);

// Reads a PNG, JPEG or WebP of at most 64 MB and 8192x8192 as R,G,B. Throws Error: kNotFound,
// kInvalidArgument (a folder), kCorruptData (no such picture).
Image read_picture(const std::filesystem::path& path);

// Scales to cover width x height (the overhang is cut off on both sides alike).
Image cover(const Image& picture, int width_px, int height_px);

}  // namespace anima::studio
