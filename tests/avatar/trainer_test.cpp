#include "avatar/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "avatar/background_plate.h"
#include "avatar/painter.h"
#include "avatar/synthetic_film.h"
#include "core/error.h"

namespace anima::avatar {
namespace {

TrainerOptions small_options() {
  TrainerOptions options;
  options.head_steps = 60;
  options.torso_steps = 40;
  options.threads = 2;
  options.initialisation.face_gaussians = 1500;
  return options;
}

double mean_psnr_db(const SyntheticFilm& film, const Avatar& avatar, const std::vector<FrameState>& states,
                    int from, int to) {
  Painter painter(avatar, {});
  Image picture, frame;
  double sum = 0;
  for (int f = from; f < to; ++f) {
    painter.paint(states[f], picture);
    film.frames->read(f, frame);
    double error = 0;
    for (std::size_t i = 0; i < frame.pixels.size(); ++i) {
      const double off = (static_cast<double>(picture.pixels[i]) - frame.pixels[i]) / 255;
      error += off * off;
    }
    sum += psnr_db(error / static_cast<double>(frame.pixels.size()));
  }
  return sum / (to - from);
}

class TrainerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { film_ = new SyntheticFilm("trainer", 66); }
  static void TearDownTestSuite() {
    delete film_;
    film_ = nullptr;
  }
  static SyntheticFilm* film_;
};
SyntheticFilm* TrainerTest::film_ = nullptr;

TEST_F(TrainerTest, LearnsAPersonWellEnoughToDrawFramesItNeverSaw) {
  const TrainingFilm film = film_->view();
  Trainer trainer(film, small_options(), WorkContext{});
  const int held_out = film_->track.training_frames;
  const double before =
      mean_psnr_db(*film_, trainer.avatar(), trainer.frame_states(), held_out, film_->track.frames());
  trainer.train(Stage::kHead, {}, {});
  trainer.train(Stage::kTorso, {}, {});
  const double after =
      mean_psnr_db(*film_, trainer.avatar(), trainer.frame_states(), held_out, film_->track.frames());
  EXPECT_GT(after, before + 2);
  EXPECT_GT(after, 27);
}

TEST_F(TrainerTest, FittingFramesMendsPosesThatTrackingGotWrong) {
  SyntheticFilm shaken("shaken", 66);
  const int held_out = shaken.track.training_frames;
  for (int f = held_out; f < shaken.track.frames(); ++f) {
    shaken.track.poses[f].rotation += Eigen::Vector3d(0.0, 0.03, -0.04);
    shaken.track.poses[f].translation.x() += 0.35;
  }
  Trainer trainer(shaken.view(), small_options(), WorkContext{});
  trainer.train(Stage::kHead, {}, {});
  trainer.train(Stage::kTorso, {}, {});
  const int last = shaken.track.frames();
  const double before = mean_psnr_db(shaken, trainer.avatar(), trainer.frame_states(), held_out, last);
  const std::vector<double> errors = trainer.fit_frames(held_out, last, 30, {});
  const double after = mean_psnr_db(shaken, trainer.avatar(), trainer.frame_states(), held_out, last);
  EXPECT_EQ(errors.size(), static_cast<std::size_t>(last - held_out));
  EXPECT_GT(after, before + 2);
}

TEST_F(TrainerTest, AStoppedRunEndsWhereAnUnbrokenOneDoes) {
  const TrainingFilm film = film_->view();
  TrainerOptions options = small_options();
  options.head_steps = 12;
  options.torso_steps = 4;
  options.relocate_every = 3;
  Trainer unbroken(film, options, WorkContext{});
  unbroken.train(Stage::kHead, {}, {});
  unbroken.train(Stage::kTorso, {}, {});

  // Stop in the middle through the token; the checkpoint hook gets what was done.
  WorkContext context;
  TensorFile checkpoint;
  Trainer first(film, options, WorkContext{});
  int reports = 0;
  context.progress = [&](const Progress& p) {
    if (p.stage == "learning the head" && p.fraction > 0.3 && ++reports == 1) context.cancellation.request();
  };
  TrainerHooks hooks;
  hooks.checkpoint = [&](const Trainer& t) {
    checkpoint = {};
    t.save(checkpoint);
  };
  try {
    first.train(Stage::kHead, hooks, context);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kCancelled);
  }
  options.threads = 1;  // nor do threads matter
  Trainer second(film, options, decode_tensor_file(encode_tensor_file(checkpoint), "checkpoint"));
  second.train(Stage::kHead, {}, {});
  second.train(Stage::kTorso, {}, {});
  const Avatar a = unbroken.avatar(), b = second.avatar();
  EXPECT_EQ(a.head.base, b.head.base);
  EXPECT_EQ(a.head.deltas, b.head.deltas);
  EXPECT_EQ(a.torso.base, b.torso.base);
  for (int f = 0; f < film_->track.frames(); ++f) {
    ASSERT_EQ(unbroken.frame_states()[f].weights, second.frame_states()[f].weights) << f;
    ASSERT_EQ(unbroken.frame_states()[f].head.rotation, second.frame_states()[f].head.rotation) << f;
  }
}

TEST_F(TrainerTest, AFinishedStageGoesOnWithMoreSteps) {
  const TrainingFilm film = film_->view();
  TrainerOptions options = small_options();
  options.head_steps = 3;
  options.torso_steps = 0;
  Trainer trainer(film, options, WorkContext{});
  trainer.train(Stage::kHead, {}, {});
  TensorFile checkpoint;
  trainer.save(checkpoint);
  options.head_steps = 5;
  Trainer longer(film, options, checkpoint);
  EXPECT_EQ(longer.steps_done(Stage::kHead), 3);
  longer.train(Stage::kHead, {}, {});
  EXPECT_EQ(longer.steps_done(Stage::kHead), 5);
  EXPECT_NE(longer.avatar().head.base, trainer.avatar().head.base);
}

// What comes before the first step takes seconds to minutes of a long film.
TEST_F(TrainerTest, PreparingReportsAndStopsInEveryPart) {
  const TrainingFilm film = film_->view();
  const auto prepare = [&](const WorkContext& context) {
    static_cast<void>(background_plate(*film.frames, *film.masks, film.track->training_frames, context));
    const Trainer trainer(film, small_options(), context);
  };
  std::vector<std::string> stages;
  WorkContext watching;
  watching.progress = [&](const Progress& p) {
    if (stages.empty() || stages.back() != p.stage) stages.push_back(p.stage);
  };
  prepare(watching);
  EXPECT_EQ(stages, (std::vector<std::string>{"looking behind the person", "following the shoulders",
                                              "laying out the head", "laying out the shoulders"}));
  for (const std::string& stage : stages) {
    WorkContext context;
    std::string last;
    context.progress = [&](const Progress& p) {
      last = p.stage;
      if (p.stage == stage) context.cancellation.request();
    };
    try {
      prepare(context);
      ADD_FAILURE() << "was not stopped in " << stage;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCancelled);
      EXPECT_EQ(last, stage);
    }
  }
}

TEST_F(TrainerTest, RefusesACheckpointOfAnotherFilm) {
  const TrainingFilm film = film_->view();
  Trainer trainer(film, small_options(), WorkContext{});
  TensorFile checkpoint;
  trainer.save(checkpoint);
  SyntheticFilm other("other", 22);
  EXPECT_THROW(Trainer(other.view(), small_options(), checkpoint), Error);
  TensorFile negative = checkpoint;
  std::fill_n(negative.tensors.at("trainer.numbers").bytes.begin(), 4, std::byte{0xFF});
  EXPECT_THROW(Trainer(film, small_options(), negative), Error);
  checkpoint.metadata["anima.trainer_format"] = "999";
  EXPECT_THROW(Trainer(film, small_options(), checkpoint), Error);
}

}  // namespace
}  // namespace anima::avatar
