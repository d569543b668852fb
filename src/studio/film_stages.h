// The first stages of a training: from a film to frames, sound and a tracked face.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/progress.h"
#include "core/sound.h"
#include "core/warning_sink.h"
#include "face/tracked_film.h"
#include "media/film_info.h"
#include "motion/motion_training.h"
#include "motion/sound_lag.h"
#include "studio/train_files.h"

namespace anima::studio {

inline constexpr int kSoundRate_hz = 16000;
// The motion is learned from 5 s at least, and the last eleventh of a film is kept back.
inline constexpr double kShortestFilm_s = 5.6;
inline constexpr double kLongestFilm_s = 900;

// Probes the film and refuses what no avatar can be made from: no pictures, no sound, too long or
// too short. Error(kUnusableInput), besides what probing throws.
media::FilmInfo require_trainable(const std::filesystem::path& film);

// Each writes its files whole or not at all, and refuses with Error(kUnusableInput) what it finds no
// avatar can be made from: silence, too little speech, a film that is longer than it claims, no face,
// two faces.
void make_sound(const std::filesystem::path& film, const media::FilmInfo& info, const TrainFiles& files,
                const WarningSink& warn, const WorkContext& context);
void make_frames(const std::filesystem::path& film, const media::FilmInfo& info, const TrainFiles& files,
                 int side_px, const WarningSink& warn, const WorkContext& context);
void make_observations(const TrainFiles& files, int threads, const WarningSink& warn,
                       const WorkContext& context);  // and masks
void make_track(const TrainFiles& files, bool use_all, const WorkContext& context);

// Learns how the person moves. `track` may hold weights that were refined since `make_track`. `key`
// names what it was learned from: see `is_motion_of`.
void make_motion(const TrainFiles& files, const face::TrackedFilm& track, const std::filesystem::path& result,
                 const motion::MotionTrainingOptions& options, const std::string& key,
                 const WorkContext& context);

// Whether a file of `make_motion` is there, can be read, and was learned from `key`.
bool is_motion_of(const std::filesystem::path& motion, const std::string& key);

// How late the film's sound is against the lips that were tracked. Needs `make_sound` and
// `make_observations`.
motion::SoundLag measure_lag(const TrainFiles& files, const WorkContext& context);

// The film's sound as the film has it.
Sound load_film_sound(const TrainFiles& files);
// The film's sound in step with its frames: moved by the offset that the training has settled on.
Sound load_sound(const TrainFiles& files);
// By how much, ms: see studio/sound_offset.h. In the training's state.
inline constexpr const char* kSoundOffsetFigure = "sound_offset_ms";

// Frames that may be learned from: without `use_all`, all but the last 1/11.
int training_frames_of(int frames, bool use_all);

}  // namespace anima::studio
