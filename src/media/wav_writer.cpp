#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "media/content_label.h"
#include "media/film_writer.h"

namespace anima::media {
namespace {

// RIFF: little-endian, chunks padded to even sizes (Microsoft and IBM, "Multimedia Programming
// Interface and Data Specifications 1.0", 1991).
class RiffBytes {
 public:
  void number(std::uint32_t value, int size_bytes) {
    for (int i = 0; i < size_bytes; ++i)
      bytes.push_back(static_cast<std::byte>(value >> (8U * static_cast<unsigned>(i))));
  }
  void text(const std::string& value) {
    for (const char c : value) bytes.push_back(static_cast<std::byte>(c));
  }
  void chunk(const std::string& id, const std::string& value) {
    text(id);
    number(static_cast<std::uint32_t>(value.size()), 4);
    text(value);
    if (value.size() % 2 != 0) number(0, 1);
  }

  std::vector<std::byte> bytes;
};

std::string as_text(const RiffBytes& riff) {
  return {reinterpret_cast<const char*>(riff.bytes.data()), riff.bytes.size()};
}

}  // namespace

void write_wav(const std::filesystem::path& path, const Sound& sound, const std::string& title) {
  if (sound.sample_rate_hz <= 0 || sound.sample_rate_hz > 768000) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' cannot have a sample rate of {} Hz", path.string(), sound.sample_rate_hz));
  }
  if (sound.samples.size() > 0x7F000000U / 2) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("'{}' would be {:.0f} s long, over the 2 GB of a WAV file", path.string(),
                            sound.duration_s()),
                "cut it into shorter files");
  }
  RiffBytes info;
  info.text("INFO");
  info.chunk("ICMT", content_label_json() + '\0');
  info.chunk("ISFT", std::string("Anima") + '\0');
  if (!title.empty()) info.chunk("INAM", title + '\0');

  RiffBytes body;
  body.text("WAVE");
  body.text("fmt ");
  body.number(16, 4);
  body.number(1, 2);  // PCM
  body.number(1, 2);  // channels
  body.number(static_cast<std::uint32_t>(sound.sample_rate_hz), 4);
  body.number(static_cast<std::uint32_t>(sound.sample_rate_hz) * 2, 4);
  body.number(2, 2);   // bytes per frame
  body.number(16, 2);  // bits per sample
  body.chunk("LIST", as_text(info));
  body.chunk("_PMX", content_label_xmp(title));
  body.text("data");
  body.number(static_cast<std::uint32_t>(sound.samples.size() * 2), 4);
  body.bytes.reserve(body.bytes.size() + sound.samples.size() * 2 + 8);
  for (const float sample : sound.samples) {
    const float value = std::isfinite(sample) ? std::clamp(sample, -1.0F, 1.0F) : 0.0F;
    // 32768 as in every reader, so that a file that is read and written again keeps its values.
    const auto rounded = static_cast<int>(std::lround(value * 32768.0F));
    body.number(static_cast<std::uint32_t>(std::min(rounded, 32767)), 2);
  }

  RiffBytes file;
  file.text("RIFF");
  file.number(static_cast<std::uint32_t>(body.bytes.size()), 4);
  file.bytes.insert(file.bytes.end(), body.bytes.begin(), body.bytes.end());
  write_file_atomically(path, file.bytes);
}

}  // namespace anima::media
