#include "media/track_choice.h"

#include <fmt/format.h>
#include <gst/audio/audio.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "core/error.h"
#include "media/channel_mixer.h"
#include "media/speech_likeness.h"

namespace anima::media {
namespace {

constexpr int kRate_hz = 16000;
constexpr int kFramesSeen = 25;
constexpr double kMuchSmaller = 0.25;  // in area

// Appends a buffer's samples, interleaved, and gives the number of channels; 0 where it cannot be read.
int append_samples(GstSample* sample, std::vector<float>& window) {
  GstAudioInfo form;
  GstMapInfo map;
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  const GstCaps* caps = gst_sample_get_caps(sample);
  if (buffer == nullptr || caps == nullptr || gst_audio_info_from_caps(&form, caps) == FALSE) return 0;
  if (gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) return 0;
  const std::size_t before = window.size();
  window.resize(before + map.size / sizeof(float));
  if (window.size() > before)
    std::memcpy(window.data() + before, map.data, (window.size() - before) * sizeof(float));
  gst_buffer_unmap(buffer, &map);
  return form.channels;
}

double speech_in_window(const std::vector<float>& window, int channels) {
  std::vector<float> mono;
  ChannelMixer(channels, kRate_hz).mix(window, mono);
  SpeechLikeness likeness(kRate_hz);
  likeness.push(mono);
  return likeness.value();
}

// How speech-like a track is where it is most so; 0 for a silent one, and for one that cannot be decoded.
double speech_in(const std::filesystem::path& path, const std::string& stream) {
  double most = 0;
  try {
    MediaSource source(path, {.sound = true, .sample_rate_hz = kRate_hz, .sound_stream = stream});
    std::vector<float> window;
    double heard_s = 0;
    int channels = 0;
    while (heard_s < kTrackSearch_s && most < kSpeech) {
      const Owned<GstSample> sample = source.pull(Track::kSound);
      const int now = sample ? append_samples(sample.get(), window) : 0;
      if (now > 0) channels = now;
      const double window_s = channels > 0 ? static_cast<double>(window.size()) / channels / kRate_hz : 0;
      if (channels > 0 && (now == 0 || window_s >= ChannelMixer::kWindow_s)) {
        most = std::max(most, speech_in_window(window, channels));
        heard_s += window_s;
        window.clear();
      }
      if (now == 0) break;
    }
  } catch (const Error& error) {
    // The reader of the chosen track will say what is wrong with the file; another track may be good.
    if (error.code() == ErrorCode::kCancelled) throw;
  }
  return most;
}

// Pictures of a track, as far as kFramesSeen.
int frames_in(const std::filesystem::path& path, const std::string& stream) {
  int frames = 0;
  try {
    MediaSource source(path, {.video = true, .packets = true, .video_stream = stream});
    if (!source.has(Track::kVideo)) return kFramesSeen;  // stored raw: as good as any
    while (frames < kFramesSeen && source.pull(Track::kVideo)) ++frames;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
  }
  return frames;
}

double area(const MediaStream& stream) {
  return static_cast<double>(stream.width_px) * stream.height_px;
}

std::size_t choose_sound(const std::filesystem::path& path, const std::vector<MediaStream>& streams) {
  std::vector<double> speech;
  for (std::size_t i = 0; i < streams.size(); ++i) {
    speech.push_back(speech_in(path, streams[i].name));
    if (speech.back() >= kSpeech) return i;
  }
  const auto most = std::max_element(speech.begin(), speech.end());
  return *most > 2 * speech.front() ? static_cast<std::size_t>(most - speech.begin()) : 0;
}

std::size_t choose_picture(const std::filesystem::path& path, const std::vector<MediaStream>& streams) {
  double largest = 0;
  std::vector<bool> moves;
  for (const MediaStream& stream : streams) {
    moves.push_back(frames_in(path, stream.name) > 1);
    if (moves.back()) largest = std::max(largest, area(stream));
  }
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (moves[i] && area(streams[i]) >= kMuchSmaller * largest) return i;
  }
  return 0;
}

std::string describe(const MediaStream& stream) {
  std::string words;
  if (stream.width_px > 0) words = fmt::format("{}x{}", stream.width_px, stream.height_px);
  if (!stream.language.empty()) words += (words.empty() ? "language " : ", language ") + stream.language;
  return words.empty() ? words : " (" + words + ")";
}

}  // namespace

std::unique_ptr<MediaSource> open_best_tracks(const std::filesystem::path& path, MediaSourceOptions options,
                                              const WarningSink& warn) {
  auto source = std::make_unique<MediaSource>(path, options);
  bool other = false;
  for (const Track track : {Track::kVideo, Track::kSound}) {
    if (!(track == Track::kVideo ? options.video : options.sound)) continue;
    const std::vector<MediaStream> streams = source->streams(track);
    if (streams.size() < 2) continue;
    const bool sound = track == Track::kSound;
    const std::size_t chosen = sound ? choose_sound(path, streams) : choose_picture(path, streams);
    (sound ? options.sound_stream : options.video_stream) = streams[chosen].name;
    other = true;
    if (warn) {
      warn(fmt::format("'{}' has {} {} tracks; number {}{} is used{}", path.string(), streams.size(),
                       sound ? "sound" : "picture", chosen + 1, describe(streams[chosen]),
                       chosen == 0 ? ""
                       : sound     ? ", the first one with speech"
                                   : ", the first one that moves"));
    }
  }
  if (other) source = std::make_unique<MediaSource>(path, options);
  return source;
}

}  // namespace anima::media
