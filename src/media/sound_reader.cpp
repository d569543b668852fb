#include <fmt/format.h>
#include <gst/audio/audio.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "media/channel_mixer.h"
#include "media/film_reader.h"
#include "media/length_report.h"
#include "media/sound_header.h"
#include "media/track_choice.h"

namespace anima::media {
namespace {

// Time stamps in containers are rounded; only what is further off is a gap or an overlap.
constexpr double kTolerance_s = 0.04;
constexpr double kGapLimit_s = 600;

}  // namespace

struct SoundReader::State {
  State(const std::filesystem::path& film, int rate_hz, WarningSink sink)
      : path(film),
        sample_rate_hz(rate_hz),
        warn(std::move(sink)),
        header(read_sound_header(film)),
        source(open_best_tracks(film, {.sound = true, .sample_rate_hz = rate_hz}, warn)) {}

  void tell(const std::string& warning) const {
    if (warn) warn(fmt::format("'{}': {}", path.string(), warning));
  }

  // Takes the next buffer and decides where on the time line its samples go. False at the end.
  bool refill() {
    const Owned<GstSample> sample = source->pull(Track::kSound);
    if (!sample) return false;
    take_channels_of(sample.get());
    GstBuffer* buffer = gst_sample_get_buffer(sample.get());
    GstMapInfo map;
    if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) {
      throw Error(ErrorCode::kCorruptData, fmt::format("the sound of '{}' cannot be read", path.string()));
    }
    pending.resize(map.size / sizeof(float) / channels() * channels());
    if (!pending.empty()) std::memcpy(pending.data(), map.data, pending.size() * sizeof(float));
    gst_buffer_unmap(buffer, &map);
    used = 0;

    if (header && header->without_times) return true;
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
      const auto late = static_cast<std::size_t>(std::llround(-ahead_s * sample_rate_hz));
      used = std::min(late * channels(), pending.size());
    }
    return true;
  }

  void take_channels_of(GstSample* sample) {
    GstAudioInfo form;
    const GstCaps* caps = gst_sample_get_caps(sample);
    if (caps == nullptr || gst_audio_info_from_caps(&form, caps) == FALSE || form.channels < 1) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("the sound of '{}' has a form that cannot be read", path.string()));
    }
    if (mixer && mixer->channels() == form.channels) return;
    if (mixer) mix_window();  // the film changes from stereo to mono, for instance
    mixer.emplace(form.channels, sample_rate_hz);
  }

  std::size_t channels() const { return static_cast<std::size_t>(mixer->channels()); }

  // Blocks of compressed samples are filled up at the end of the file: that is no sound.
  std::size_t without_filling(std::size_t frames) const {
    if (!header || !header->in_blocks || header->length_s <= 0) return frames;
    const std::int64_t left = std::llround(header->length_s * sample_rate_hz) - position;
    return std::min(frames, static_cast<std::size_t>(std::max<std::int64_t>(left, 0)));
  }

  // Moves silence or samples into the window. False at the end.
  bool fill_window() {
    if (silence > 0) {
      const std::int64_t count = std::min<std::int64_t>(silence, sample_rate_hz);
      window.insert(window.end(), static_cast<std::size_t>(count) * channels(), 0.0F);
      silence -= count;
      position += count;
    } else if (used < pending.size()) {
      const std::size_t frames = without_filling((pending.size() - used) / channels());
      const auto first = pending.begin() + static_cast<std::ptrdiff_t>(used);
      window.insert(window.end(), first, first + static_cast<std::ptrdiff_t>(frames * channels()));
      position += static_cast<std::int64_t>(frames);
      used = pending.size();
    } else {
      return refill();
    }
    return true;
  }

  void mix_window() {
    mixer->mix(window, ready);
    window.clear();
    for (const std::string& remark : mixer->take_remarks()) tell(remark);
  }

  // Makes `ready` hold something. False at the end.
  bool prepare() {
    // One channel needs no decision, and should not wait for one.
    ready.clear();
    taken = 0;
    while (ready.empty() && !ended) {
      const double wanted_s = mixer && channels() == 1 ? 0 : ChannelMixer::kWindow_s;
      const bool more = fill_window();
      if (!more) {
        ended = true;
      }
      const auto frames = static_cast<double>(window.size() / channels());
      if (ended || (frames > 0 && frames >= wanted_s * sample_rate_hz)) mix_window();
      if (ended) check_length();
    }
    return !ready.empty();
  }

  void check_length() {
    const double read_s = static_cast<double>(position) / sample_rate_hz;
    const double stated_s = header && header->length_s > 0
                                ? header->length_s
                                : source->stated_end_s(Track::kSound, read_s, kLengthTolerance_s);
    report_length(path, "sound", read_s, stated_s, warn);
  }

  std::filesystem::path path;
  int sample_rate_hz;
  WarningSink warn;
  std::optional<SoundHeader> header;
  std::unique_ptr<MediaSource> source;
  std::optional<ChannelMixer> mixer;  // there since the first buffer
  std::vector<float> pending;         // interleaved, as it was decoded
  std::size_t used = 0;
  std::int64_t silence = 0;   // frames of it still to come, before `pending`
  std::int64_t position = 0;  // frames that went into the window
  std::vector<float> window;  // interleaved
  std::vector<float> ready;   // mono
  std::size_t taken = 0;
  bool ended = false;
};

SoundReader::SoundReader(const std::filesystem::path& path, int sample_rate_hz, WarningSink warn) {
  if (sample_rate_hz < 1000 || sample_rate_hz > 384000) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("a sample rate of {} Hz was asked for", sample_rate_hz), "use 1000 to 384000");
  }
  state_ = std::make_unique<State>(path, sample_rate_hz, std::move(warn));
  state_->ended = !state_->refill();  // what cannot be read is refused here, not at the first read
  if (state_->ended) state_->check_length();
}

SoundReader::~SoundReader() = default;

std::size_t SoundReader::read(std::span<float> samples) {
  State& state = *state_;
  std::size_t done = 0;
  while (done < samples.size()) {
    if (state.taken == state.ready.size() && !state.prepare()) break;
    const std::size_t count = std::min(samples.size() - done, state.ready.size() - state.taken);
    std::copy_n(state.ready.begin() + static_cast<std::ptrdiff_t>(state.taken), count,
                samples.begin() + static_cast<std::ptrdiff_t>(done));
    state.taken += count;
    done += count;
  }
  return done;
}

Sound read_sound_beginning(const std::filesystem::path& path, int sample_rate_hz, double limit_s, bool* more,
                           const WarningSink& warn) {
  SoundReader reader(path, sample_rate_hz, warn);
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

Sound read_sound(const std::filesystem::path& path, int sample_rate_hz, double limit_s,
                 const WarningSink& warn) {
  bool more = false;
  Sound sound = read_sound_beginning(path, sample_rate_hz, limit_s, &more, warn);
  if (more) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("the sound of '{}' is longer than {} s", path.string(), limit_s),
                "cut it into shorter files");
  }
  return sound;
}

}  // namespace anima::media
