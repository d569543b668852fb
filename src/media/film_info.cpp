#include "media/film_info.h"

#include <fmt/format.h>
#include <gst/audio/audio.h>
#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/error.h"
#include "media/content_label.h"
#include "media/film_reader.h"
#include "media/media_source.h"
#include "media/sound_header.h"
#include "media/track_choice.h"

namespace anima::media {
namespace {

constexpr double kTimingScan_s = 120;
constexpr std::size_t kTimingScanFrames = 20000;

struct FrameTimes {
  std::vector<double> times_s;  // of the frames, in order
  bool by_place = false;        // from the frames' places in the file: it has no times of their showing
  double end_s = -1;            // of the track; negative where the scan stopped before
};

// Times of the first frames, without decoding them; of all, where the container does not say how long it is.
FrameTimes scan_times(const std::filesystem::path& path, const std::string& stream, bool to_the_end) {
  MediaSource packets(path, {.video = true, .packets = true, .video_stream = stream});
  FrameTimes found;
  if (!packets.has(Track::kVideo)) return found;  // stored raw: nothing to scan without decoding
  std::vector<double> places_s;
  double last_s = 0;
  double length_of_last_s = 0;
  bool ended = false;
  while (to_the_end || found.times_s.size() < kTimingScanFrames) {
    const Owned<GstSample> sample = packets.pull(Track::kVideo);
    if (!sample) {
      ended = true;
      break;
    }
    const double time_s = start_time_s(sample.get());
    const double place_s = decoding_time_s(sample.get());
    last_s = std::max({last_s, time_s, place_s});
    length_of_last_s = length_s(sample.get());
    if (last_s <= kTimingScan_s && found.times_s.size() < kTimingScanFrames) {
      if (time_s >= 0) found.times_s.push_back(time_s);
      if (place_s >= 0) places_s.push_back(place_s);
    } else if (!to_the_end) {
      break;
    }
  }
  // AVI knows when a frame is shown of key frames only.
  if (places_s.size() > found.times_s.size()) {
    found.times_s = places_s;
    found.by_place = true;
  }
  std::sort(found.times_s.begin(), found.times_s.end());  // packets come in decoding order
  if (ended && last_s > 0) {
    const double usual_s = last_s / static_cast<double>(std::max<std::size_t>(1, found.times_s.size() - 1));
    found.end_s = last_s + (length_of_last_s > 0 ? length_of_last_s : usual_s);
  }
  return found;
}

void fill_timing(const FrameTimes& scanned, FilmInfo& info) {
  const std::vector<double>& times_s = scanned.times_s;
  if (times_s.size() < 3) return;
  const std::size_t steps = times_s.size() - 1;
  double mean_s = (times_s.back() - times_s.front()) / static_cast<double>(steps);
  if (mean_s <= 0) return;
  std::vector<double> lengths_s;
  for (std::size_t i = 0; i < steps; ++i) lengths_s.push_back(times_s[i + 1] - times_s[i]);
  std::vector<double> sorted_s = lengths_s;
  std::nth_element(sorted_s.begin(), sorted_s.begin() + static_cast<std::ptrdiff_t>(steps / 2),
                   sorted_s.end());
  const double median_s = sorted_s[steps / 2];
  std::size_t odd = 0;
  for (const double length : lengths_s) {
    if (std::abs(length - median_s) > 0.25 * median_s) ++odd;
  }
  // Places are multiples of the frame's length: a longer step is a frame that was left out, not a slower
  // rate.
  if (scanned.by_place && median_s > 0) mean_s = median_s;
  double drift_s = 0;
  for (std::size_t i = 0; i < steps; ++i)
    drift_s = std::max(drift_s, std::abs(times_s[i] - times_s.front() - static_cast<double>(i) * mean_s));
  info.frame_rate_hz = 1 / mean_s;
  // Names such as 25 or 30000/1001 are meant exactly; containers round to milliseconds.
  for (const double usual : {24000 / 1001.0, 24.0, 25.0, 30000 / 1001.0, 30.0, 50.0, 60000 / 1001.0, 60.0}) {
    if (std::abs(info.frame_rate_hz - usual) < 2e-4 * usual) info.frame_rate_hz = usual;
  }
  info.variable_frame_rate =
      !scanned.by_place &&
      (drift_s > 0.75 * mean_s || static_cast<double>(odd) > 0.02 * static_cast<double>(steps));
}

int degrees_of(const std::string& orientation) {
  for (const int degrees : {90, 180, 270}) {
    if (orientation.find(std::to_string(degrees)) != std::string::npos) return degrees;
  }
  return 0;
}

}  // namespace

FilmInfo probe_film(const std::filesystem::path& path) {
  FilmInfo info;
  const std::unique_ptr<MediaSource> opened = open_best_tracks(path, {.video = true, .sound = true});
  MediaSource& source = *opened;
  info.has_video = source.has(Track::kVideo);
  info.has_sound = source.has(Track::kSound);
  if (!info.has_video && !info.has_sound) source.pull(Track::kVideo);  // throws why
  if (info.has_video) {
    const Owned<GstSample> sample = source.pull(Track::kVideo);
    GstVideoInfo form;
    if (!sample || gst_video_info_from_caps(&form, gst_sample_get_caps(sample.get())) == FALSE) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("'{}' has no frame that can be decoded", path.string()),
                  "check that it plays in a media player; if not, export it again");
    }
    const ShownSize shown = shown_size(form.width, form.height, form.par_n, form.par_d);
    info.width_px = static_cast<int>(shown.width_px);
    info.height_px = static_cast<int>(shown.height_px);
    if (form.fps_n > 0 && form.fps_d > 0) info.frame_rate_hz = static_cast<double>(form.fps_n) / form.fps_d;
    info.video_codec = source.codec(Track::kVideo);
  }
  if (info.has_sound) {
    const Owned<GstSample> sample = source.pull(Track::kSound);
    GstAudioInfo form;
    if (sample && gst_audio_info_from_caps(&form, gst_sample_get_caps(sample.get())) != FALSE) {
      info.sample_rate_hz = form.rate;
      info.channels = form.channels;
    } else {
      info.has_sound = false;  // a track without a single sample
    }
    info.sound_codec = source.codec(Track::kSound);
  }
  info.container = source.container();
  info.duration_s = std::max(0.0, source.duration_s());
  const auto header = info.has_video ? std::nullopt : read_sound_header(path);
  if (header && header->length_s > 0) info.duration_s = header->length_s;
  info.rotation_degrees = degrees_of(source.tag(GST_TAG_IMAGE_ORIENTATION).value_or(""));
  for (const char* name : {GST_TAG_COMMENT, GST_TAG_DESCRIPTION, GST_TAG_EXTENDED_COMMENT}) {
    info.ai_generated = info.ai_generated || is_content_label(source.tag(name).value_or(""));
  }
  if (info.has_video) {
    const FrameTimes times = scan_times(path, source.used(Track::kVideo), info.duration_s <= 0);
    fill_timing(times, info);
    if (info.duration_s <= 0 && times.end_s > 0) info.duration_s = times.end_s;
  }
  return info;
}

}  // namespace anima::media
