#include "media/stream_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "core/error.h"
#include "media/picture_colours.h"

namespace anima::media {
namespace {

GstClockTime time_of(std::int64_t count, int rate_hz) {
  return gst_util_uint64_scale(static_cast<guint64>(count), GST_SECOND, static_cast<guint64>(rate_hz));
}

}  // namespace

std::string frame_caps(int width_px, int height_px, int frame_rate_hz) {
  return fmt::format("video/x-raw,{},width={},height={},framerate={}/1,pixel-aspect-ratio=1/1", kEncodedForm,
                     width_px, height_px, frame_rate_hz);
}

std::string sound_caps(int sample_rate_hz) {
  return fmt::format("audio/x-raw,format=F32LE,layout=interleaved,channels=1,rate={}", sample_rate_hz);
}

StreamFeed::StreamFeed(Pipeline& pipeline, const std::string& caps, std::uint64_t queue_bytes,
                       std::filesystem::path target)
    : pipeline_(pipeline),
      source_(pipeline.add("appsrc")),
      queue_bytes_(queue_bytes),
      target_(std::move(target)) {
  const Owned<GstCaps> form(gst_caps_from_string(caps.c_str()));
  gst_util_set_object_arg(G_OBJECT(source_), "format", "time");
  // The queue's own limit is off: a blocked push does not wake when the pipeline fails.
  g_object_set(source_, "caps", form.get(), "block", FALSE, "max-bytes", guint64{0}, nullptr);
}

void StreamFeed::push(GstBuffer* buffer) {
  Owned<GstBuffer> owned(buffer);
  while (gst_app_src_get_current_level_bytes(GST_APP_SRC(source_)) > queue_bytes_) {
    throw_if_failed(pipeline_, target_, 2 * GST_MSECOND);
  }
  if (gst_app_src_push_buffer(GST_APP_SRC(source_), owned.release()) != GST_FLOW_OK) {
    throw_if_failed(pipeline_, target_, GST_SECOND);
    throw Error(ErrorCode::kInternal, fmt::format("'{}' takes no more data", target_.string()));
  }
}

void StreamFeed::push_frame(const Image& frame, int frame_rate_hz) {
  push_picture(frame, frame_rate_hz, false);
}
void StreamFeed::push_alpha(const Image& frame, int frame_rate_hz) {
  push_picture(frame, frame_rate_hz, true);
}

void StreamFeed::push_picture(const Image& frame, int frame_rate_hz, bool alpha) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, static_cast<guint>(frame.width),
                            static_cast<guint>(frame.height));
  Owned<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, info.size, nullptr));
  GstVideoFrame picture;
  if (!buffer || gst_video_frame_map(&picture, &info, buffer.get(), GST_MAP_WRITE) == FALSE) {
    throw Error(ErrorCode::kResourceExhausted, fmt::format("no memory for a picture of {} bytes", info.size));
  }
  if (alpha) {
    for (int y = 0; y < frame.height; ++y) {
      std::uint8_t* row = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&picture, 0)) +
                          static_cast<std::ptrdiff_t>(y) * GST_VIDEO_FRAME_PLANE_STRIDE(&picture, 0);
      for (int x = 0; x < frame.width; ++x) row[x] = frame.row(y)[4 * x + 3];
    }
    for (guint plane = 1; plane < 3; ++plane) {
      const int rows = GST_VIDEO_FRAME_COMP_HEIGHT(&picture, plane);
      std::memset(GST_VIDEO_FRAME_PLANE_DATA(&picture, plane), 128,
                  static_cast<std::size_t>(rows) *
                      static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&picture, plane)));
    }
  } else {
    convert_to_i420(frame, picture);
  }
  gst_video_frame_unmap(&picture);
  GST_BUFFER_PTS(buffer.get()) = time_of(pushed_, frame_rate_hz);
  GST_BUFFER_DURATION(buffer.get()) = time_of(pushed_ + 1, frame_rate_hz) - time_of(pushed_, frame_rate_hz);
  push(buffer.release());
  ++pushed_;
}

void StreamFeed::push_sound(std::span<const float> samples, int sample_rate_hz) {
  // In short pieces, so that the queue's limit means something.
  const auto piece = static_cast<std::size_t>(std::max(sample_rate_hz / 10, 1));
  while (!samples.empty()) {
    const std::span<const float> part = samples.first(std::min(samples.size(), piece));
    samples = samples.subspan(part.size());
    std::vector<float> usable(part.size());
    for (std::size_t i = 0; i < part.size(); ++i)
      usable[i] = std::isfinite(part[i]) ? std::clamp(part[i], -1.0F, 1.0F) : 0.0F;
    const auto count = static_cast<std::int64_t>(part.size());
    GstBuffer* buffer = gst_buffer_new_memdup(usable.data(), usable.size() * sizeof(float));
    GST_BUFFER_PTS(buffer) = time_of(pushed_, sample_rate_hz);
    GST_BUFFER_DURATION(buffer) = time_of(pushed_ + count, sample_rate_hz) - GST_BUFFER_PTS(buffer);
    push(buffer);
    pushed_ += count;
  }
}

void StreamFeed::end() {
  gst_app_src_end_of_stream(GST_APP_SRC(source_));
}

void throw_if_failed(const Pipeline& pipeline, const std::filesystem::path& target, GstClockTime wait) {
  const Owned<GstMessage> message(gst_bus_timed_pop_filtered(pipeline.bus(), wait, GST_MESSAGE_ERROR));
  if (message) throw_bus_error(message.get(), target, false);
}

void start_writing(Pipeline& pipeline, const std::filesystem::path& target) {
  if (gst_element_set_state(pipeline.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    throw_if_failed(pipeline, target, GST_SECOND);
    throw Error(ErrorCode::kInternal, fmt::format("the encoder of '{}' does not start", target.string()));
  }
}

void wait_until_written(const Pipeline& pipeline, const std::filesystem::path& target) {
  // What is left is a few frames and, for MP4, one copy of the file.
  const Owned<GstMessage> message(gst_bus_timed_pop_filtered(
      pipeline.bus(), 600 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  if (!message) {
    throw Error(ErrorCode::kTimeout,
                fmt::format("'{}' could not be finished within 10 minutes", target.string()),
                "check the disk");
  }
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR) throw_bus_error(message.get(), target, false);
}

}  // namespace anima::media
