#include "media/alpha_webm_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "media/content_label.h"
#include "media/ebml_writer.h"

namespace anima::media {
namespace {

// Element IDs of RFC 9559, section 5.1.
constexpr std::uint32_t kEbml = 0x1A45DFA3;
constexpr std::uint32_t kSegment = 0x18538067;
constexpr std::uint32_t kSeekHead = 0x114D9B74;
constexpr std::uint32_t kInfo = 0x1549A966;
constexpr std::uint32_t kDuration = 0x4489;
constexpr std::uint32_t kTracks = 0x1654AE6B;
constexpr std::uint32_t kTrackEntry = 0xAE;
constexpr std::uint32_t kTags = 0x1254C367;
constexpr std::uint32_t kCluster = 0x1F43B675;
constexpr std::uint32_t kCues = 0x1C53BB6B;

constexpr std::size_t kSeekHeadRoom = 64;
constexpr std::uint64_t kVideoTrack = 1;
constexpr std::uint64_t kSoundTrack = 2;
constexpr std::int64_t kClusterLimit_ms = 5000;

EbmlWriter info_of(const FilmWriterOptions& options) {
  EbmlWriter info;
  info.real(kDuration, 0);         // first, so that its place is known
  info.number(0x2AD7B1, 1000000);  // TimestampScale: milliseconds
  info.text(0x4D80, "Anima");      // MuxingApp
  info.text(0x5741, "Anima");      // WritingApp
  if (!options.title.empty()) info.text(0x7BA9, options.title);
  return info;
}

EbmlWriter video_track(const FilmWriterOptions& options) {
  EbmlWriter colour;
  colour.number(0x55B1, 1);  // MatrixCoefficients: BT.709
  colour.number(0x55B9, 1);  // Range: limited
  colour.number(0x55BA, 1);  // TransferCharacteristics: BT.709
  colour.number(0x55BB, 1);  // Primaries: BT.709
  EbmlWriter video;
  video.number(0xB0, static_cast<std::uint64_t>(options.width_px));
  video.number(0xBA, static_cast<std::uint64_t>(options.height_px));
  video.number(0x53C0, 1);  // AlphaMode
  video.master(0x55B0, colour);
  EbmlWriter track;
  track.number(0xD7, kVideoTrack);
  track.number(0x73C5, kVideoTrack);  // UID
  track.number(0x83, 1);              // video
  track.number(0x9C, 0);              // no lacing
  track.text(0x86, "V_VP9");
  track.number(0x23E383, 1000000000U / static_cast<unsigned>(options.frame_rate_hz));  // DefaultDuration, ns
  track.number(0x55EE, 1);                                                             // MaxBlockAdditionID
  track.master(0xE0, video);
  return track;
}

EbmlWriter sound_track(std::span<const std::uint8_t> opus_head) {
  // Samples at 48 kHz that the decoder throws away at the start.
  const unsigned skipped =
      opus_head.size() >= 12 ? opus_head[10] | static_cast<unsigned>(opus_head[11]) << 8U : 0;
  EbmlWriter audio;
  audio.real(0xB5, 48000);
  audio.number(0x9F, 1);  // channels
  EbmlWriter track;
  track.number(0xD7, kSoundTrack);
  track.number(0x73C5, kSoundTrack);
  track.number(0x83, 2);  // audio
  track.number(0x9C, 0);
  track.text(0x86, "A_OPUS");
  track.number(0x56AA, skipped * std::uint64_t{1000000000} / 48000);  // CodecDelay, ns
  track.number(0x56BB, 80000000);                                     // SeekPreRoll, ns
  track.binary(0x63A2, opus_head);
  track.master(0xE1, audio);
  return track;
}

EbmlWriter tag(const std::string& name, const std::string& value) {
  EbmlWriter simple;
  simple.text(0x45A3, name);
  simple.text(0x4487, value);
  EbmlWriter entry;
  entry.master(0x63C0, EbmlWriter());  // about the whole file
  entry.master(0x67C8, simple);
  return entry;
}

std::vector<std::uint8_t> block(std::uint64_t track, std::int64_t relative_ms, std::uint8_t flags,
                                std::span<const std::uint8_t> data) {
  std::vector<std::uint8_t> bytes(4 + data.size());
  bytes[0] = static_cast<std::uint8_t>(0x80U | track);
  bytes[1] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(relative_ms) >> 8U);
  bytes[2] = static_cast<std::uint8_t>(relative_ms);
  bytes[3] = flags;
  std::copy(data.begin(), data.end(), bytes.begin() + 4);
  return bytes;
}

}  // namespace

AlphaWebmFile::AlphaWebmFile(const std::filesystem::path& path, const std::filesystem::path& named,
                             const FilmWriterOptions& options, std::span<const std::uint8_t> opus_head)
    : named_(named), file_(std::fopen(path.c_str(), "wbe")) {
  check(file_ != nullptr);
  EbmlWriter type;
  type.number(0x4286, 1);     // EBMLVersion
  type.number(0x42F7, 1);     // EBMLReadVersion
  type.number(0x42F2, 4);     // EBMLMaxIDLength
  type.number(0x42F3, 8);     // EBMLMaxSizeLength
  type.text(0x4282, "webm");  // DocType
  type.number(0x4287, 4);     // DocTypeVersion
  type.number(0x4285, 2);     // DocTypeReadVersion
  EbmlWriter start;
  start.master(kEbml, type);
  segment_size_position_ = start.bytes.size() + 4;
  start.head(kSegment, kEbmlUnknownSize);
  segment_start_ = start.bytes.size();
  start.padding(kSeekHeadRoom);

  const EbmlWriter info = info_of(options);
  start.master(kInfo, info);
  duration_position_ = start.bytes.size() - info.bytes.size() + 3;  // behind ID and size of Duration
  EbmlWriter tracks;
  tracks.master(kTrackEntry, video_track(options));
  if (!opus_head.empty()) tracks.master(kTrackEntry, sound_track(opus_head));
  start.master(kTracks, tracks);
  EbmlWriter tags;
  tags.master(0x7373, tag("COMMENT", content_label_json()));
  if (!options.title.empty()) tags.master(0x7373, tag("TITLE", options.title));
  start.master(kTags, tags);
  append(start.bytes);
}

void AlphaWebmFile::check(bool good) const {
  if (good) return;
  const int reason = errno;
  const bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  throw Error(
      full ? ErrorCode::kResourceExhausted : ErrorCode::kInvalidArgument,
      fmt::format("'{}' cannot be written", named_.string()),
      full ? "free some disk space and run the same command again" : "check the path and its permissions",
      std::strerror(reason));
}

void AlphaWebmFile::append(std::span<const std::uint8_t> bytes) {
  check(std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size());
  written_ += bytes.size();
}

void AlphaWebmFile::overwrite(std::uint64_t position, std::span<const std::uint8_t> bytes) {
  check(fseeko(file_.get(), static_cast<off_t>(position), SEEK_SET) == 0);
  check(std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size());
}

void AlphaWebmFile::end_cluster() {
  if (cluster_time_ms_ < 0) return;
  EbmlWriter cluster;
  cluster.binary(kCluster, cluster_);
  append(cluster.bytes);
  cluster_.clear();
  cluster_time_ms_ = -1;
}

void AlphaWebmFile::begin_cluster_if_due(std::int64_t time_ms, bool keyframe) {
  if (cluster_time_ms_ >= 0 && !keyframe && time_ms - cluster_time_ms_ < kClusterLimit_ms) return;
  end_cluster();
  cluster_time_ms_ = time_ms;
  cluster_position_ = written_ - segment_start_;
  EbmlWriter timestamp;
  timestamp.number(0xE7, static_cast<std::uint64_t>(time_ms));
  cluster_ = timestamp.bytes;
}

void AlphaWebmFile::write_frame(std::int64_t time_ms, bool keyframe, std::span<const std::uint8_t> colour,
                                std::span<const std::uint8_t> alpha) {
  begin_cluster_if_due(time_ms, keyframe);
  if (keyframe) index_.push_back({time_ms, cluster_position_});
  EbmlWriter more;
  more.number(0xEE, 1);  // BlockAddID: alpha
  more.binary(0xA5, alpha);
  EbmlWriter additions;
  additions.master(0xA6, more);
  EbmlWriter group;
  group.binary(0xA1, block(kVideoTrack, time_ms - cluster_time_ms_, 0, colour));
  group.master(0x75A1, additions);
  if (!keyframe) {
    constexpr std::uint8_t kFrameBefore[] = {0xFB, 0x81, 0xFF};  // ReferenceBlock: some time before
    group.bytes.insert(group.bytes.end(), std::begin(kFrameBefore), std::end(kFrameBefore));
  }
  EbmlWriter whole;
  whole.master(0xA0, group);
  cluster_.insert(cluster_.end(), whole.bytes.begin(), whole.bytes.end());
}

void AlphaWebmFile::write_sound(std::int64_t time_ms, std::span<const std::uint8_t> packet) {
  begin_cluster_if_due(time_ms, false);
  EbmlWriter simple;
  simple.binary(0xA3, block(kSoundTrack, time_ms - cluster_time_ms_, 0x80, packet));
  cluster_.insert(cluster_.end(), simple.bytes.begin(), simple.bytes.end());
}

void AlphaWebmFile::close(double duration_ms) {
  end_cluster();
  const std::uint64_t cues_position = written_ - segment_start_;
  EbmlWriter cues;
  for (const IndexEntry& entry : index_) {
    EbmlWriter place;
    place.number(0xF7, kVideoTrack);
    place.number(0xF1, entry.cluster_position);
    EbmlWriter point;
    point.number(0xB3, static_cast<std::uint64_t>(entry.time_ms));
    point.master(0xB7, place);
    cues.master(0xBB, point);
  }
  EbmlWriter end;
  end.master(kCues, cues);
  append(end.bytes);

  EbmlWriter seek;
  constexpr std::uint8_t kCuesId[] = {0x1C, 0x53, 0xBB, 0x6B};
  seek.binary(0x53AB, kCuesId);
  seek.number(0x53AC, cues_position);
  EbmlWriter seeks;
  seeks.master(0x4DBB, seek);
  EbmlWriter seek_head;
  seek_head.master(kSeekHead, seeks);
  seek_head.padding(kSeekHeadRoom - seek_head.bytes.size());
  overwrite(segment_start_, seek_head.bytes);

  EbmlWriter segment;
  segment.head(kSegment, written_ - segment_start_);
  overwrite(segment_size_position_, std::span(segment.bytes).subspan(4));
  EbmlWriter duration;
  duration.real(kDuration, duration_ms);
  overwrite(duration_position_, std::span(duration.bytes).subspan(3));
  check(std::fflush(file_.get()) == 0);
  check(std::fclose(file_.release()) == 0);
}

}  // namespace anima::media
