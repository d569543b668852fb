#include "media/stream_ends.h"

#include <algorithm>

namespace anima::media {

std::string stream_of(GstPad* pad) {
  const Owned<gchar> name(gst_pad_get_stream_id(pad));
  return name ? name.get() : "";
}

void StreamEnds::watch(GstPad* pad) {
  gst_pad_add_probe(pad,
                    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
                    on_packet, this, nullptr);
}

GstPadProbeReturn StreamEnds::on_packet(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto& ends = *static_cast<StreamEnds*>(self);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
    GstBufferList* list = gst_pad_probe_info_get_buffer_list(info);
    for (guint i = 0; i < gst_buffer_list_length(list); ++i) ends.note(pad, gst_buffer_list_get(list, i));
  } else {
    ends.note(pad, gst_pad_probe_info_get_buffer(info));
  }
  return GST_PAD_PROBE_OK;
}

void StreamEnds::note(GstPad* pad, GstBuffer* packet) {
  // AVI has no presentation times but of key frames.
  const GstClockTime start =
      GST_BUFFER_PTS_IS_VALID(packet) ? GST_BUFFER_PTS(packet) : GST_BUFFER_DTS(packet);
  if (!GST_CLOCK_TIME_IS_VALID(start)) return;
  const Owned<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event) return;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  if (segment->format != GST_FORMAT_TIME) return;
  const guint64 time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, start);
  if (!GST_CLOCK_TIME_IS_VALID(time)) return;  // cut away by an edit list
  double end_s = static_cast<double>(time) / static_cast<double>(GST_SECOND);
  if (GST_BUFFER_DURATION_IS_VALID(packet))
    end_s += static_cast<double>(GST_BUFFER_DURATION(packet)) / static_cast<double>(GST_SECOND);
  if (GST_CLOCK_TIME_IS_VALID(segment->stop)) {
    const guint64 stop = gst_segment_to_running_time(segment, GST_FORMAT_TIME, segment->stop);
    if (GST_CLOCK_TIME_IS_VALID(stop))
      end_s = std::min(end_s, static_cast<double>(stop) / static_cast<double>(GST_SECOND));
  }
  const std::string stream = stream_of(pad);
  const std::lock_guard lock(mutex_);
  double& known_s = ends_s_.try_emplace(stream, -1).first->second;
  known_s = std::max(known_s, end_s);
}

double StreamEnds::end_of(const std::string& stream) const {
  const std::lock_guard lock(mutex_);
  const auto found = ends_s_.find(stream);
  return found == ends_s_.end() ? -1 : found->second;
}

double StreamEnds::end_of_others(const std::string& stream) const {
  const std::lock_guard lock(mutex_);
  double end_s = -1;
  for (const auto& [name, one_s] : ends_s_) {
    if (name != stream) end_s = std::max(end_s, one_s);
  }
  return end_s;
}

}  // namespace anima::media
