#include "media/media_source.h"

#include <fmt/format.h>
#include <gst/pbutils/pbutils.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/progress.h"
#include "media/container_check.h"
#include "media/decodebin_guard.h"
#include "media/picture_colours.h"

namespace anima::media {
namespace {

// What the signal "autoplug-select" of decodebin answers; GStreamer has no public header for it.
constexpr gint kAutoplugTry = 0;
constexpr gint kAutoplugExpose = 1;
constexpr gint kAutoplugSkip = 2;

constexpr double kStandstillLimit_s = 120;  // without a sample: something hangs
// decodebin of GStreamer 1.22 can swallow the error of a demuxer that fails as soon as it starts,
// and would then wait for ever. A file that is not being read and has no streams yet is that case.
// Counted in looks, not by the clock: where other programs take the processor, this thread gets as
// few of them as the demuxer's gets turns.
constexpr GstClockTime kLook = 5 * GST_MSECOND;
constexpr int kIdleLimit_looks = 1000;
constexpr int kPictureLimit_px = 64 << 20;

std::string name_of(const GstCaps* caps) {
  if (caps == nullptr || gst_caps_is_any(caps) != FALSE || gst_caps_is_empty(caps) != FALSE) return {};
  return gst_structure_get_name(gst_caps_get_structure(caps, 0));
}

int index_of(Track track) {
  return track == Track::kVideo ? 0 : 1;
}
const char* words_for(Track track) {
  return track == Track::kVideo ? "picture" : "sound";
}

Owned<GstCaps> caps_of(GstPad* pad) {
  Owned<GstCaps> caps(gst_pad_get_current_caps(pad));
  if (!caps) caps.reset(gst_pad_query_caps(pad, nullptr));
  return caps;
}

void set_caps(GstElement* element, const std::string& text) {
  const Owned<GstCaps> caps(gst_caps_from_string(text.c_str()));
  g_object_set(element, "caps", caps.get(), nullptr);
}

double on_time_line(GstSample* sample, GstClockTime time) {
  const GstSegment* segment = gst_sample_get_segment(sample);
  if (!GST_CLOCK_TIME_IS_VALID(time) || segment == nullptr) return -1;
  const guint64 running = gst_segment_to_running_time(segment, GST_FORMAT_TIME, time);
  if (!GST_CLOCK_TIME_IS_VALID(running)) return -1;
  return static_cast<double>(running) / static_cast<double>(GST_SECOND);
}

MediaStream stream_at(GstPad* pad, const GstCaps* caps) {
  MediaStream stream;
  stream.name = stream_of(pad);
  if (caps != nullptr && gst_caps_get_size(caps) > 0) {
    const GstStructure* form = gst_caps_get_structure(caps, 0);
    gst_structure_get_int(form, "width", &stream.width_px);
    gst_structure_get_int(form, "height", &stream.height_px);
  }
  for (guint i = 0;; ++i) {
    const Owned<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_TAG, i));
    if (!event) return stream;
    GstTagList* tags = nullptr;
    gst_event_parse_tag(event.get(), &tags);
    gchar* code = nullptr;
    if (gst_tag_list_get_string(tags, GST_TAG_LANGUAGE_CODE, &code) != FALSE) {
      const Owned<gchar> owned(code);
      stream.language = code;
    }
  }
}

bool is_packet_of(Track track, const std::string& media_type) {
  const char* kind = track == Track::kVideo ? "video/" : "audio/";
  return media_type.starts_with(kind) || (track == Track::kVideo && media_type.starts_with("image/"));
}

}  // namespace

MediaSource::MediaSource(const std::filesystem::path& path, const MediaSourceOptions& options)
    : path_(path), options_(options) {
  check_container(path);
  GstElement* file = pipeline_.add("filesrc");
  GstElement* decoder = pipeline_.add("decodebin");
  g_object_set(file, "location", path.c_str(), nullptr);
  g_object_set(decoder, "force-sw-decoders", TRUE, nullptr);
  Pipeline::link({file, decoder});
  g_signal_connect(decoder, "element-added", G_CALLBACK(on_element_added), this);
  g_signal_connect(decoder, "pad-added", G_CALLBACK(on_pad_added), this);
  g_signal_connect(decoder, "no-more-pads", G_CALLBACK(on_no_more_pads), this);
  g_signal_connect(decoder, "unknown-type", G_CALLBACK(on_unknown_type), this);
  g_signal_connect(decoder, "autoplug-select", G_CALLBACK(on_autoplug_select), this);
  const Owned<GstPad> out(gst_element_get_static_pad(file, "src"));
  gst_pad_add_probe(out.get(),
                    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_PULL | GST_PAD_PROBE_TYPE_BLOCK |
                                                 GST_PAD_PROBE_TYPE_BUFFER),
                    on_read, this, nullptr);
  // The callbacks see what was made so far once they hold the mutex: GLib starts their threads with
  // locks of its own, which the thread sanitizer does not know.
  { const std::lock_guard lock(mutex_); }
  pipeline_.play();
}

GstPadProbeReturn MediaSource::on_read(GstPad*, GstPadProbeInfo*, gpointer self) {
  auto& source = *static_cast<MediaSource*>(self);
  const std::lock_guard lock(source.mutex_);
  source.idle_looks_ = 0;
  return GST_PAD_PROBE_PASS;
}

void MediaSource::on_element_added(GstBin*, GstElement* element, gpointer self) {
  hold_reader_until_linked(element);
  const std::string kind =
      gst_element_class_get_metadata(GST_ELEMENT_GET_CLASS(element), GST_ELEMENT_METADATA_KLASS);
  if (kind.find("Decoder") == std::string::npos) return;
  const Owned<GstPad> in(gst_element_get_static_pad(element, "sink"));
  if (in) static_cast<MediaSource*>(self)->ends_.watch(in.get());
}

MediaSource::~MediaSource() {
  pipeline_.stop();
  // As in the constructor: what the callbacks wrote is done.
  const std::lock_guard lock(mutex_);
}

gint MediaSource::on_autoplug_select(GstElement*, GstPad* pad, GstCaps* caps, GstElementFactory* factory,
                                     gpointer self) {
  auto& source = *static_cast<MediaSource*>(self);
  const std::string kind = gst_element_factory_get_metadata(factory, GST_ELEMENT_METADATA_KLASS);
  // These demuxers fetch addresses that the file names.
  if (kind.find("Adaptive") != std::string::npos || kind.find("Network") != std::string::npos)
    return kAutoplugSkip;
  const std::lock_guard lock(source.mutex_);
  if (kind.find("Demuxer") != std::string::npos && source.container_.empty())
    source.container_ = describe_format(caps);
  if (gst_element_factory_list_is_type(factory, GST_ELEMENT_FACTORY_TYPE_DECODER) == FALSE)
    return kAutoplugTry;
  for (const Track track : {Track::kVideo, Track::kSound}) {
    if (!is_packet_of(track, name_of(caps))) continue;
    const bool other = !source.chosen(track).empty() && stream_of(pad) != source.chosen(track);
    std::string& codec = source.codecs_[index_of(track)];
    if (codec.empty() && !other) codec = describe_format(caps);
    const bool wanted = !other && (track == Track::kVideo ? source.options_.video : source.options_.sound);
    return wanted && !source.options_.packets ? kAutoplugTry : kAutoplugExpose;
  }
  return kAutoplugTry;
}

void MediaSource::on_unknown_type(GstElement*, GstPad*, GstCaps* caps, gpointer self) {
  auto& source = *static_cast<MediaSource*>(self);
  const std::lock_guard lock(source.mutex_);
  source.undecodable_.push_back(name_of(caps));
  source.undecodable_words_.push_back(describe_format(caps));
}

void MediaSource::on_no_more_pads(GstElement*, gpointer self) {
  auto& source = *static_cast<MediaSource*>(self);
  const std::lock_guard lock(source.mutex_);
  source.streams_known_ = true;
}

void MediaSource::on_pad_added(GstElement*, GstPad* pad, gpointer self) {
  auto& source = *static_cast<MediaSource*>(self);
  try {
    source.add_pad(pad);
  } catch (const Error& error) {
    // An exception must not pass through GStreamer: the thread that pulls will throw it.
    const std::lock_guard lock(source.mutex_);
    source.failure_ = error.what();
  }
}

void MediaSource::add_pad(GstPad* pad) {
  const Owned<GstCaps> caps = caps_of(pad);
  const std::string media_type = name_of(caps.get());
  const bool raw = media_type == "video/x-raw" || media_type == "audio/x-raw";
  GstElement* first = nullptr;
  const std::lock_guard lock(mutex_);
  for (const Track track : {Track::kVideo, Track::kSound}) {
    const bool wanted = track == Track::kVideo ? options_.video : options_.sound;
    const int index = index_of(track);
    if (!is_packet_of(track, media_type)) continue;
    streams_[index].push_back(stream_at(pad, caps.get()));
    const std::string& name = streams_[index].back().name;
    if (sinks_[index] != nullptr || (!chosen(track).empty() && name != chosen(track))) continue;
    if (raw && codecs_[index].empty()) codecs_[index] = describe_format(caps.get());
    if (!wanted || raw == options_.packets) continue;
    used_[index] = name;
    first = track == Track::kVideo ? add_video_chain(pad, caps.get()) : add_sound_chain();
  }
  if (first == nullptr) {
    // Streams that nobody asked for must flow away, or they would hold up the others.
    first = pipeline_.add("fakesink");
    g_object_set(first, "async", FALSE, "sync", FALSE, nullptr);
    const Owned<GstPad> in(gst_element_get_static_pad(first, "sink"));
    ends_.watch(in.get());
    gst_element_sync_state_with_parent(first);
  }
  const Owned<GstPad> sink(gst_element_get_static_pad(first, "sink"));
  if (GST_PAD_LINK_FAILED(gst_pad_link(pad, sink.get()))) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("the form of {} in '{}' cannot be converted", media_type, path_.string()),
                "export it as MP4 (H.264 + AAC)");
  }
}

GstElement* MediaSource::add_video_chain(GstPad*, const GstCaps* caps) {
  GstElement* sink = pipeline_.add("appsink");
  g_object_set(sink, "sync", FALSE, "max-buffers", 3U, "emit-signals", FALSE, nullptr);
  sinks_[0] = sink;
  std::vector<GstElement*> chain;
  if (!options_.packets) {
    const gchar* interlacing = gst_structure_get_string(gst_caps_get_structure(caps, 0), "interlace-mode");
    if (interlacing != nullptr && std::string(interlacing) != "progressive") {
      chain.push_back(pipeline_.add("deinterlace"));
      gst_util_set_object_arg(G_OBJECT(chain.back()), "fields",
                              "top");  // one picture per frame, not per field
    }
    chain.push_back(pipeline_.add("videoconvert"));
    chain.push_back(pipeline_.add("videoflip"));
    gst_util_set_object_arg(G_OBJECT(chain.back()), "video-direction", "auto");
    chain.push_back(pipeline_.add("videoconvert"));
    set_caps(sink, kDecodedForms);
  }
  chain.push_back(sink);
  for (std::size_t i = 1; i < chain.size(); ++i) Pipeline::link({chain[i - 1], chain[i]});
  for (std::size_t i = chain.size(); i-- > 0;) gst_element_sync_state_with_parent(chain[i]);
  return chain.front();
}

GstElement* MediaSource::add_sound_chain() {
  GstElement* convert = pipeline_.add("audioconvert");
  GstElement* resample = pipeline_.add("audioresample");
  GstElement* sink = pipeline_.add("appsink");
  sinks_[1] = sink;
  g_object_set(resample, "quality", 8, nullptr);
  // A few buffers of sound: enough to decode ahead, little enough to stay flat.
  g_object_set(sink, "sync", FALSE, "max-buffers", 16U, "emit-signals", FALSE, nullptr);
  std::string form = "audio/x-raw,format=F32LE,layout=interleaved";
  if (options_.sample_rate_hz > 0) form += fmt::format(",rate={}", options_.sample_rate_hz);
  set_caps(sink, form);
  Pipeline::link({convert, resample, sink});
  for (GstElement* element : {sink, resample, convert}) gst_element_sync_state_with_parent(element);
  return convert;
}

void MediaSource::handle_messages(GstClockTime wait) {
  for (;;) {
    const Owned<GstMessage> message(gst_bus_timed_pop_filtered(
        pipeline_.bus(), wait,
        static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_TAG | GST_MESSAGE_EOS)));
    {
      const std::lock_guard lock(mutex_);
      if (!failure_.empty()) throw Error(ErrorCode::kUnsupported, failure_);
    }
    if (!message) return;
    wait = 0;
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) {
      ended_ = true;
      continue;
    }
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_TAG) {
      GstTagList* list = nullptr;
      gst_message_parse_tag(message.get(), &list);
      for (const char* name :
           {GST_TAG_IMAGE_ORIENTATION, GST_TAG_COMMENT, GST_TAG_DESCRIPTION, GST_TAG_EXTENDED_COMMENT}) {
        const guint count = gst_tag_list_get_tag_size(list, name);
        for (guint i = 0; i < count; ++i) {
          gchar* text = nullptr;
          if (gst_tag_list_get_string_index(list, name, i, &text) == FALSE) continue;
          const Owned<gchar> owned(text);
          // All values of a name, one per line: a file may carry several comments.
          std::string& value = tags_[name];
          if (value.size() < (1U << 16U)) value.append(value.empty() ? "" : "\n").append(text);
        }
      }
      gst_tag_list_unref(list);
      continue;
    }
    bool undecodable;
    {
      const std::lock_guard lock(mutex_);
      undecodable = !undecodable_.empty() && sinks_[0] == nullptr && sinks_[1] == nullptr;
    }
    if (undecodable) throw_without(options_.video ? Track::kVideo : Track::kSound);
    throw_bus_error(message.get(), path_, true);
  }
}

void MediaSource::wait_for_streams() {
  const double started_s = monotonic_s();
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (streams_known_) return;
      if (++idle_looks_ > kIdleLimit_looks) {
        throw Error(ErrorCode::kCorruptData,
                    fmt::format("'{}' cannot be read as a film or sound", path_.string()),
                    "check that it plays in a media player and was copied whole; if not, export it again");
      }
    }
    handle_messages(kLook);
    if (monotonic_s() - started_s > kStandstillLimit_s) {
      throw Error(ErrorCode::kTimeout,
                  fmt::format("'{}' could not be opened within {} s", path_.string(), kStandstillLimit_s),
                  "check the disk, and that the file plays in a media player");
    }
  }
}

bool MediaSource::has(Track track) {
  wait_for_streams();
  const std::lock_guard lock(mutex_);
  return sinks_[index_of(track)] != nullptr;
}

void MediaSource::wait_for_end() {
  const double started_s = monotonic_s();
  while (!ended_) {
    handle_messages(kLook);
    if (monotonic_s() - started_s > kStandstillLimit_s) {
      throw Error(
          ErrorCode::kTimeout,
          fmt::format("reading '{}' to its end stood still for {} s", path_.string(), kStandstillLimit_s),
          "check the disk, and that the file plays in a media player");
    }
  }
}

std::vector<MediaStream> MediaSource::streams(Track track) {
  wait_for_streams();
  const std::lock_guard lock(mutex_);
  return streams_[index_of(track)];
}

std::string MediaSource::used(Track track) {
  wait_for_streams();
  const std::lock_guard lock(mutex_);
  return used_[index_of(track)];
}

double MediaSource::stated_end_s(Track track, double read_s, double tolerance_s) {
  const std::string stream = used(track);
  const double packets_s = ends_.end_of(stream);
  if (packets_s > read_s + tolerance_s) return packets_s;
  const double file_s = duration_s();
  if (file_s <= 0 || std::abs(file_s - read_s) <= tolerance_s) return read_s;
  if (file_s < read_s) return file_s;
  wait_for_end();
  return ends_.end_of_others(stream) + tolerance_s < file_s ? file_s : read_s;
}

void MediaSource::throw_without(Track track) {
  std::string media_type;
  std::string words;
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < undecodable_.size(); ++i) {
      if (is_packet_of(track, undecodable_[i]) || (media_type.empty() && undecodable_.size() == 1)) {
        media_type = undecodable_[i];
        words = undecodable_words_[i];
      }
    }
  }
  const char* what = words_for(track);
  if (!media_type.empty() && is_packet_of(track, media_type)) {
    throw Error(
        ErrorCode::kUnsupported,
        fmt::format("no installed decoder reads the {} of '{}', which is {} ({})", what, path_.string(),
                    words, media_type),
        fmt::format("apt-get install {}, or export it as MP4 (H.264 + AAC)", package_of_format(media_type)));
  }
  if (!media_type.empty()) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("'{}' is {}, not a film or sound", path_.string(), words),
                "name a film or sound file");
  }
  throw Error(
      ErrorCode::kUnusableInput, fmt::format("'{}' has no {}", path_.string(), what),
      track == Track::kVideo ? "name a film, not a sound file" : "record it again with the microphone on");
}

Owned<GstSample> MediaSource::pull(Track track) {
  wait_for_streams();
  GstElement* sink;
  {
    const std::lock_guard lock(mutex_);
    sink = sinks_[index_of(track)];
  }
  if (sink == nullptr) throw_without(track);
  const double started_s = monotonic_s();
  for (;;) {
    Owned<GstSample> sample(gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 50 * GST_MSECOND));
    handle_messages(0);
    if (sample) {
      const GstCaps* caps = gst_sample_get_caps(sample.get());
      int width = 0;
      int height = 0;
      const GstStructure* form = caps != nullptr ? gst_caps_get_structure(caps, 0) : nullptr;
      if (track == Track::kVideo && form != nullptr &&
          gst_structure_get_int(form, "width", &width) != FALSE &&
          gst_structure_get_int(form, "height", &height) != FALSE &&
          (width <= 0 || height <= 0 || static_cast<std::int64_t>(width) * height > kPictureLimit_px)) {
        throw Error(ErrorCode::kUnsupported,
                    fmt::format("'{}' has pictures of {}x{} pixels", path_.string(), width, height),
                    "scale it to at most 64 million pixels, better 1920x1080");
      }
      return sample;
    }
    if (gst_app_sink_is_eos(GST_APP_SINK(sink)) != FALSE) return nullptr;
    if (monotonic_s() - started_s > kStandstillLimit_s) {
      throw Error(ErrorCode::kTimeout,
                  fmt::format("decoding '{}' stood still for {} s", path_.string(), kStandstillLimit_s),
                  "check the disk, and that the file plays in a media player");
    }
  }
}

std::string MediaSource::container() const {
  const std::lock_guard lock(mutex_);
  return container_;
}

std::string MediaSource::codec(Track track) const {
  const std::lock_guard lock(mutex_);
  return codecs_[index_of(track)];
}

std::optional<std::string> MediaSource::tag(const char* name) {
  handle_messages(0);
  const auto found = tags_.find(name);
  if (found == tags_.end()) return std::nullopt;
  return found->second;
}

double MediaSource::duration_s() const {
  gint64 duration = -1;
  if (gst_element_query_duration(pipeline_.get(), GST_FORMAT_TIME, &duration) == FALSE || duration < 0)
    return -1;
  return static_cast<double>(duration) / static_cast<double>(GST_SECOND);
}

double start_time_s(GstSample* sample) {
  const GstBuffer* buffer = gst_sample_get_buffer(sample);
  return buffer != nullptr ? on_time_line(sample, GST_BUFFER_PTS(buffer)) : -1;
}

double decoding_time_s(GstSample* sample) {
  const GstBuffer* buffer = gst_sample_get_buffer(sample);
  return buffer != nullptr ? on_time_line(sample, GST_BUFFER_DTS(buffer)) : -1;
}

double length_s(GstSample* sample) {
  const GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (buffer == nullptr || !GST_BUFFER_DURATION_IS_VALID(buffer)) return 0;
  return static_cast<double>(GST_BUFFER_DURATION(buffer)) / static_cast<double>(GST_SECOND);
}

}  // namespace anima::media
