#include "media/gstreamer_runtime.h"

#include <fmt/format.h>
#include <gst/pbutils/pbutils.h>

#include <cstdlib>
#include <initializer_list>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/error.h"

namespace anima::media {

void require_gstreamer() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (std::getenv("GST_DEBUG") == nullptr) gst_debug_remove_log_function(nullptr);
    GError* raw = nullptr;
    if (gst_init_check(nullptr, nullptr, &raw) == FALSE) {
      const Owned<GError> failure(raw);
      throw Error(ErrorCode::kNotReady, "GStreamer could not be started",
                  "reinstall it with: apt-get install gstreamer1.0-plugins-base",
                  failure ? failure->message : "no reason given");
    }
    gst_pb_utils_init();
  });
}

Pipeline::Pipeline() {
  require_gstreamer();
  pipeline_.reset(gst_pipeline_new(nullptr));
  bus_.reset(gst_element_get_bus(pipeline_.get()));
}

Pipeline::~Pipeline() {
  stop();
}

GstElement* Pipeline::add(const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  if (element == nullptr) {
    throw Error(ErrorCode::kNotReady, fmt::format("GStreamer's element '{}' is not installed", factory),
                fmt::format("install it with: apt-get install {}", package_of_element(factory)));
  }
  gst_bin_add(GST_BIN(pipeline_.get()), element);
  return element;
}

void Pipeline::link(std::initializer_list<GstElement*> elements) {
  GstElement* before = nullptr;
  for (GstElement* element : elements) {
    if (before != nullptr && gst_element_link(before, element) == FALSE) {
      throw Error(ErrorCode::kInternal, fmt::format("GStreamer's elements '{}' and '{}' cannot be linked",
                                                    GST_OBJECT_NAME(before), GST_OBJECT_NAME(element)));
    }
    before = element;
  }
}

std::string package_of_element(const std::string& factory) {
  constexpr std::pair<const char*, const char*> kPackages[] = {{"x264enc", "gstreamer1.0-plugins-ugly"},
                                                               {"avenc_aac", "gstreamer1.0-libav"},
                                                               {"mp4mux", "gstreamer1.0-plugins-good"},
                                                               {"webmmux", "gstreamer1.0-plugins-good"},
                                                               {"vp8enc", "gstreamer1.0-plugins-good"},
                                                               {"vp9enc", "gstreamer1.0-plugins-good"},
                                                               {"videoflip", "gstreamer1.0-plugins-good"},
                                                               {"deinterlace", "gstreamer1.0-plugins-good"},
                                                               {"filesrc", "libgstreamer1.0-0"},
                                                               {"filesink", "libgstreamer1.0-0"},
                                                               {"queue", "libgstreamer1.0-0"},
                                                               {"fakesink", "libgstreamer1.0-0"},
                                                               {"capsfilter", "libgstreamer1.0-0"}};
  for (const auto& [element, package] : kPackages) {
    if (factory == element) return package;
  }
  return "gstreamer1.0-plugins-base";
}

std::string package_of_format(const std::string& media_type) {
  constexpr std::pair<const char*, const char*> kPackages[] = {
      {"video/x-vp8", "gstreamer1.0-plugins-good"},    {"video/x-vp9", "gstreamer1.0-plugins-good"},
      {"video/x-av1", "gstreamer1.0-plugins-bad"},     {"image/", "gstreamer1.0-plugins-good"},
      {"video/x-theora", "gstreamer1.0-plugins-base"}, {"audio/x-opus", "gstreamer1.0-plugins-base"},
      {"audio/x-vorbis", "gstreamer1.0-plugins-base"}, {"audio/x-flac", "gstreamer1.0-plugins-good"},
      {"audio/x-speex", "gstreamer1.0-plugins-good"},  {"audio/x-mulaw", "gstreamer1.0-plugins-good"},
      {"audio/x-alaw", "gstreamer1.0-plugins-good"},   {"audio/AMR", "gstreamer1.0-plugins-ugly"}};
  for (const auto& [prefix, package] : kPackages) {
    if (media_type.starts_with(prefix)) return package;
  }
  return "gstreamer1.0-libav gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly";
}

std::string describe_format(const GstCaps* caps) {
  if (caps == nullptr || gst_caps_is_any(caps) != FALSE || gst_caps_is_empty(caps) != FALSE) return "unknown";
  const Owned<gchar> words(gst_pb_utils_get_codec_description(caps));
  return words ? words.get() : gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

void throw_bus_error(GstMessage* message, const std::filesystem::path& path, bool reading) {
  GError* raw_error = nullptr;
  gchar* raw_detail = nullptr;
  gst_message_parse_error(message, &raw_error, &raw_detail);
  const Owned<GError> failure(raw_error);
  const Owned<gchar> detail(raw_detail);
  const std::string cause = failure ? failure->message : "unknown";
  const auto is = [&](GQuark domain, int code) {
    return g_error_matches(failure.get(), domain, code) != FALSE;
  };

  if (is(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND)) {
    throw Error(ErrorCode::kNotFound, fmt::format("'{}' is not there", path.string()), "check the path",
                cause);
  }
  if (!reading) {
    std::error_code unknown;
    const std::filesystem::space_info space =
        std::filesystem::space(path.parent_path().empty() ? "." : path.parent_path(), unknown);
    const bool full = !unknown && space.available < (1U << 20U);
    if (full || is(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT)) {
      throw Error(ErrorCode::kResourceExhausted, fmt::format("no space left to write '{}'", path.string()),
                  "free some disk space and run the same command again", cause);
    }
    if (failure && failure->domain == GST_RESOURCE_ERROR) {
      throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' cannot be written", path.string()),
                  "check the path, its permissions and the file size limit", cause);
    }
    throw Error(ErrorCode::kInternal, fmt::format("'{}' could not be encoded", path.string()), {},
                fmt::format("{}; {}", cause, detail ? detail.get() : ""));
  }
  if (is(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ)) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("'{}' cannot be opened", path.string()),
                "check its permissions", cause);
  }
  throw Error(ErrorCode::kCorruptData, fmt::format("'{}' cannot be read as a film or sound", path.string()),
              "check that it plays in a media player and was copied whole; if not, export it again", cause);
}

}  // namespace anima::media
