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

namespace anima::media {
namespace {

constexpr double kTimingScan_s = 120;
constexpr std::size_t kTimingScanFrames = 20000;

// Presentation times of the first frames, without decoding them.
std::vector<double> frame_times(const std::filesystem::path& path) {
  MediaSource packets(path, {.video = true, .packets = true});
  std::vector<double> times_s;
  if (!packets.has(Track::kVideo)) return times_s;  // stored raw: nothing to scan without decoding
  while (times_s.size() < kTimingScanFrames) {
    const Owned<GstSample> sample = packets.pull(Track::kVideo);
    if (!sample) break;
    const double time_s = start_time_s(sample.get());
    if (time_s < 0) continue;
    times_s.push_back(time_s);
    if (time_s > kTimingScan_s) break;
  }
  std::sort(times_s.begin(), times_s.end());  // packets come in decoding order
  return times_s;
}

void fill_timing(const std::vector<double>& times_s, FilmInfo& info) {
  if (times_s.size() < 3) return;
  const std::size_t steps = times_s.size() - 1;
  const double mean_s = (times_s.back() - times_s.front()) / static_cast<double>(steps);
  if (mean_s <= 0) return;
  info.frame_rate_hz = 1 / mean_s;
  // Names such as 25 or 30000/1001 are meant exactly; containers round to milliseconds.
  for (const double usual : {24000 / 1001.0, 24.0, 25.0, 30000 / 1001.0, 30.0, 50.0, 60000 / 1001.0, 60.0}) {
    if (std::abs(info.frame_rate_hz - usual) < 2e-4 * usual) info.frame_rate_hz = usual;
  }
  std::vector<double> lengths_s;
  for (std::size_t i = 0; i < steps; ++i) lengths_s.push_back(times_s[i + 1] - times_s[i]);
  std::vector<double> sorted_s = lengths_s;
  std::nth_element(sorted_s.begin(), sorted_s.begin() + static_cast<std::ptrdiff_t>(steps / 2),
                   sorted_s.end());
  const double median_s = sorted_s[steps / 2];
  std::size_t odd = 0;
  double drift_s = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    if (std::abs(lengths_s[i] - median_s) > 0.25 * median_s) ++odd;
    drift_s = std::max(drift_s, std::abs(times_s[i] - times_s.front() - static_cast<double>(i) * mean_s));
  }
  info.variable_frame_rate =
      drift_s > 0.75 * mean_s || static_cast<double>(odd) > 0.02 * static_cast<double>(steps);
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
  MediaSource source(path, {.video = true, .sound = true});
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
  info.rotation_degrees = degrees_of(source.tag(GST_TAG_IMAGE_ORIENTATION).value_or(""));
  for (const char* name : {GST_TAG_COMMENT, GST_TAG_DESCRIPTION, GST_TAG_EXTENDED_COMMENT}) {
    info.ai_generated = info.ai_generated || is_content_label(source.tag(name).value_or(""));
  }
  if (info.has_video) fill_timing(frame_times(path), info);
  return info;
}

}  // namespace anima::media
