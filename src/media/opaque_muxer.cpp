#include <algorithm>
#include <optional>
#include <string>

#include "core/error.h"
#include "media/content_label.h"
#include "media/film_muxer.h"
#include "media/stream_feed.h"

namespace anima::media {
namespace {

constexpr int kAacPacketSamples = 1024;

// The AAC encoder of libav puts one packet of silence before the sound, and MP4 as GStreamer
// 1.22 writes it has no edit list that says so: everything would be heard 21 ms late. Without
// that packet and one packet earlier, the sound is where it belongs.
GstPadProbeReturn remove_priming(GstPad* pad, GstPadProbeInfo* info, gpointer) {
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  GST_PAD_PROBE_INFO_DATA(info) = buffer;
  const Owned<GstCaps> caps(gst_pad_get_current_caps(pad));
  int rate_hz = 0;
  if (!caps || gst_structure_get_int(gst_caps_get_structure(caps.get(), 0), "rate", &rate_hz) == FALSE ||
      rate_hz <= 0) {
    return GST_PAD_PROBE_OK;
  }
  const GstClockTime shift =
      gst_util_uint64_scale_round(kAacPacketSamples, GST_SECOND, static_cast<guint64>(rate_hz));
  if (!GST_BUFFER_PTS_IS_VALID(buffer) || GST_BUFFER_PTS(buffer) + GST_USECOND < shift)
    return GST_PAD_PROBE_DROP;
  GST_BUFFER_PTS(buffer) -= std::min(shift, GST_BUFFER_PTS(buffer));
  if (GST_BUFFER_DTS_IS_VALID(buffer)) GST_BUFFER_DTS(buffer) -= std::min(shift, GST_BUFFER_DTS(buffer));
  return GST_PAD_PROBE_OK;
}

class OpaqueMuxer : public FilmMuxer {
 public:
  OpaqueMuxer(const OutputFile& file, FilmContainer container, const FilmWriterOptions& options)
      : options_(options), target_(file.path()) {
    const bool webm = container == FilmContainer::kWebm;
    const auto frame_bytes =
        static_cast<std::uint64_t>(options.width_px) * static_cast<std::uint64_t>(options.height_px) * 3 / 2;
    GstElement* muxer = pipeline_.add(webm ? "webmmux" : "mp4mux");
    GstElement* sink = pipeline_.add("filesink");
    g_object_set(sink, "location", file.temporary().c_str(), "async", FALSE, nullptr);
    // MP4's index goes to the front, so that a browser starts to play before it has all.
    if (!webm) g_object_set(muxer, "faststart", TRUE, "faststart-file", file.scratch().c_str(), nullptr);
    label(muxer);
    Pipeline::link({muxer, sink});

    frames_.emplace(pipeline_, frame_caps(options.width_px, options.height_px, options.frame_rate_hz),
                    4 * frame_bytes, target_);
    GstElement* encoder = webm ? add_vp9_encoder(pipeline_, options) : add_h264_encoder();
    Pipeline::link({frames_->element(), encoder, add_queue(), muxer});

    if (options.with_sound) {
      const auto second_bytes = static_cast<std::uint64_t>(options.sample_rate_hz) * sizeof(float);
      sound_.emplace(pipeline_, sound_caps(options.sample_rate_hz), second_bytes, target_);
      GstElement* sound_convert = pipeline_.add("audioconvert");
      GstElement* resample = pipeline_.add("audioresample");
      GstElement* sound_encoder = pipeline_.add(webm ? "opusenc" : "avenc_aac");
      g_object_set(sound_encoder, "bitrate", 128000, nullptr);
      if (!webm) {
        const Owned<GstPad> pad(gst_element_get_static_pad(sound_encoder, "src"));
        gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, remove_priming, nullptr, nullptr);
      }
      Pipeline::link({sound_->element(), sound_convert, resample, sound_encoder, add_queue(), muxer});
    }
    start_writing(pipeline_, target_);
  }
  ~OpaqueMuxer() override { pipeline_.stop(); }

  void write_frame(const Image& frame) override { frames_->push_frame(frame, options_.frame_rate_hz); }
  void write_sound(std::span<const float> samples) override {
    sound_->push_sound(samples, options_.sample_rate_hz);
  }
  void close() override {
    frames_->end();
    if (sound_) sound_->end();
    wait_until_written(pipeline_, target_);
    pipeline_.stop();
  }

 private:
  void label(GstElement* muxer) {
    GstTagSetter* tags = GST_TAG_SETTER(muxer);
    const std::string json = content_label_json();
    gst_tag_setter_add_tags(tags, GST_TAG_MERGE_REPLACE, GST_TAG_COMMENT, json.c_str(),
                            GST_TAG_APPLICATION_NAME, "Anima", nullptr);
    if (!options_.title.empty()) {
      gst_tag_setter_add_tags(tags, GST_TAG_MERGE_REPLACE, GST_TAG_TITLE, options_.title.c_str(), nullptr);
    }
  }

  GstElement* add_h264_encoder() {
    GstElement* encoder = pipeline_.add("x264enc");
    gst_util_set_object_arg(G_OBJECT(encoder), "speed-preset", "superfast");
    gst_util_set_object_arg(G_OBJECT(encoder), "pass", "qual");  // x264's constant rate factor
    g_object_set(encoder, "quantizer", static_cast<guint>(options_.quality), "key-int-max",
                 static_cast<guint>(2 * options_.frame_rate_hz), nullptr);
    return encoder;
  }

  // Holds what is encoded until the other stream has caught up. It has no limit of its own, or
  // frames that are written before their sound would lock; FilmWriter limits the lead.
  GstElement* add_queue() {
    GstElement* queue = pipeline_.add("queue");
    g_object_set(queue, "max-size-buffers", 0U, "max-size-bytes", 0U, "max-size-time", guint64{0}, nullptr);
    return queue;
  }

  FilmWriterOptions options_;
  std::filesystem::path target_;
  Pipeline pipeline_;
  std::optional<StreamFeed> frames_;
  std::optional<StreamFeed> sound_;
};

}  // namespace

GstElement* add_vp9_encoder(Pipeline& pipeline, const FilmWriterOptions& options) {
  GstElement* encoder = pipeline.add("vp9enc");
  // Without frames held back: what libvpx gives at the end is limited by the size of its buffer, and vp9enc
  // asks only once, so that small films lost their last frames.
  g_object_set(encoder, "lag-in-frames", 0, nullptr);
  // Constant quality; VP9's scale reaches to 63 where H.264's reaches to 51.
  const int level = options.quality * 63 / 51;
  gst_util_set_object_arg(G_OBJECT(encoder), "end-usage", "cq");
  g_object_set(encoder, "cq-level", level, "max-quantizer", std::min(63, level + 10), "deadline", gint64{1},
               "cpu-used", 7, "target-bitrate", 20000000, "keyframe-max-dist", 2 * options.frame_rate_hz,
               "threads", 2, "row-mt", TRUE, nullptr);
  return encoder;
}

std::unique_ptr<FilmMuxer> make_opaque_muxer(const OutputFile& file, FilmContainer container,
                                             const FilmWriterOptions& options) {
  return std::make_unique<OpaqueMuxer>(file, container, options);
}

}  // namespace anima::media
