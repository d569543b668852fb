#include "media/wav_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/error.h"

namespace anima::media {
namespace {

constexpr std::size_t kHeaderLimit_bytes = 1U << 20U;
// And more: written by streaming servers, some less a header's length.
constexpr std::uint32_t kUnknownLength = 0x7FFFF000;
constexpr int kFormatPcm = 1;
constexpr int kFormatFloat = 3;
constexpr int kFormatExtensible = 0xFFFE;

std::uint32_t little_endian(std::span<const std::byte> bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
  return value;
}

std::string_view tag_at(std::span<const std::byte> bytes, std::size_t at) {
  return {reinterpret_cast<const char*>(bytes.data()) + at, 4};
}

[[noreturn]] void throw_corrupt(const std::string& why) {
  throw Error(ErrorCode::kCorruptData, "a WAV stream " + why, "check what made it");
}

void append(std::string& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

}  // namespace

PcmDecoder::PcmDecoder(const PcmFormat& format) : format_(format) {
  const bool integer =
      !format.floating && (format.bits == 8 || format.bits == 16 || format.bits == 24 || format.bits == 32);
  const bool floating = format.floating && (format.bits == 32 || format.bits == 64);
  if (!integer && !floating) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("samples of {} bits{} are not read", format.bits,
                            format.floating ? " (floating point)" : ""),
                "use 16-bit samples");
  }
  if (format.sample_rate_hz < 1000 || format.sample_rate_hz > 768000 || format.channels < 1 ||
      format.channels > 64) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format("sound of {} Hz with {} channels makes no sense", format.sample_rate_hz, format.channels),
        "check what made it");
  }
  frame_bytes_ = static_cast<std::size_t>(format.channels) * static_cast<std::size_t>(format.bits / 8);
}

float PcmDecoder::sample_at(const std::byte* bytes) const {
  if (format_.floating) {
    double value = 0;
    if (format_.bits == 32) {
      float narrow = 0;
      std::memcpy(&narrow, bytes, sizeof(narrow));
      value = narrow;
    } else {
      std::memcpy(&value, bytes, sizeof(value));
    }
    return std::isfinite(value) ? static_cast<float>(std::clamp(value, -1.0, 1.0)) : 0.0F;
  }
  const int count = format_.bits / 8;
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i)
    value |= static_cast<std::uint32_t>(bytes[i]) << (8 * i + 32 - format_.bits);
  if (format_.bits == 8) value ^= 0x80000000U;  // 8-bit WAV is unsigned
  return static_cast<float>(static_cast<std::int32_t>(value)) * 0x1p-31F;
}

void PcmDecoder::push(std::span<const std::byte> bytes, std::vector<float>& samples) {
  const auto decode_frame = [&](const std::byte* frame) {
    float sum = 0;
    for (int channel = 0; channel < format_.channels; ++channel)
      sum += sample_at(frame + channel * (format_.bits / 8));
    samples.push_back(sum / static_cast<float>(format_.channels));
  };
  if (!pending_.empty()) {
    const std::size_t missing = std::min(frame_bytes_ - pending_.size(), bytes.size());
    pending_.insert(pending_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(missing));
    bytes = bytes.subspan(missing);
    if (pending_.size() < frame_bytes_) return;
    decode_frame(pending_.data());
    pending_.clear();
  }
  const std::size_t whole = bytes.size() / frame_bytes_;
  samples.reserve(samples.size() + whole);
  for (std::size_t i = 0; i < whole; ++i) decode_frame(bytes.data() + i * frame_bytes_);
  const auto rest = bytes.subspan(whole * frame_bytes_);
  pending_.assign(rest.begin(), rest.end());
}

void WavDecoder::push(std::span<const std::byte> bytes, std::vector<float>& samples) {
  if (!decoder_) {
    header_.insert(header_.end(), bytes.begin(), bytes.end());
    if (!parse_header()) return;
    bytes = header_;
  }
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), data_left_));
  decoder_->push(bytes.first(taken), samples);
  data_left_ -= taken;
  header_.clear();
}

// Walks the chunks up to "data"; then `header_` holds what follows. False while more must come.
bool WavDecoder::parse_header() {
  const std::span<const std::byte> bytes(header_);
  if (bytes.size() >= 4 && tag_at(bytes, 0) != "RIFF" && tag_at(bytes, 0) != "RF64")
    throw_corrupt("has no RIFF header");
  if (bytes.size() < 12) return false;
  if (tag_at(bytes, 8) != "WAVE") throw_corrupt("has no WAVE header");
  std::size_t at = 12;
  while (at + 8 <= bytes.size()) {
    const std::string_view tag = tag_at(bytes, at);
    const std::uint32_t length = little_endian(bytes, at + 4, 4);
    at += 8;
    if (tag == "data") {
      if (!described_) throw_corrupt("has no format before its samples");
      length_known_ = length != 0 && length < kUnknownLength;
      data_left_ = length_known_ ? length : std::numeric_limits<std::uint64_t>::max();
      decoder_.emplace(*described_);
      header_.erase(header_.begin(), header_.begin() + static_cast<std::ptrdiff_t>(at));
      return true;
    }
    const std::uint64_t end = static_cast<std::uint64_t>(at) + length + (length & 1U);
    if (end > kHeaderLimit_bytes) throw_corrupt("has a header without an end");
    if (end > bytes.size()) return false;
    if (tag == "fmt ") {
      if (length < 16) throw_corrupt("has a format that is too short");
      std::uint32_t format = little_endian(bytes, at, 2);
      if (format == kFormatExtensible && length >= 26) format = little_endian(bytes, at + 24, 2);
      if (format != kFormatPcm && format != kFormatFloat) {
        throw Error(ErrorCode::kUnsupported,
                    fmt::format("WAV with coding {} is not read as a stream", format),
                    "set the server to plain 16-bit WAV");
      }
      described_ = PcmFormat{
          .sample_rate_hz = static_cast<int>(std::min(little_endian(bytes, at + 4, 4), 0x7FFFFFFFU)),
          .channels = static_cast<int>(little_endian(bytes, at + 2, 2)),
          .bits = static_cast<int>(little_endian(bytes, at + 14, 2)),
          .floating = format == kFormatFloat};
      PcmDecoder check(*described_);
    }
    at = static_cast<std::size_t>(end);
  }
  return false;
}

void WavDecoder::finish() const {
  if (!decoder_) throw_corrupt("ended inside its header");
  if (length_known_ && data_left_ > 0)
    throw_corrupt(fmt::format("ended {} bytes before the length that it states", data_left_));
}

std::string encode_wav(const Sound& sound) {
  constexpr std::size_t kLargest = 0x7FFFFFF0;
  if (sound.sample_rate_hz <= 0 || sound.samples.size() > kLargest / 2) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a sound of {} samples at {} Hz does not fit into a WAV file",
                            sound.samples.size(), sound.sample_rate_hz),
                "cut it into shorter pieces");
  }
  const auto data_bytes = static_cast<std::uint32_t>(sound.samples.size() * 2);
  const auto rate = static_cast<std::uint32_t>(sound.sample_rate_hz);
  std::string file;
  file.reserve(44 + data_bytes);
  file += "RIFF";
  append(file, data_bytes + 36, 4);
  file += "WAVEfmt ";
  append(file, 16, 4);
  append(file, kFormatPcm, 2);
  append(file, 1, 2);
  append(file, rate, 4);
  append(file, rate * 2, 4);
  append(file, 2, 2);
  append(file, 16, 2);
  file += "data";
  append(file, data_bytes, 4);
  for (const float sample : sound.samples) {
    const float clipped = std::isfinite(sample) ? std::clamp(sample, -1.0F, 1.0F) : 0.0F;
    append(file, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(clipped * 32767.0F))), 2);
  }
  return file;
}

}  // namespace anima::media
