// Which pixels belong to the person: MediaPipe's selfie segmentation.
#pragma once

#include "core/image.h"
#include "nn/tflite_network.h"

namespace anima::face {

inline constexpr int kMaskSide = 256;

class PersonSegmenter {
 public:
  PersonSegmenter();  // loads the model (model_files.h)

  // A kMaskSide x kMaskSide picture of one channel that covers all of `picture` (3 channels, any
  // size; give a square one): 0 background to 255 person. Soft at hair and edges; small leaks
  // at neck and shoulders against a dark background are known. Safe from several threads.
  Image mask(const Image& picture) const;

 private:
  nn::TfliteNetwork network_;
};

}  // namespace anima::face
