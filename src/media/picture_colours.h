// Decoded pictures as RGB. Internal to `media`.
#pragma once

#include <gst/video/video.h>

#include "core/image.h"

namespace anima::media {

// The forms that `convert_to_rgb` takes, as a GStreamer caps filter.
inline constexpr const char* kDecodedForms = "video/x-raw,format={I420,Y42B,Y444,RGB}";

// YCbCr to RGB by the matrix and range that the picture states (ITU-R BT.601, BT.709, BT.2020),
// chroma interpolated linearly between its sites. Within 1 level of exact arithmetic.
// GStreamer's own fast conversion is off by up to 3 levels, darker, and every figure of picture
// quality would be measured against that. Reuses the memory of `output`.
void convert_to_rgb(GstVideoFrame& picture, Image& output);

// What encoders take: I420 in BT.709's matrix and limited range, chroma on even columns.
inline constexpr const char* kEncodedForm = "format=I420,colorimetry=bt709,chroma-site=mpeg2";

// RGB (or the colours of RGBA) into three planes of kEncodedForm, rounded to nearest. `picture`
// is mapped for writing and has the size of `image`.
void convert_to_i420(const Image& image, GstVideoFrame& picture);

}  // namespace anima::media
