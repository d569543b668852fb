// Chooses the square of a film that an avatar is made from: head, hair and shoulders of the one
// person, steady for the whole film, never squashed.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "core/progress.h"
#include "face/face_tracker.h"
#include "media/film_reader.h"

namespace anima::face {

struct FaceCropOptions {
  double samples_per_second = 2;
  int most_samples = 600;         // a long film is looked at more rarely
  int longest_side_px = 1280;     // larger pictures are shrunk for looking
  double face_share = 0.53;       // the face mesh's height (brows to chin and a bit) over the square's side
  double face_centre = 0.49;      // its middle's height in the square, from the top
  double least_face_share = 0.4;  // of a square film that is taken whole
  double limit_s = 1e9;           // what lies beyond in the film is not looked at
};

// Where the face mesh was in one sample, in px of the film as shown.
struct FaceExtent {
  double left_px = 0;
  double top_px = 0;
  double right_px = 0;
  double bottom_px = 0;
};

struct FaceCrop {
  std::optional<media::CropSquare> square;  // none: the whole picture
  std::string reason;                       // one sentence for the user
  double face_share = 0;                    // the median face height over the square's side
  double face_height_px = 0;                // median, in the film as shown
  int samples = 0;
  int samples_with_face = 0;
  int samples_with_rival = 0;  // of those, with another face nearly as large: whose avatar is it?

  double share_with_rival() const {
    return samples_with_face > 0 ? static_cast<double>(samples_with_rival) / samples_with_face : 0;
  }
};

// The square from what was seen. It lies inside of the picture, so its side is at most the
// shorter one. Pure. `extents` must not be empty.
FaceCrop face_crop_of(std::span<const FaceExtent> extents, int width_px, int height_px,
                      const FaceCropOptions& options = {});

// Looks through a film. Throws what FrameReader throws, and Error(kUnusableInput) when no sample
// shows a face.
FaceCrop choose_face_crop(const FaceNetworks& networks, const std::filesystem::path& film,
                          const FaceCropOptions& options, const WorkContext& context);

}  // namespace anima::face
