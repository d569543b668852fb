// Finds cuts: moments at which a film goes on with another picture.
#pragma once

#include <optional>
#include <vector>

#include "core/image.h"
#include "face/tracked_film.h"

namespace anima::studio {

// Sees the frames in order. A frame is a cut where its small grey picture, freed of its overall
// brightness, differs by more than 10 grey levels from that of the frame before, and five times as
// much as the frames just before did: neither a flash nor a lively person is one.
//
// A head that is thrown about changes such a picture as much as a cut does. Where the face is known, a
// change is none that the head's motion explains: the face, laid on itself, is the same one,
// its place overlaps the last one, and what lies around the head stays as it was.
class CutDetector {
 public:
  // Whether this frame (3 channels) begins another shot. `face`: where it was tracked, else null.
  bool next(const Image& frame, const face::FaceObservation* face = nullptr);
  int cuts() const { return cuts_; }

 private:
  struct Head {
    double left = 0, top = 0, right = 0, bottom = 0;  // of the face's mesh, as shares of the picture
    std::vector<float> appearance;                    // the face upright at one size, mean 0, length 1
  };
  static Head head_of(const Image& frame, const face::FaceObservation& face);
  bool is_head_motion(const std::vector<float>& cells, const Head& head) const;

  std::vector<float> last_;
  std::optional<Head> last_head_;
  double usual_change_ = 0;
  int cuts_ = 0;
};

}  // namespace anima::studio
