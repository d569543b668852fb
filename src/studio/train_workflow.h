// From a film to a person's avatar: the stages of `anima train`, each resumable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/progress.h"
#include "studio/film_stages.h"
#include "studio/film_voice.h"
#include "studio/library.h"
#include "studio/sound_offset.h"

namespace anima::studio {

struct TrainOptions {
  std::filesystem::path film;
  std::string name;         // of the person; must be valid (studio/person_name.h)
  std::string consent;      // "NAME, how"; empty: kConsentNotRecorded
  int steps = 0;            // of appearance training, head and torso together; 0: the default
  bool use_all = false;     // learn from the whole film, hold nothing back
  bool fresh = false;       // forget what an earlier run did, also of another film
  int frame_side_px = 512;  // of the square that is learned from: 128 to 1024, a multiple of 16
  int motion_networks = 4;  // 1 to 8: more follow the voice a little better and take longer
  bool voice = true;        // enrol the person's voice from the film, where there is none of that name
  SoundOffset sound_offset = {};  // how late the film's sound is: it is moved before motion is learned
  std::uint64_t seed = 1;
  int threads = 0;  // 0: one per core
  WarningSink warn = {};

  void validate() const;
};

struct TrainResult {
  std::filesystem::path avatar;
  bool resumed = false;                                       // an earlier run's stages were used
  std::vector<std::pair<std::string, double>> stage_seconds;  // summed over all runs
  double sound_offset_ms = 0;                                 // what the sound was moved by
  FilmVoice voice = FilmVoice::kNotAskedFor;
  double first_avatar_s = 0;
  double train_s = 0;
  std::uint64_t avatar_bytes = 0;
  std::uint64_t peak_memory_bytes = 0;
  std::vector<std::pair<std::string, double>> figures;  // the trainer's last ones (psnr_db, ...)
  std::vector<std::string> warnings;                    // all that `warn` was told
};

// Runs what is not done yet of: frames, track, in step, fit, first motion, head, torso, motion; then
// enrols the voice (studio/film_voice.h).
// After each stage its result and a state file lie in library/NAME/work: a run that was stopped
// or killed goes on there, unless an option that matters for the stage has changed. Throws
// Error(kInvalidArgument), without `fresh`, where the person's avatar was made from another film.
TrainResult train(Library& library, const TrainOptions& options, const WorkContext& context);

}  // namespace anima::studio
