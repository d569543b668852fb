#include "media/film_reader.h"

#include <fmt/format.h>
#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "media/image_resampler.h"
#include "media/length_report.h"
#include "media/picture_colours.h"
#include "media/track_choice.h"

namespace anima::media {
namespace {

// A film that shows one picture for longer is taken for damaged, before it fills a disk with
// repeated frames.
constexpr double kGapLimit_s = 600;
// Some decoders give a frame of unknown rate the length of a nanosecond.
constexpr double kShortestFrame_s = 1e-3;
constexpr double kLongestGuess_s = 0.1;  // of a frame without a time of its own
constexpr double kFramesForgiven = 2;    // that the end of a film may lack

struct TimedFrame {
  Owned<GstSample> sample;
  double time_s = 0;
  double length_s = 0;  // 0: unknown
};

// The rectangle of the shown picture that the output shows, in stored pixels, and its size.
struct View {
  SourceWindow window;
  int width_px = 0;
  int height_px = 0;
};

View view_of(const GstVideoInfo& info, const FrameReaderOptions& options) {
  const ShownSize shown = shown_size(info.width, info.height, info.par_n, info.par_d);
  const double across = info.width / shown.width_px;
  const double down = info.height / shown.height_px;
  CropSquare crop;
  View view;
  if (options.crop) {
    crop = *options.crop;
    view.window = {crop.left_px * across, crop.top_px * down, crop.side_px * across, crop.side_px * down};
    view.width_px = view.height_px = static_cast<int>(std::lround(crop.side_px));
  } else {
    view.window = {0, 0, static_cast<double>(info.width), static_cast<double>(info.height)};
    view.width_px = static_cast<int>(std::lround(shown.width_px));
    view.height_px = static_cast<int>(std::lround(shown.height_px));
  }
  if (options.width_px > 0) view.width_px = options.width_px;
  if (options.height_px > 0) view.height_px = options.height_px;
  return view;
}

void check(const FrameReaderOptions& options) {
  const double rate = options.frame_rate_hz;
  if (!(rate >= 0 && rate <= 1000)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("a frame rate of {} Hz was asked for", rate),
                "use 1 to 1000, or 0 for every frame of the film");
  }
  if (options.crop) {
    const CropSquare& crop = *options.crop;
    if (!(crop.side_px >= 1) || !std::isfinite(crop.side_px + crop.left_px + crop.top_px)) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("a crop of {} pixels at ({}, {}) cannot be made",
                                                           crop.side_px, crop.left_px, crop.top_px));
    }
    if (options.width_px != options.height_px) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("a square crop cannot be made {}x{} pixels large", options.width_px, options.height_px),
          "use the same width and height");
    }
  }
}

}  // namespace

ShownSize shown_size(int width, int height, int aspect_numerator, int aspect_denominator) {
  if (aspect_numerator <= 0 || aspect_denominator <= 0)
    return {static_cast<double>(width), static_cast<double>(height)};
  const double aspect = static_cast<double>(aspect_numerator) / aspect_denominator;
  // The side that is too short grows, so that nothing of the picture is thrown away.
  if (aspect >= 1) return {std::round(width * aspect), static_cast<double>(height)};
  return {static_cast<double>(width), std::round(height / aspect)};
}

struct FrameReader::State {
  State(const std::filesystem::path& film, const FrameReaderOptions& wanted, WarningSink sink)
      : path(film),
        options(wanted),
        warn(std::move(sink)),
        source(open_best_tracks(film, {.video = true}, warn)) {}

  // The next decoded frame; times only grow.
  std::optional<TimedFrame> decode() {
    TimedFrame frame{source->pull(Track::kVideo), 0, 0};
    if (!frame.sample) {
      check_length();
      return std::nullopt;
    }
    frame.time_s = start_time_s(frame.sample.get());
    frame.length_s = length_s(frame.sample.get());
    // AVI says of key frames only when they are shown: decoders guess the others, and guess twice the same.
    const double usual_s = last_length_s > 0 ? std::min(last_length_s, kLongestGuess_s) : 0.04;
    if (frame.time_s <= last_time_s) frame.time_s = last_time_s < 0 ? 0 : last_time_s + usual_s;
    if (frame.time_s - std::max(last_time_s, 0.0) > kGapLimit_s) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("'{}' jumps from {:.1f} s to {:.1f} s", path.string(),
                              std::max(last_time_s, 0.0), frame.time_s),
                  "export it again with a constant frame rate");
    }
    if (last_time_s >= 0) last_length_s = frame.time_s - last_time_s;
    last_time_s = frame.time_s;
    return frame;
  }

  void check_length() {
    if (last_time_s < 0) return;  // nothing was decoded: refused elsewhere
    const double frame_s = last_length_s > 0 ? last_length_s : 0.04;
    const double end_s = last_time_s + frame_s;
    const double tolerance_s = kLengthTolerance_s + kFramesForgiven * frame_s;
    report_length(path, "picture", end_s, source->stated_end_s(Track::kVideo, end_s, tolerance_s), warn,
                  tolerance_s);
  }

  void show(const TimedFrame& timed, Image& frame) {
    GstCaps* caps = gst_sample_get_caps(timed.sample.get());
    GstVideoInfo form;
    GstVideoFrame mapped;
    if (caps == nullptr || gst_video_info_from_caps(&form, caps) == FALSE ||
        gst_video_frame_map(&mapped, &form, gst_sample_get_buffer(timed.sample.get()), GST_MAP_READ) ==
            FALSE) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("a frame of '{}' at {:.2f} s cannot be read", path.string(), timed.time_s));
    }
    try {
      if (!resampler || form.width != info.width || form.height != info.height || form.par_n != info.par_n ||
          form.par_d != info.par_d) {
        // Also when the size changes in mid-film: the output keeps the size of the first frame.
        View view = view_of(form, options);
        if (resampler) {
          view.width_px = frame_width;
          view.height_px = frame_height;
        }
        resampler.emplace(form.width, form.height, view.window, view.width_px, view.height_px);
        frame_width = view.width_px;
        frame_height = view.height_px;
        info = form;
        whole = !options.crop && frame_width == form.width && frame_height == form.height;
      }
      convert_to_rgb(mapped, whole ? frame : picture);
      if (!whole)
        resampler->resample(picture.pixels.data(), static_cast<std::size_t>(picture.width) * 3, 3, frame);
    } catch (...) {
      gst_video_frame_unmap(&mapped);
      throw;
    }
    gst_video_frame_unmap(&mapped);
  }

  std::filesystem::path path;
  FrameReaderOptions options;
  WarningSink warn;
  std::unique_ptr<MediaSource> source;
  std::optional<TimedFrame> current;
  std::optional<TimedFrame> upcoming;
  bool started = false;
  double last_time_s = -1;
  double last_length_s = 0;
  std::int64_t index = 0;  // of the next output frame on the grid
  GstVideoInfo info{};
  std::optional<ImageResampler> resampler;
  int frame_width = 0;
  int frame_height = 0;
  bool whole = false;  // the picture as it is
  Image picture;       // RGB, before the crop
};

FrameReader::FrameReader(const std::filesystem::path& path, const FrameReaderOptions& options,
                         WarningSink warn) {
  check(options);
  state_ = std::make_unique<State>(path, options, std::move(warn));
  state_->current = state_->decode();
  if (!state_->current) {
    throw Error(ErrorCode::kCorruptData, fmt::format("'{}' has no frame that can be decoded", path.string()),
                "check that it plays in a media player; if not, export it again");
  }
}

FrameReader::~FrameReader() = default;

bool FrameReader::next(Image& frame, double& time_s) {
  State& state = *state_;
  if (!state.current) return false;
  if (state.options.frame_rate_hz == 0) {
    if (state.started) state.current = state.decode();
    state.started = true;
    if (!state.current) return false;
    time_s = state.current->time_s;
    state.show(*state.current, frame);
    return true;
  }

  if (!state.started) state.upcoming = state.decode();
  state.started = true;
  const double step_s = 1 / state.options.frame_rate_hz;
  const double wanted_s = static_cast<double>(state.index) * step_s;
  // The frame nearest in time: half a frame less late, on average, than the last one shown.
  while (state.upcoming &&
         std::abs(state.upcoming->time_s - wanted_s) <= std::abs(state.current->time_s - wanted_s)) {
    state.current = std::move(state.upcoming);
    state.upcoming = state.decode();
  }
  if (!state.upcoming) {
    // The last frame lasts as long as it says, or as the one before it did. A tenth of a step
    // forgives containers that round to milliseconds.
    double length_s = state.current->length_s > kShortestFrame_s && state.current->length_s < 1
                          ? state.current->length_s
                          : state.last_length_s;
    if (length_s <= 0) length_s = step_s;
    if (wanted_s > state.current->time_s + length_s - 0.1 * step_s) {
      state.current.reset();
      return false;
    }
  }
  time_s = wanted_s;
  state.show(*state.current, frame);
  ++state.index;
  return true;
}

}  // namespace anima::media
