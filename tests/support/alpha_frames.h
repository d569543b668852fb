// The frames of a film with their transparency, which the project's own reader leaves out.
#pragma once

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/image.h"
#include "media/gstreamer_runtime.h"

namespace anima::test {

// Decodes colours and alpha of the whole film, with GStreamer's own decoder of WebM alpha.
inline std::vector<Image> frames_with_alpha(const std::filesystem::path& path) {
  std::vector<Image> frames;
  media::require_gstreamer();
  GError* raw = nullptr;
  const std::string text = "filesrc location=" + path.string() +
                           " ! decodebin ! videoconvert ! video/x-raw,format=RGBA ! "
                           "appsink name=sink sync=false";
  const media::Owned<GstElement> pipeline(gst_parse_launch(text.c_str(), &raw));
  if (!pipeline || raw != nullptr) {
    ADD_FAILURE() << (raw != nullptr ? raw->message : text);
    return frames;
  }
  const media::Owned<GstElement> sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "sink"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  while (const media::Owned<GstSample> sample{
      gst_app_sink_try_pull_sample(GST_APP_SINK(sink.get()), 20 * GST_SECOND)}) {
    int width = 0;
    int height = 0;
    const GstStructure* form = gst_caps_get_structure(gst_sample_get_caps(sample.get()), 0);
    gst_structure_get_int(form, "width", &width);
    gst_structure_get_int(form, "height", &height);
    Image frame(width, height, 4);
    gst_buffer_extract(gst_sample_get_buffer(sample.get()), 0, frame.pixels.data(), frame.pixels.size());
    frames.push_back(std::move(frame));
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return frames;
}

}  // namespace anima::test
