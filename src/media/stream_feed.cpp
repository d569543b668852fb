#include "media/stream_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/error.h"

namespace anima::media {
namespace {

GstClockTime time_of(std::int64_t count, int rate_hz) {
  return gst_util_uint64_scale(static_cast<guint64>(count), GST_SECOND, static_cast<guint64>(rate_hz));
}

// A writable view of a new buffer.
class NewBuffer {
 public:
  explicit NewBuffer(std::size_t size) : buffer_(gst_buffer_new_allocate(nullptr, size, nullptr)) {
    if (!buffer_ || gst_buffer_map(buffer_.get(), &map_, GST_MAP_WRITE) == FALSE) {
      throw Error(ErrorCode::kResourceExhausted, fmt::format("no memory for {} bytes to encode", size));
    }
  }
  std::uint8_t* data() { return map_.data; }
  GstBuffer* finish(GstClockTime start, GstClockTime end) {
    gst_buffer_unmap(buffer_.get(), &map_);
    GST_BUFFER_PTS(buffer_.get()) = start;
    GST_BUFFER_DURATION(buffer_.get()) = end - start;
    return buffer_.release();
  }

 private:
  Owned<GstBuffer> buffer_;
  GstMapInfo map_{};
};

}  // namespace

std::string frame_caps(int width_px, int height_px, int channels, int frame_rate_hz) {
  return fmt::format(
      "video/x-raw,format={},width={},height={},framerate={}/1,pixel-aspect-ratio=1/1,colorimetry=sRGB",
      channels == 4   ? "RGBA"
      : channels == 3 ? "RGB"
                      : "GRAY8",
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
  // GStreamer's rows start at multiples of 4 bytes.
  const std::size_t row_bytes =
      static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.channels);
  const std::size_t stride = (row_bytes + 3) / 4 * 4;
  NewBuffer buffer(stride * static_cast<std::size_t>(frame.height));
  for (int y = 0; y < frame.height; ++y) {
    std::uint8_t* row = buffer.data() + static_cast<std::size_t>(y) * stride;
    std::memcpy(row, frame.row(y), row_bytes);
    std::fill(row + row_bytes, row + stride, std::uint8_t{0});
  }
  push(buffer.finish(time_of(pushed_, frame_rate_hz), time_of(pushed_ + 1, frame_rate_hz)));
  ++pushed_;
}

void StreamFeed::push_sound(std::span<const float> samples, int sample_rate_hz) {
  // In short pieces, so that the queue's limit means something.
  const auto piece = static_cast<std::size_t>(std::max(sample_rate_hz / 10, 1));
  while (!samples.empty()) {
    const std::span<const float> part = samples.first(std::min(samples.size(), piece));
    samples = samples.subspan(part.size());
    NewBuffer buffer(part.size_bytes());
    for (std::size_t i = 0; i < part.size(); ++i) {
      const float value = std::isfinite(part[i]) ? std::clamp(part[i], -1.0F, 1.0F) : 0.0F;
      std::memcpy(buffer.data() + i * sizeof value, &value, sizeof value);
    }
    const auto count = static_cast<std::int64_t>(part.size());
    push(buffer.finish(time_of(pushed_, sample_rate_hz), time_of(pushed_ + count, sample_rate_hz)));
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
