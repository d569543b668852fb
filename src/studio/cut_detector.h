// Finds cuts: moments at which a film goes on with another picture.
#pragma once

#include <vector>

#include "core/image.h"

namespace anima::studio {

// Sees the frames in order. A frame is a cut where its small grey picture, freed of its overall
// brightness, differs by more than 10 grey levels from that of the frame before, and five times as
// much as the frames just before did: neither a flash nor a lively person is one.
class CutDetector {
 public:
  // Whether this frame (3 channels) begins another shot.
  bool next(const Image& frame);
  int cuts() const { return cuts_; }

 private:
  std::vector<float> last_;
  double usual_change_ = 0;
  int cuts_ = 0;
};

}  // namespace anima::studio
