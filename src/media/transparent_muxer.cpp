#include <fmt/format.h>
#include <gst/app/gstappsink.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "media/alpha_webm_file.h"
#include "media/film_muxer.h"
#include "media/stream_feed.h"

namespace anima::media {
namespace {

constexpr int kOpusPacket_ms = 20;

struct Packet {
  std::vector<std::uint8_t> bytes;
  bool keyframe = false;
};

// Three encoders in one pipeline (colours, alpha, sound), whose packets this class orders by time
// and writes. All of it runs on the caller's thread; only the encoders have their own.
class TransparentMuxer : public FilmMuxer {
 public:
  TransparentMuxer(const OutputFile& file, const FilmWriterOptions& options)
      : options_(options), target_(file.path()), temporary_(file.temporary()) {
    const auto frame_bytes =
        static_cast<std::uint64_t>(options.width_px) * static_cast<std::uint64_t>(options.height_px) * 3 / 2;
    const std::string form = frame_caps(options.width_px, options.height_px, options.frame_rate_hz);
    colours_.emplace(pipeline_, form, 4 * frame_bytes, target_);
    alpha_.emplace(pipeline_, form, 4 * frame_bytes, target_);
    colour_sink_ = add_sink();
    alpha_sink_ = add_sink();
    Pipeline::link({colours_->element(), add_vp9_encoder(pipeline_, options), colour_sink_});
    Pipeline::link({alpha_->element(), add_vp9_encoder(pipeline_, options), alpha_sink_});
    if (options.with_sound) {
      sound_.emplace(pipeline_, sound_caps(options.sample_rate_hz),
                     static_cast<std::uint64_t>(options.sample_rate_hz) * sizeof(float), target_);
      GstElement* encoder = pipeline_.add("opusenc");
      g_object_set(encoder, "bitrate", 96000, nullptr);
      gst_util_set_object_arg(G_OBJECT(encoder), "frame-size", "20");
      sound_sink_ = add_sink();
      Pipeline::link({sound_->element(), pipeline_.add("audioconvert"), pipeline_.add("audioresample"),
                      encoder, sound_sink_});
    }
    start_writing(pipeline_, target_);
  }
  ~TransparentMuxer() override { pipeline_.stop(); }

  void write_frame(const Image& frame) override {
    colours_->push_frame(frame, options_.frame_rate_hz);
    alpha_->push_alpha(frame, options_.frame_rate_hz);
    collect();
    write_packets(false);
  }

  void write_sound(std::span<const float> samples) override {
    sound_->push_sound(samples, options_.sample_rate_hz);
    collect();
    write_packets(false);
  }

  void close() override {
    colours_->end();
    alpha_->end();
    if (sound_) sound_->end();
    wait_until_written(pipeline_, target_);
    collect();
    write_packets(true);
    if (frames_written_ != colours_->pushed()) {
      throw Error(ErrorCode::kInternal, fmt::format("the encoder of '{}' gave {} of {} frames",
                                                    target_.string(), frames_written_, colours_->pushed()));
    }
    pipeline_.stop();
    file_->close(1000.0 * static_cast<double>(frames_written_) / options_.frame_rate_hz);
  }

 private:
  GstElement* add_sink() {
    GstElement* sink = pipeline_.add("appsink");
    // No limit: packets are small, and FilmWriter limits how far one stream is ahead.
    g_object_set(sink, "sync", FALSE, "async", FALSE, "wait-on-eos", FALSE, "max-buffers", 0U, nullptr);
    return sink;
  }

  void collect_from(GstElement* sink, std::deque<Packet>& packets) {
    while (const Owned<GstSample> sample{gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 0)}) {
      GstBuffer* buffer = gst_sample_get_buffer(sample.get());
      if (sink == sound_sink_ && opus_head_.empty()) read_opus_head(gst_sample_get_caps(sample.get()));
      GstMapInfo map;
      if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE) {
        throw Error(ErrorCode::kInternal, fmt::format("a packet of '{}' cannot be read", target_.string()));
      }
      packets.push_back(
          {{map.data, map.data + map.size}, !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT)});
      gst_buffer_unmap(buffer, &map);
    }
  }

  void read_opus_head(const GstCaps* caps) {
    const GValue* headers = gst_structure_get_value(gst_caps_get_structure(caps, 0), "streamheader");
    if (headers == nullptr || gst_value_array_get_size(headers) == 0) {
      throw Error(ErrorCode::kInternal, "the Opus encoder gave no header");
    }
    GstBuffer* buffer = gst_value_get_buffer(gst_value_array_get_value(headers, 0));
    opus_head_.resize(gst_buffer_get_size(buffer));
    gst_buffer_extract(buffer, 0, opus_head_.data(), opus_head_.size());
  }

  void collect() {
    throw_if_failed(pipeline_, target_);
    collect_from(colour_sink_, colour_packets_);
    collect_from(alpha_sink_, alpha_packets_);
    if (sound_sink_ != nullptr) collect_from(sound_sink_, sound_packets_);
  }

  std::int64_t frame_time_ms() const { return frames_written_ * 1000 / options_.frame_rate_hz; }
  std::int64_t sound_time_ms() const { return sounds_written_ * kOpusPacket_ms; }

  // Writes what is next in time; at the end, whatever is left.
  void write_packets(bool end) {
    if (!file_) {
      if (options_.with_sound && opus_head_.empty()) return;  // the header of the sound comes first
      file_.emplace(temporary_, target_, options_, opus_head_);
    }
    for (;;) {
      const bool frame = !colour_packets_.empty() && !alpha_packets_.empty();
      const bool sound = !sound_packets_.empty();
      const bool both = frame && sound;
      if (both ? frame_time_ms() <= sound_time_ms() : frame && (end || !options_.with_sound)) {
        const Packet& colour = colour_packets_.front();
        const Packet& alpha = alpha_packets_.front();
        // A player may start where both streams can.
        file_->write_frame(frame_time_ms(), colour.keyframe && alpha.keyframe, colour.bytes, alpha.bytes);
        colour_packets_.pop_front();
        alpha_packets_.pop_front();
        ++frames_written_;
      } else if (both || (sound && end)) {
        file_->write_sound(sound_time_ms(), sound_packets_.front().bytes);
        sound_packets_.pop_front();
        ++sounds_written_;
      } else {
        return;
      }
    }
  }

  FilmWriterOptions options_;
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  std::optional<AlphaWebmFile> file_;
  std::vector<std::uint8_t> opus_head_;
  std::deque<Packet> colour_packets_;
  std::deque<Packet> alpha_packets_;
  std::deque<Packet> sound_packets_;
  std::int64_t frames_written_ = 0;
  std::int64_t sounds_written_ = 0;
  GstElement* colour_sink_ = nullptr;  // the sinks are owned by the pipeline
  GstElement* alpha_sink_ = nullptr;
  GstElement* sound_sink_ = nullptr;
  Pipeline pipeline_;
  std::optional<StreamFeed> colours_;
  std::optional<StreamFeed> alpha_;
  std::optional<StreamFeed> sound_;
};

}  // namespace

std::unique_ptr<FilmMuxer> make_transparent_muxer(const OutputFile& file, const FilmWriterOptions& options) {
  return std::make_unique<TransparentMuxer>(file, options);
}

}  // namespace anima::media
