// Where the packets of a file's streams end, noted while they pass. Internal to `media`.
//
// It tells a stream that is shorter than its file from one that was not read to its end.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "media/gstreamer_runtime.h"

namespace anima::media {

class StreamEnds {
 public:
  // Notes what passes this pad from now on. Must outlive the pad.
  void watch(GstPad* pad);
  // Seconds on the film's time line; negative where nothing has passed.
  double end_of(const std::string& stream) const;
  double end_of_others(const std::string& stream) const;

 private:
  static GstPadProbeReturn on_packet(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  void note(GstPad* pad, GstBuffer* packet);

  mutable std::mutex mutex_;
  std::map<std::string, double> ends_s_;
};

// The name that decodebin gives a stream: the same at each reading of a file.
std::string stream_of(GstPad* pad);

}  // namespace anima::media
