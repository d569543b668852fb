// What decodebin of GStreamer 1.22 needs help with. Internal to `media`.
#pragma once

#include "media/gstreamer_runtime.h"

namespace anima::media {

// decodebin starts an element before it links a pad that gives raw samples whatever the file is. One that
// reads the file in a thread of its own (AIFF's does) may be quicker: its first samples are refused as "not
// linked", it gives up, and nothing ever comes. This holds that thread until its samples lead somewhere. To
// be called for every element that decodebin adds; a blocked thread is freed by the stop of the pipeline.
void hold_reader_until_linked(GstElement* element);

}  // namespace anima::media
