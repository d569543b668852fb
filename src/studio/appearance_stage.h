// The stages in which an avatar's look is learned: head, then torso.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "avatar/trainer.h"
#include "core/progress.h"
#include "studio/train_files.h"

namespace anima::studio {

// Keeps the views that a trainer needs alive together: frames, masks, tracking, background.
class AppearanceFilm {
 public:
  AppearanceFilm(const TrainFiles& files, const WorkContext& context);
  AppearanceFilm(const AppearanceFilm&) = delete;
  AppearanceFilm& operator=(const AppearanceFilm&) = delete;

  const avatar::TrainingFilm& film() const { return film_; }
  const media::FrameStore& frames() const { return frames_; }
  const face::TrackedFilm& track() const { return track_; }

 private:
  media::FrameStore frames_;
  media::FrameStore masks_;
  face::TrackedFilm track_;
  Image plate_;
  avatar::TrainingFilm film_;
};

// Steps of both stages for a wish of the user: `steps` in all, 0 for the trainer's own defaults.
avatar::TrainerOptions trainer_options(int steps, std::uint64_t seed, int threads);

struct OpenedTrainer {
  std::unique_ptr<avatar::Trainer> trainer;
  std::string
      unusable;  // what is wrong with the checkpoint of `key`; empty where there is none, or it is good
};

// A trainer that goes on from the checkpoint if it belongs to `key`, else a new one.
OpenedTrainer open_trainer(const AppearanceFilm& film, const TrainFiles& files, const std::string& key,
                           const avatar::TrainerOptions& options, const WorkContext& context);

// The trainer of a finished training, to score with. Error(kNotFound) or kCorruptData without one.
std::unique_ptr<avatar::Trainer> load_trainer(const AppearanceFilm& film, const TrainFiles& files,
                                              int threads);

// Writes the checkpoint of `key`, atomically.
void save_checkpoint(const avatar::Trainer& trainer, const TrainFiles& files, const std::string& key);

// The tracked film with poses and weights as the trainer has refined them.
face::TrackedFilm refined_track(const AppearanceFilm& film, const avatar::Trainer& trainer);

// One training frame of the film and the same frame drawn by the avatar, side by side.
Image preview(const avatar::Trainer& trainer, const AppearanceFilm& film);

}  // namespace anima::studio
