// What the presenter does besides speaking: blinks, gaze, head, brows, breath and shoulders.
//
// Nothing here is measured from anybody: rates and shapes are those of the literature (blinks 15-20 a
// minute, more at the ends of phrases, 0.25-0.4 s; saccades of a few degrees; eyes that stay on the
// camera while the head turns), amplitudes are what keeps a presenter calm. Everything follows from
// the seed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "presenter/presenter_pose.h"

namespace anima::presenter {

// What body motion knows of the speech.
struct SpokenPhrase {
  double start_s = 0;
  double end_s = 0;
  bool question = false;
};
struct SpokenStress {
  double start_s = 0;
  double end_s = 0;
};
struct BodyCues {
  double length_s = 0;
  std::vector<SpokenPhrase> phrases;
  std::vector<SpokenStress> stresses;   // stressed words
  std::vector<SpokenPhrase> listening;  // silences in which she listens
  std::vector<double> loudness;         // one for each frame, 1 as usual in speech, 0 silence
};

// Fills everything of the poses but the mouth and the tongue. `poses` holds a frame for each of
// `cues.length_s` (kPresenterFrames_per_s).
void perform_body(const BodyCues& cues, std::uint64_t seed, PresenterPerformance& poses);

// Times (s) at which blinks begin, with their lengths.
struct Blink {
  double start_s = 0;
  double length_s = 0.3;
};
std::vector<Blink> plan_blinks(const BodyCues& cues, std::uint64_t seed);
// Closure of a blink at a time, 0 to 1.
double blink_closure(const Blink& blink, double time_s);

}  // namespace anima::presenter
