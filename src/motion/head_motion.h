// Head motion of any length out of a film of some seconds.
//
// A motion graph (Kovar, Gleicher, Pighin, "Motion Graphs", SIGGRAPH 2002) over single frames:
// the film plays forward; where another passage of it has nearly the same pose and velocity, the
// head may change over to that one, both playing on while one fades into the other. Every pose
// on the way is one that the person had, or lies between two such.
#pragma once

#include <vector>

#include "core/random.h"
#include "motion/film_motion.h"

namespace anima::motion {

enum class PoseMode {
  kFilm,    // re-sampled from the film, without end and without jumps
  kStatic,  // one pose
  kRange,   // frames first..last of the film, forth and back, turning softly
};

struct HeadMotionOptions {
  PoseMode mode = PoseMode::kFilm;
  int static_frame = -1;  // -1: the calmest frame near the usual pose
  int range_first = 0;
  int range_last = -1;  // -1: the last frame
  std::uint64_t seed = 1;
};

class HeadMotion {
 public:
  // `film` must outlive this. Throws Error(kInvalidArgument) for a frame outside of the film and
  // Error(kUnusableInput) for an empty film. Takes about 20 ms per minute of film.
  HeadMotion(const FilmMotion& film, const HeadMotionOptions& options);

  // The place of the next frame, 25 a second. In silence (`speaking` false) calm passages are
  // preferred at the next change-over.
  FilmPosition next(bool speaking);

  // How many frames one change-over takes.
  static constexpr int kFadeFrames = 20;

 private:
  struct Transition {
    int to = 0;
    float distance = 0;  // centimetres, root mean square over the fade
  };
  FilmPosition next_of_film(bool speaking);
  FilmPosition next_of_range();
  void find_transitions();
  const Transition* choose(int from, bool speaking, bool must);

  const FilmMotion& film_;
  HeadMotionOptions options_;
  Random random_;
  std::vector<std::vector<Transition>> transitions_;  // by frame / kStride
  std::vector<float> unrest_;                         // by frame: speed over the coming seconds, cm per frame
  std::vector<long long> last_used_;                  // by frame / 25: output frame at which it was played
  float easy_distance_ = 0;                           // a change-over this close may be taken any time
  float usual_unrest_ = 0;
  long long output_ = 0;
  int at_ = 0;
  int since_change_ = 0;
  int fade_to_ = -1;  // -1: no fade
  int fade_step_ = 0;
};

// The frame whose pose is nearest to the median pose, and that is calm.
int usual_pose_frame(const FilmMotion& film);

}  // namespace anima::motion
