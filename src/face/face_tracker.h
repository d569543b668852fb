// Follows one face through a film: landmarks and person mask per frame.
#pragma once

#include <optional>
#include <vector>

#include "core/image.h"
#include "core/progress.h"
#include "face/face_detector.h"
#include "face/face_mesh_network.h"
#include "face/face_square.h"
#include "face/person_segmenter.h"
#include "face/tracked_film.h"
#include "media/frame_store.h"

namespace anima::face {

// The networks that tracking runs; loaded once, shared by any number of trackers and threads.
struct FaceNetworks {
  FaceDetector detector;
  FaceMeshNetwork mesh;
  PersonSegmenter segmenter;
};

// The largest face of a picture, with the mesh network settled on it; none where there is none.
std::optional<FaceMesh> find_largest_face(const FaceNetworks& networks, const Image& picture);
// All faces of a picture, the largest first. The detector alone takes folded hands and patterns for
// faces now and then: here only those count on which the mesh network sees a face, too.
std::vector<FaceMesh> find_faces(const FaceNetworks& networks, const Image& picture);
// How many there are. A single detection is not looked at twice: this tells several from one.
int count_faces(const FaceNetworks& networks, const Image& picture);

// Takes the frames of one film in order. The mesh network looks where the landmarks of the
// previous frame were; the detector is asked at the start and after a loss.
class FaceTracker {
 public:
  explicit FaceTracker(const FaceNetworks& networks) : networks_(networks) {}  // must outlive this

  FaceObservation observe(const Image& frame);

 private:
  const FaceNetworks& networks_;
  std::optional<FaceSquare> square_;
};

struct TrackingOptions {
  int threads = 0;                // 0: one per core
  int frames_per_detection = 25;  // how often faces are counted
  int frames_per_chunk = 125;     // what one thread takes at a time
  int frames_of_run_up = 4;       // tracked before a chunk and thrown away, so that it starts settled
};

// Tracks all frames, in parallel; the result does not depend on the number of threads. `masks`
// may be null; otherwise one mask per frame is appended in order (kMaskSide square, one channel)
// and `finish` is left to the caller. Throws kCancelled within a frame's time of a stop.
std::vector<FaceObservation> track_frames(const FaceNetworks& networks, const media::FrameStore& frames,
                                          media::FrameStoreWriter* masks, const TrackingOptions& options,
                                          const WorkContext& context);

}  // namespace anima::face
