// Feeds frames and sound of our own into GStreamer pipelines. Internal to `media`.
#pragma once

#include <gst/app/gstappsrc.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/image.h"
#include "media/gstreamer_runtime.h"

namespace anima::media {

// One appsrc with a bounded queue. `push` waits while the queue is full, and throws what went
// wrong in the pipeline instead of waiting for ever.
class StreamFeed {
 public:
  // `target` is the file that errors name.
  StreamFeed(Pipeline& pipeline, const std::string& caps, std::uint64_t queue_bytes,
             std::filesystem::path target);

  GstElement* element() const { return source_; }
  // The colours of the frame, converted to what encoders take.
  void push_frame(const Image& frame, int frame_rate_hz);
  // Its alpha (the frame has 4 channels) as the brightness of a grey picture.
  void push_alpha(const Image& frame, int frame_rate_hz);
  void push_sound(std::span<const float> samples, int sample_rate_hz);
  void end();
  std::int64_t pushed() const { return pushed_; }  // frames or samples

 private:
  void push(GstBuffer* buffer);
  void push_picture(const Image& frame, int frame_rate_hz, bool alpha);

  Pipeline& pipeline_;
  GstElement* source_;  // owned by the pipeline
  std::uint64_t queue_bytes_;
  std::filesystem::path target_;
  std::int64_t pushed_ = 0;
};

std::string frame_caps(int width_px, int height_px, int frame_rate_hz);
std::string sound_caps(int sample_rate_hz);

// Throws the pipeline's error about writing `target`, if there is one.
void throw_if_failed(const Pipeline& pipeline, const std::filesystem::path& target, GstClockTime wait = 0);

// Starts the pipeline; throws what kept it from starting.
void start_writing(Pipeline& pipeline, const std::filesystem::path& target);

// Waits until all that was pushed has left the pipeline.
void wait_until_written(const Pipeline& pipeline, const std::filesystem::path& target);

}  // namespace anima::media
