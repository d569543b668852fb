// A few seconds of film at a small size: trains, stops, goes on, renders and evaluates.
#include <gtest/gtest.h>

#include <optional>

#include "core/error.h"
#include "core/files.h"
#include "core/tensor_file.h"
#include "media/film_info.h"
#include "studio/evaluate_workflow.h"
#include "studio/library.h"
#include "studio/render_workflow.h"
#include "studio/small_training.h"
#include "studio/temporary_folder.h"
#include "studio/train_workflow.h"
#include "support/presenter_clip.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

constexpr double kFilm_s = 6;
class EndToEnd : public testing::Test {
 protected:
  void SetUp() override { film_ = test::presenter_clip(); }

  TemporaryFolder folder_;
  fs::path film_;  // of the house presenter: whatever is true in it is known
};

TEST_F(EndToEnd, TrainsStopsGoesOnRendersAndEvaluates) {
  Library library(folder_.path() / "library", true);

  // Stopped three times, it ends with the very avatar of a run that was not stopped.
  train_until(library, small_training("stopped"), "tracking the face", 0.3);
  EXPECT_EQ(library.jobs().jobs("stopped").front().state, JobState::kStopped);
  EXPECT_FALSE(library.has("stopped"));
  train_until(library, small_training("stopped"), "learning the head", 0.4);
  EXPECT_TRUE(library.has("stopped"));
  train_until(library, small_training("stopped"), "learning the torso", 0.4);
  const TrainResult stopped = train(library, small_training("stopped"), {});
  EXPECT_TRUE(stopped.resumed);
  const TrainResult straight = train(library, small_training("straight"), {});
  EXPECT_FALSE(straight.resumed);
  EXPECT_GT(straight.first_avatar_s, 0);
  EXPECT_LE(straight.first_avatar_s, straight.train_s);
  const TensorFile a = read_tensor_file(stopped.avatar);
  const TensorFile b = read_tensor_file(straight.avatar);
  expect_same_tensors(a, b);
  EXPECT_EQ(a.metadata.at("avatar.consent"), "a public film");
  EXPECT_EQ(library.person("stopped").consent, "a public film");
  library.remove("stopped");

  // More steps go on from the finished training.
  TrainOptions longer = small_training("straight");
  longer.steps = kSmallSteps + 8;
  longer.consent.clear();
  EXPECT_TRUE(train(library, longer, {}).resumed);
  EXPECT_EQ(library.person("straight").consent, "a public film");

  // The same seed gives the same film; nothing is left behind where it was stopped.
  RenderOptions render_options;
  render_options.person = "straight";
  render_options.sound = film_;
  render_options.size_px = 128;
  render_options.output = folder_.path() / "one.mp4";
  const RenderResult one = render(library.avatar_path(render_options.person), render_options, {});
  // AAC comes in packets of 1024 samples: the sound may end a little later than the film.
  EXPECT_NEAR(one.frames, static_cast<int>(kFilm_s * 25), 1);
  const media::FilmInfo info = media::probe_film(one.film);
  EXPECT_TRUE(info.ai_generated);
  EXPECT_EQ(info.width_px, 128);
  EXPECT_NEAR(info.duration_s, kFilm_s, 0.15);
  WorkContext stopping;
  stopping.progress = [&](const Progress&) { stopping.cancellation.request(); };
  render_options.output = folder_.path() / "two.mp4";
  EXPECT_THROW(render(library.avatar_path(render_options.person), render_options, stopping), Error);
  EXPECT_FALSE(fs::exists(render_options.output));

  EvaluateOptions evaluation;
  evaluation.person = "straight";
  evaluation.truth = test::presenter_truth_file();
  const EvaluateResult result = evaluate_person(library, evaluation, {});
  const auto json = to_json(result.report);
  for (const char* key : {"psnr_head_tracked",
                          "psnr_frame_tracked",
                          "psnr_mouth_tracked",
                          "psnr_head_sound",
                          "psnr_frame_sound",
                          "psnr_mouth_sound",
                          "ssim_head_tracked",
                          "ssim_frame_tracked",
                          "ssim_mouth_tracked",
                          "ssim_head_sound",
                          "ssim_frame_sound",
                          "ssim_mouth_sound",
                          "lmd_tracked",
                          "lmd_sound",
                          "lip_opening_correlation",
                          "lip_opening_lag_frames",
                          "jitter_px",
                          "avatar_bytes",
                          "train_seconds",
                          "first_avatar_seconds",
                          "renderer_fps",
                          "render_realtime_factor",
                          "peak_memory_bytes",
                          "psnr_frame_replay",
                          "truth_head_pose_error_deg",
                          "truth_lip_opening_tracked_correlation",
                          "truth_lip_opening_sound_correlation"}) {
    ASSERT_TRUE(json.contains(key)) << key;
    EXPECT_TRUE(json.at(key).is_number()) << key;
  }
  EXPECT_GT(json.at("psnr_head_tracked").get<double>(), 18);
  EXPECT_LT(json.at("truth_head_pose_error_deg").get<double>(), 1.5);
  EXPECT_GT(json.at("truth_lip_opening_tracked_correlation").get<double>(), 0.9);
  EXPECT_NE(read_text_file(result.page, 64 << 20).find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace anima::studio
