// What a sound file really is, by its first bytes: names and content types of servers' answers
// are often wrong.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace anima::media {

enum class SoundFormat {
  kUnknown,  // headerless samples look like this too
  kWav,
  kMp3,
  kOgg,  // Vorbis or Opus
  kFlac,
  kAac,  // ADTS frames
  kMp4,
  kWebm,
  kText,  // JSON, HTML or plain words where sound was expected: an error in disguise
};

// Needs 12 bytes; with fewer the answer may be kUnknown.
inline constexpr std::size_t kSniffedBytes = 12;
SoundFormat sniff_sound(std::span<const std::byte> first_bytes);

// File name extension with its dot (".wav"); ".bin" for kUnknown and kText.
std::string_view extension_of(SoundFormat format);

}  // namespace anima::media
