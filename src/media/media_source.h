// Opens a film or sound file and hands out its decoded frames and sound as GStreamer samples.
// Internal to `media`; FrameReader, SoundReader and probe_film are built on it.
#pragma once

#include <gst/app/gstappsink.h>

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "media/gstreamer_runtime.h"
#include "media/stream_ends.h"

namespace anima::media {

struct MediaSourceOptions {
  bool video = false;      // kDecodedForms, turned as the rotation flag says
  bool sound = false;      // float, with the file's channels
  int sample_rate_hz = 0;  // of the sound; 0 keeps the file's
  bool packets = false;    // the picture's packets as they are stored, not decoded
  // Of several tracks of a kind, the one of this name (MediaStream::name); empty: the first.
  std::string video_stream = {};
  std::string sound_stream = {};
};

enum class Track { kVideo, kSound };

// One track of a file.
struct MediaStream {
  std::string name;  // the same at each reading of the file
  int width_px = 0;  // of a picture, as it is stored
  int height_px = 0;
  std::string language;  // as the file says: "en", "deu"; often empty
};

// Network manifests (HLS, DASH, SDP, ...) are refused: a file from outside must not make this
// machine fetch addresses.
class MediaSource {
 public:
  // Throws the errors that film_info.h lists. Starts decoding at once, in GStreamer's threads,
  // a few frames ahead of `pull`.
  MediaSource(const std::filesystem::path& path, const MediaSourceOptions& options);
  ~MediaSource();

  // Waits until the streams of the file are known.
  bool has(Track track);
  // The next frame or piece of sound; null at the end. Throws Error(kCorruptData) where the data
  // is broken, Error(kUnsupported) where the wanted stream has no decoder.
  Owned<GstSample> pull(Track track);

  // All tracks of a kind that can be decoded, in the file's order.
  std::vector<MediaStream> streams(Track track);
  // The name of the one that `pull` gives; empty when there is none.
  std::string used(Track track);
  // How long the file says that a track lasts of which `read_s` seconds came: by the packets that went into
  // its decoder and, where no other track fills the time, by the whole file's length. `read_s` itself where
  // both agree within `tolerance_s`, or nothing is said. To be asked when `pull` has given null.
  double stated_end_s(Track track, double read_s, double tolerance_s);

  // What was learned on the way: complete once `pull` has given the first sample of each track.
  std::string container() const;
  std::string codec(Track track) const;
  std::optional<std::string> tag(const char* name);
  double duration_s() const;  // as the container says; negative when unknown

 private:
  static void on_pad_added(GstElement* decoder, GstPad* pad, gpointer self);
  static void on_element_added(GstBin* decoder, GstElement* element, gpointer self);
  static void on_no_more_pads(GstElement* decoder, gpointer self);
  static void on_unknown_type(GstElement* decoder, GstPad* pad, GstCaps* caps, gpointer self);
  static gint on_autoplug_select(GstElement* decoder, GstPad* pad, GstCaps* caps, GstElementFactory* factory,
                                 gpointer self);
  static GstPadProbeReturn on_read(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void add_pad(GstPad* pad);
  GstElement* add_video_chain(GstPad* pad, const GstCaps* caps);
  GstElement* add_sound_chain();
  void wait_for_streams();
  void wait_for_end();
  const std::string& chosen(Track track) const {
    return track == Track::kVideo ? options_.video_stream : options_.sound_stream;
  }
  void handle_messages(GstClockTime wait);
  [[noreturn]] void throw_without(Track track);

  std::filesystem::path path_;
  MediaSourceOptions options_;
  std::map<std::string, std::string> tags_;

  mutable std::mutex mutex_;  // guards what the callbacks of GStreamer's threads touch
  bool streams_known_ = false;
  GstElement* sinks_[2] = {nullptr, nullptr};  // owned by the pipeline
  std::string container_;
  std::string codecs_[2];
  std::vector<std::string> undecodable_;  // media types without a decoder
  std::vector<std::string> undecodable_words_;
  std::string failure_;
  int idle_looks_ = 0;  // for streams, since the file was read last
  std::vector<MediaStream> streams_[2];
  std::string used_[2];  // names of the streams that `pull` gives
  bool ended_ = false;   // all of them, and those that nobody asked for
  StreamEnds ends_;

  Pipeline pipeline_;  // last: stopped first, so that no callback outlives what it uses
};

// Seconds since the start of the film at which a sample is shown or heard; negative if it lies
// before the start or has no time stamp.
double start_time_s(GstSample* sample);
// The same of the moment at which it is to be decoded.
double decoding_time_s(GstSample* sample);
// Its length in seconds; 0 when not stored.
double length_s(GstSample* sample);

}  // namespace anima::media
