// What the header of a sound file says of its length.
//
// WAV, AIFF and AU files hold samples, or blocks that stand for samples, in a row and without time stamps.
// GStreamer makes times out of the header's bytes per second, which some programs write wrongly for
// compressed sound; what is counted from the samples themselves is right. MP3 files state their frames in the
// first one.
#pragma once

#include <filesystem>
#include <optional>

namespace anima::media {

struct SoundHeader {
  double length_s = -1;        // negative: the header does not say
  bool in_blocks = false;      // ADPCM: the last block may hold more than `length_s`, which is filling
  bool without_times = false;  // only the count of samples tells the time
};

// None for other kinds of files, also for what only begins like one. Reads nothing but headers; any bytes are
// safe.
std::optional<SoundHeader> read_sound_header(const std::filesystem::path& path);

}  // namespace anima::media
