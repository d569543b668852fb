#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "core/error.h"
#include "media/film_reader.h"
#include "media/media_source.h"

namespace anima::media {
namespace {

// Time stamps in containers are rounded; only what is further off is a gap or an overlap.
constexpr double kTolerance_s = 0.04;
constexpr double kGapLimit_s = 600;

}  // namespace

struct SoundReader::State {
  State(const std::filesystem::path& film, int rate_hz)
      : path(film), sample_rate_hz(rate_hz), source(film, {.sound = true, .sample_rate_hz = rate_hz}) {}

  // Takes the next buffer and decides where on the time line its samples go. False at the end.
  bool refill() {
    const Owned<GstSample> sample = source.pull(Track::kSound);
    if (!sample) return false;
    GstBuffer* buffer = gst_sample_get_buffer(sample.get());
    GstMapInfo map;
    if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) {
      throw Error(ErrorCode::kCorruptData, fmt::format("the sound of '{}' cannot be read", path.string()));
    }
    pending.resize(map.size / sizeof(float));
    if (!pending.empty()) std::memcpy(pending.data(), map.data, pending.size() * sizeof(float));
    gst_buffer_unmap(buffer, &map);
    used = 0;

    const double time_s = start_time_s(sample.get());
    if (time_s < 0) return true;
    const double ahead_s = time_s - static_cast<double>(position) / sample_rate_hz;
    if (ahead_s > kGapLimit_s) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("the sound of '{}' jumps from {:.1f} s to {:.1f} s", path.string(),
                              static_cast<double>(position) / sample_rate_hz, time_s),
                  "export it again");
    }
    // The start is placed exactly; later only real gaps are filled, so that rounding does not crackle.
    if (ahead_s > kTolerance_s || (position == 0 && ahead_s > 0)) {
      silence = std::llround(ahead_s * sample_rate_hz);
    } else if (ahead_s < -kTolerance_s) {
      used = static_cast<std::size_t>(std::min<std::int64_t>(std::llround(-ahead_s * sample_rate_hz),
                                                             static_cast<std::int64_t>(pending.size())));
    }
    return true;
  }

  std::filesystem::path path;
  int sample_rate_hz;
  MediaSource source;
  std::vector<float> pending;
  std::size_t used = 0;
  std::int64_t silence = 0;   // samples of it still to hand out, before `pending`
  std::int64_t position = 0;  // samples handed out
};

SoundReader::SoundReader(const std::filesystem::path& path, int sample_rate_hz) {
  if (sample_rate_hz < 1000 || sample_rate_hz > 384000) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a sample rate of {} Hz was asked for", sample_rate_hz), "use 1000 to 384000");
  }
  state_ = std::make_unique<State>(path, sample_rate_hz);
  state_->refill();  // what cannot be read is refused here, not at the first read
}

SoundReader::~SoundReader() = default;

std::size_t SoundReader::read(std::span<float> samples) {
  State& state = *state_;
  std::size_t done = 0;
  while (done < samples.size()) {
    const std::size_t room = samples.size() - done;
    if (state.silence > 0) {
      const std::size_t count = std::min<std::size_t>(room, static_cast<std::size_t>(state.silence));
      std::fill_n(samples.begin() + static_cast<std::ptrdiff_t>(done), count, 0.0F);
      state.silence -= static_cast<std::int64_t>(count);
      state.position += static_cast<std::int64_t>(count);
      done += count;
    } else if (state.used < state.pending.size()) {
      const std::size_t count = std::min(room, state.pending.size() - state.used);
      for (std::size_t i = 0; i < count; ++i) {
        const float value = state.pending[state.used + i];
        samples[done + i] = std::isfinite(value) ? value : 0.0F;
      }
      state.used += count;
      state.position += static_cast<std::int64_t>(count);
      done += count;
    } else if (!state.refill()) {
      break;
    }
  }
  return done;
}

Sound read_sound_beginning(const std::filesystem::path& path, int sample_rate_hz, double limit_s,
                           bool* more) {
  SoundReader reader(path, sample_rate_hz);
  Sound sound;
  sound.sample_rate_hz = sample_rate_hz;
  const auto limit = static_cast<std::size_t>(std::max(0.0, limit_s) * sample_rate_hz);
  std::vector<float> part(1U << 15U);
  if (more != nullptr) *more = false;
  while (const std::size_t count = reader.read(part)) {
    const std::size_t taken = std::min(count, limit - sound.samples.size());
    sound.samples.insert(sound.samples.end(), part.begin(),
                         part.begin() + static_cast<std::ptrdiff_t>(taken));
    if (taken == count) continue;
    if (more != nullptr) *more = true;
    break;
  }
  return sound;
}

Sound read_sound(const std::filesystem::path& path, int sample_rate_hz, double limit_s) {
  bool more = false;
  Sound sound = read_sound_beginning(path, sample_rate_hz, limit_s, &more);
  if (more) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("the sound of '{}' is longer than {} s", path.string(), limit_s),
                "cut it into shorter files");
  }
  return sound;
}

}  // namespace anima::media
