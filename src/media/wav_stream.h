// WAV and headerless samples, decoded while they arrive.
//
// Servers that make speech send a header before they know the length (0 or 0xFFFFFFFF) and cut
// the stream anywhere, inside a sample too; a file reader that trusts the header would hear
// nothing. Whole files of any kind are read by media/film_reader.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/sound.h"

namespace anima::media {

struct PcmFormat {
  int sample_rate_hz = 24000;
  int channels = 1;       // mixed down to one
  int bits = 16;          // 8 (unsigned), 16, 24, 32; little-endian
  bool floating = false;  // 32 or 64 bits, IEEE 754
};

// Bytes in, samples in [-1, 1] out; what is left of a cut frame waits for the next push.
class PcmDecoder {
 public:
  // Throws Error(kUnsupported) for a format it does not read.
  explicit PcmDecoder(const PcmFormat& format);
  // Appends to `samples`. Values that are not finite become 0.
  void push(std::span<const std::byte> bytes, std::vector<float>& samples);
  const PcmFormat& format() const { return format_; }
  // Bytes of a frame that has not come in full.
  std::size_t pending_bytes() const { return pending_.size(); }

 private:
  float sample_at(const std::byte* bytes) const;

  PcmFormat format_;
  std::size_t frame_bytes_;
  std::vector<std::byte> pending_;
};

class WavDecoder {
 public:
  // Throws Error: kCorruptData (no WAV, a header that makes no sense or does not end within 1 MB),
  // kUnsupported (compressed WAV).
  void push(std::span<const std::byte> bytes, std::vector<float>& samples);
  // At the end. Throws Error(kCorruptData) where the header never came in full, or less sound than it
  // states.
  void finish() const;
  // Known once the header has come.
  const PcmFormat* format() const { return decoder_ ? &decoder_->format() : nullptr; }

 private:
  bool parse_header();

  std::vector<std::byte> header_;
  std::optional<PcmFormat> described_;
  std::optional<PcmDecoder> decoder_;
  std::uint64_t data_left_ = 0;  // bytes; the rest after it is no sound
  bool length_known_ = false;
};

// A 16-bit mono WAV file in memory; samples are clipped to [-1, 1]. For uploads to servers: files
// that leave Anima are written by media/film_writer.h, which labels them.
std::string encode_wav(const Sound& sound);

}  // namespace anima::media
