// The first stages of a training: from a film to frames, sound and a tracked face.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/progress.h"
#include "core/sound.h"
#include "face/tracked_film.h"
#include "media/film_info.h"
#include "studio/train_files.h"

namespace anima::studio {

inline constexpr int kSoundRate_hz = 16000;
inline constexpr double kLongestFilm_s = 900;

// Probes the film and refuses what no avatar can be made from: no pictures, no sound, too long or
// too short. Error(kUnusableInput), besides what probing throws.
media::FilmInfo require_trainable(const std::filesystem::path& film);

// Each writes its files whole or not at all.
void make_frames(const std::filesystem::path& film, const media::FilmInfo& info, const TrainFiles& files,
                 int side_px, const WorkContext& context);
void make_sound(const std::filesystem::path& film, const TrainFiles& files);
void make_observations(const TrainFiles& files, int threads, const WorkContext& context);  // and masks
void make_track(const TrainFiles& files, bool use_all, const WorkContext& context);

// Learns how the person moves, with so many networks (0: the default). `track` may hold weights
// that were refined since `make_track`.
void make_motion(const TrainFiles& files, const face::TrackedFilm& track, const std::filesystem::path& result,
                 int networks, std::uint64_t seed, const WorkContext& context);

Sound load_sound(const TrainFiles& files);

// Frames that may be learned from: without `use_all`, all but the last 1/11.
int training_frames_of(int frames, bool use_all);

}  // namespace anima::studio
