#include "media/sound_sniffer.h"

#include <algorithm>
#include <string>

namespace anima::media {
namespace {

bool is_text(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  return std::all_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte < 0x7F) || c == '\n' || c == '\r' || c == '\t';
  });
}

}  // namespace

SoundFormat sniff_sound(std::span<const std::byte> first_bytes) {
  const std::string_view bytes(reinterpret_cast<const char*>(first_bytes.data()),
                               std::min(first_bytes.size(), kSniffedBytes));
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  if (bytes.starts_with("RIFF") && (bytes.size() < 12 || bytes.substr(8, 4) == "WAVE"))
    return SoundFormat::kWav;
  if (bytes.starts_with("RF64")) return SoundFormat::kWav;
  if (bytes.starts_with("ID3")) return SoundFormat::kMp3;
  if (bytes.starts_with("OggS")) return SoundFormat::kOgg;
  if (bytes.starts_with("fLaC")) return SoundFormat::kFlac;
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "ftyp") return SoundFormat::kMp4;
  if (bytes.starts_with("\x1A\x45\xDF\xA3")) return SoundFormat::kWebm;
  // ADTS: 12 bits of sync, layer 0, a sampling frequency index below 13, not "no channels".
  if (byte(0) == 0xFF && (byte(1) & 0xF6U) == 0xF0 && ((byte(2) >> 2U) & 15U) < 13 && bytes.size() >= 4) {
    return SoundFormat::kAac;
  }
  // MPEG audio: 11 bits of sync, a version, layer 3, a bit rate and a sampling rate that exist.
  // Silence at -1 (0xFFFF) in headerless samples has the sync too, but no such layer.
  if (byte(0) == 0xFF && (byte(1) & 0xE6U) == 0xE2 && (byte(1) & 0x18U) != 0x08 &&
      (byte(2) & 0xF0U) != 0xF0 && (byte(2) & 0xF0U) != 0 && (byte(2) & 0x0CU) != 0x0C) {
    return SoundFormat::kMp3;
  }
  return is_text(bytes) ? SoundFormat::kText : SoundFormat::kUnknown;
}

std::string_view extension_of(SoundFormat format) {
  switch (format) {
    case SoundFormat::kWav:
      return ".wav";
    case SoundFormat::kMp3:
      return ".mp3";
    case SoundFormat::kOgg:
      return ".ogg";
    case SoundFormat::kFlac:
      return ".flac";
    case SoundFormat::kAac:
      return ".aac";
    case SoundFormat::kMp4:
      return ".m4a";
    case SoundFormat::kWebm:
      return ".webm";
    case SoundFormat::kUnknown:
    case SoundFormat::kText:
      break;
  }
  return ".bin";
}

}  // namespace anima::media
