// From a tracked film to an avatar: head first, then torso, each stage able to stop and go on.
//
//   Trainer trainer(film, options, context);             // or trainer.load(checkpoint)
//   trainer.train(Stage::kHead, hooks, context);
//   trainer.train(Stage::kTorso, hooks, context);
//   Avatar avatar = trainer.avatar();
//
// A run that was stopped and loaded again ends in the same numbers as one that was not: the
// checkpoint holds every parameter, moment and random state, and results do not depend on the
// number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "avatar/adam.h"
#include "avatar/frame_variables.h"
#include "avatar/initialisation.h"
#include "avatar/picture_loss.h"
#include "avatar/relocation.h"
#include "avatar/training_picture.h"
#include "core/progress.h"
#include "core/random.h"
#include "core/threads.h"

namespace anima::avatar {

// Raised when a checkpoint of an older version cannot be gone on from.
inline constexpr int kTrainerFormat = 3;

enum class Stage { kHead, kTorso };

struct TrainerOptions {
  int head_steps = 3000;
  int torso_steps = 1200;
  int pictures_per_step = 2;
  int threads = 0;  // 0: all cores
  InitialisationOptions initialisation;
  PictureLossOptions loss{0.06F, 0.0F, 0.02F};
  float mouth_weight = 4.0F;
  float eye_weight = 2.0F;
  double coarse_share = 0.25;  // of the head stage, at half size
  int relocate_every = 100;    // steps; 0: never
  double checkpoint_every_s = 20;
};

class Trainer;

struct TrainerHooks {
  // Called about every checkpoint_every_s and when a stage ends or stops; saves what it wants.
  std::function<void(const Trainer&)> checkpoint;
};

// What one picture of a step needs and leaves; kept between steps for its memory.
struct PictureWork {
  int frame = 0;
  TrainingPicture picture;
  FrameScene scene;
  RenderPass pass;
  CanvasGradient canvas_gradient;
  PictureScratch scratch;
  std::vector<LayerGradient> layers;
  PictureScore score;
};

class Trainer {
 public:
  // Tracks the shoulders and lays out both layers (a few seconds). `film` outlives the trainer.
  Trainer(const TrainingFilm& film, const TrainerOptions& options, const WorkContext& context);
  // Goes on from a checkpoint. Throws Error(kCorruptData) when it does not fit the film.
  Trainer(const TrainingFilm& film, const TrainerOptions& options, const TensorFile& checkpoint);

  // Runs until the stage has `options` steps (at once if it has them already). Throws
  // Error(kCancelled) within one step of a stop, after the checkpoint hook.
  void train(Stage stage, const TrainerHooks& hooks, const WorkContext& context);

  // Fits pose, expression and torso of frames [from, to) to the film with the layers frozen:
  // how held-out frames are tracked. Returns the whole-frame squared error of each.
  std::vector<double> fit_frames(int from, int to, int iterations, const WorkContext& context);

  int steps_done(Stage stage) const { return stage == Stage::kHead ? head_done_ : torso_done_; }
  double recent_psnr_db() const { return psnr_db(recent_error_); }
  const std::vector<FrameState>& frame_states() const { return frames_.states(); }

  void save(TensorFile& checkpoint) const;
  Avatar avatar() const;

 private:
  void start_epoch();
  int next_frame();
  void draw_and_derive(PictureWork& work, const PictureScope& scope, bool with_torso) const;
  void relocate_if_due(Stage stage, int done, double share_done);
  void step(Stage stage, std::vector<PictureWork>& work, const PictureScope& scope, double share_done);

  const TrainingFilm film_;
  TrainerOptions options_;
  PoseDrivers drivers_;
  GaussianLayer head_, torso_;
  std::vector<float> head_delta_scale_;
  AdamMoments head_moments_, torso_moments_;
  Unrest head_unrest_, torso_unrest_;
  FrameVariables frames_;
  int head_done_ = 0;
  int torso_done_ = 0;
  Random random_;
  std::vector<int> epoch_;  // frames in the order of this round
  int cursor_ = 0;
  double recent_error_ = 0.05;  // running mean of the squared error
  std::unique_ptr<Renderer> renderer_;
  ThreadPool pool_;
};

}  // namespace anima::avatar
