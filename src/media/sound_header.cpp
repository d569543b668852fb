#include "media/sound_header.h"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>

#include "media/file_peek.h"

namespace anima::media {
namespace {

constexpr int kChunkLimit = 10000;
constexpr std::uint64_t kUnknownLength = 0x7FFF0000;  // and more: streamed, or stopped in the middle
constexpr double kLongest_s = 1e6;

bool has_tag(std::span<const std::uint8_t> bytes, std::size_t at, std::string_view tag) {
  return bytes.size() >= at + tag.size() && std::memcmp(bytes.data() + at, tag.data(), tag.size()) == 0;
}

double seconds(double samples, double rate_hz) {
  if (!(rate_hz >= 1) || !(samples > 0)) return -1;
  const double length_s = samples / rate_hz;
  return length_s < kLongest_s ? length_s : -1;
}

// Codes of Microsoft's mmreg.h.
enum WavCoding : unsigned {
  kPcm = 1,
  kMsAdpcm = 2,
  kFloat = 3,
  kAlaw = 6,
  kMulaw = 7,
  kImaAdpcm = 0x11,
  kExtensible = 0xFFFE
};

struct WavFormat {
  unsigned coding = 0;
  unsigned channels = 0;
  double rate_hz = 0;
  std::uint64_t block_bytes = 0;
  std::uint64_t block_samples = 0;  // of compressed blocks; 0: not said
};

WavFormat read_format(std::span<const std::uint8_t> chunk) {
  WavFormat format;
  if (chunk.size() < 16) return format;
  format.coding = static_cast<unsigned>(little_endian(chunk.first(2)));
  format.channels = static_cast<unsigned>(little_endian(chunk.subspan(2, 2)));
  format.rate_hz = static_cast<double>(little_endian(chunk.subspan(4, 4)));
  format.block_bytes = little_endian(chunk.subspan(12, 2));
  if (format.coding == kExtensible && chunk.size() >= 26)
    format.coding = static_cast<unsigned>(little_endian(chunk.subspan(24, 2)));
  if ((format.coding == kMsAdpcm || format.coding == kImaAdpcm) && chunk.size() >= 20)
    format.block_samples = little_endian(chunk.subspan(18, 2));
  return format;
}

SoundHeader wav_length(const WavFormat& format, std::uint64_t data_bytes, std::uint64_t fact_samples) {
  SoundHeader file;
  const bool by_sample =
      format.coding == kPcm || format.coding == kFloat || format.coding == kAlaw || format.coding == kMulaw;
  if (by_sample) {
    if (format.block_bytes > 0)
      file.length_s = seconds(static_cast<double>(data_bytes / format.block_bytes), format.rate_hz);
    return file;
  }
  double samples = static_cast<double>(fact_samples);
  if (format.block_samples > 0 && format.block_bytes > 0) {
    file.in_blocks = true;
    // A fact chunk that the blocks cannot bear out was not updated when the file was finished.
    const auto blocks = static_cast<double>((data_bytes + format.block_bytes - 1) / format.block_bytes);
    const double most = blocks * static_cast<double>(format.block_samples);
    if (samples > most || samples <= most - 2.0 * static_cast<double>(format.block_samples)) samples = most;
  }
  file.length_s = seconds(samples, format.rate_hz);
  return file;
}

SoundHeader read_wav(FilePeek& file, std::uint64_t file_bytes) {
  WavFormat format;
  std::uint64_t fact_samples = 0;
  std::uint64_t long_data_bytes = 0;  // of RF64 (EBU Tech 3306)
  std::uint64_t position = 12;
  for (int chunk = 0; chunk < kChunkLimit; ++chunk) {
    const auto bytes = file.peek(position);
    if (bytes.size() < 8) break;
    std::uint64_t length = little_endian(bytes.subspan(4, 4));
    if (has_tag(bytes, 0, "fmt ")) {
      format = read_format(bytes.subspan(8, std::min<std::size_t>(bytes.size() - 8, length)));
    } else if (has_tag(bytes, 0, "fact") && bytes.size() >= 12) {
      fact_samples = little_endian(bytes.subspan(8, 4));
    } else if (has_tag(bytes, 0, "ds64") && bytes.size() >= 24) {
      long_data_bytes = little_endian(bytes.subspan(16, 8));
    } else if (has_tag(bytes, 0, "data")) {
      if (length == 0xFFFFFFFFU && long_data_bytes > 0)
        length = long_data_bytes;
      else if (length == 0 || length >= kUnknownLength)
        length = file_bytes - std::min(file_bytes, position + 8);
      return wav_length(format, length, fact_samples);
    }
    position += 8 + length + (length & 1U);
  }
  return {};
}

// IEEE 754 double extended, as Apple's SANE wrote it.
double extended(std::span<const std::uint8_t> bytes) {
  const int exponent = static_cast<int>(big_endian(bytes.first(2)) & 0x7FFFU) - 16383 - 63;
  return std::ldexp(static_cast<double>(big_endian(bytes.subspan(2, 8))), exponent);
}

SoundHeader read_aiff(FilePeek& file) {
  std::uint64_t position = 12;
  for (int chunk = 0; chunk < kChunkLimit; ++chunk) {
    const auto bytes = file.peek(position);
    if (bytes.size() < 8) break;
    const std::uint64_t length = big_endian(bytes.subspan(4, 4));
    if (has_tag(bytes, 0, "COMM") && bytes.size() >= 26) {
      SoundHeader found;
      found.length_s =
          seconds(static_cast<double>(big_endian(bytes.subspan(10, 4))), extended(bytes.subspan(16, 10)));
      return found;
    }
    position += 8 + length + (length & 1U);
  }
  return {};
}

// Sun's and NeXT's ".snd" (the header's six words, big-endian).
SoundHeader read_au(std::span<const std::uint8_t> header) {
  SoundHeader file;
  if (header.size() < 24) return file;
  const std::uint64_t data_bytes = big_endian(header.subspan(8, 4));
  const std::uint64_t coding = big_endian(header.subspan(12, 4));
  const auto rate_hz = static_cast<double>(big_endian(header.subspan(16, 4)));
  const auto channels = static_cast<double>(big_endian(header.subspan(20, 4)));
  constexpr int kBytes[] = {0, 1, 1, 2, 3, 4, 4, 8};  // of codings 1 (mu-law) to 7 (double)
  const int bytes = coding == 27 ? 1 : coding < std::size(kBytes) ? kBytes[coding] : 0;
  if (bytes > 0 && channels >= 1 && data_bytes < kUnknownLength)
    file.length_s = seconds(static_cast<double>(data_bytes) / (bytes * channels), rate_hz);
  return file;
}

// The frames that an encoder counted into an MP3 file's first frame: Xing's and LAME's header, or
// Fraunhofer's (both as G. Bouvigne's "MP3 Info Tag" documentation and the encoders' files have them).
std::optional<SoundHeader> read_mp3(FilePeek& file) {
  std::uint64_t position = 0;
  auto bytes = file.peek(0);
  if (has_tag(bytes, 0, "ID3") && bytes.size() >= 10) {
    std::uint64_t size = 0;
    for (const std::uint8_t byte : bytes.subspan(6, 4)) size = size << 7U | (byte & 0x7FU);
    position = 10 + size + ((bytes[5] & 0x10U) != 0 ? 10 : 0);
    bytes = file.peek(position);
  }
  // Sync, layer 3, a sampling rate.
  if (bytes.size() < 60 || bytes[0] != 0xFF || (bytes[1] & 0xE6U) != 0xE2 || (bytes[2] & 0x0CU) == 0x0C)
    return std::nullopt;
  const unsigned version = bytes[1] >> 3U & 3U;  // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
  if (version == 1) return std::nullopt;
  constexpr int kRates_hz[] = {44100, 48000, 32000};
  const int rate_hz = kRates_hz[bytes[2] >> 2U & 3U] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  const double frame_samples = version == 3 ? 1152 : 576;
  const bool mono = (bytes[3] >> 6U) == 3;
  const std::size_t side_bytes = version == 3 ? (mono ? 17 : 32) : (mono ? 9 : 17);
  const std::size_t at = 4 + side_bytes;
  double frames = 0;
  if ((has_tag(bytes, at, "Xing") || has_tag(bytes, at, "Info")) && (bytes[at + 7] & 1U) != 0) {
    frames = static_cast<double>(big_endian(bytes.subspan(at + 8, 4)));
  } else if (has_tag(bytes, 36, "VBRI")) {
    frames = static_cast<double>(big_endian(bytes.subspan(36 + 14, 4)));
  }
  if (frames <= 0) return std::nullopt;
  SoundHeader header;
  header.length_s = seconds(frames * frame_samples, rate_hz);
  return header;
}

}  // namespace

std::optional<SoundHeader> read_sound_header(const std::filesystem::path& path) {
  FilePeek file(path);
  struct stat status {};
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode))
    return std::nullopt;
  const auto begin = file.peek(0);
  SoundHeader header;
  if ((has_tag(begin, 0, "RIFF") || has_tag(begin, 0, "RF64")) && has_tag(begin, 8, "WAVE")) {
    header = read_wav(file, static_cast<std::uint64_t>(status.st_size));
  } else if (has_tag(begin, 0, "FORM") && (has_tag(begin, 8, "AIFF") || has_tag(begin, 8, "AIFC"))) {
    header = read_aiff(file);
  } else if (has_tag(begin, 0, ".snd")) {
    header = read_au(begin);
  } else {
    return read_mp3(file);
  }
  header.without_times = true;
  return header;
}

}  // namespace anima::media
