// What every user of GStreamer in this module shares: starting it, owning its objects, and
// turning its failures into anima::Error. Internal to `media`: other modules never see GStreamer.
#pragma once

#include <gst/gst.h>

#include <filesystem>
#include <memory>
#include <string>

namespace anima::media {

// Starts GStreamer once per process; safe from any thread. Its debug output is switched off
// unless GST_DEBUG asks for it. Throws Error(kNotReady) when it cannot start.
void require_gstreamer();

struct GstRelease {
  void operator()(GstElement* object) const { gst_object_unref(object); }
  void operator()(GstBus* object) const { gst_object_unref(object); }
  void operator()(GstPad* object) const { gst_object_unref(object); }
  void operator()(GstCaps* object) const { gst_caps_unref(object); }
  void operator()(GstSample* object) const { gst_sample_unref(object); }
  void operator()(GstMessage* object) const { gst_message_unref(object); }
  void operator()(GstBuffer* object) const { gst_buffer_unref(object); }
  void operator()(GstEvent* object) const { gst_event_unref(object); }
  void operator()(GError* object) const { g_error_free(object); }
  void operator()(gchar* object) const { g_free(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, GstRelease>;

// A pipeline that is stopped and freed with its owner, whatever happens in between.
class Pipeline {
 public:
  Pipeline();
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  GstElement* get() const { return pipeline_.get(); }
  GstBus* bus() const { return bus_.get(); }
  // Makes an element inside of the pipeline, which owns it. Throws Error(kNotReady) naming the
  // Debian package when the plugin is not installed.
  GstElement* add(const char* factory);
  // Connects the elements in the order given; Error(kInternal) if their formats do not meet.
  static void link(std::initializer_list<GstElement*> elements);
  // Starts it; what goes wrong on the way appears as an error on the bus.
  void play() { gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING); }
  void stop() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

 private:
  Owned<GstElement> pipeline_;
  Owned<GstBus> bus_;
};

// The Debian 12 package that holds the GStreamer element of this name.
std::string package_of_element(const std::string& factory);

// The Debian 12 package that decodes a stream of this media type, e.g. "video/x-h264".
std::string package_of_format(const std::string& media_type);

// Human words for a stream format: "H.264 (High Profile)".
std::string describe_format(const GstCaps* caps);

// An error message of a bus as an Error about `path`. `reading`: failures of the data become
// kCorruptData; otherwise full disks become kResourceExhausted and the rest kInternal.
[[noreturn]] void throw_bus_error(GstMessage* message, const std::filesystem::path& path, bool reading);

}  // namespace anima::media
