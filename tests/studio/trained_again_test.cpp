// What a second `train` of a known person may and may not do to a good avatar.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "core/error.h"
#include "core/files.h"
#include "core/process.h"
#include "media/film_writer.h"
#include "studio/evaluate_workflow.h"
#include "studio/film_history.h"
#include "studio/film_stages.h"
#include "studio/library.h"
#include "studio/made_speech_film.h"
#include "studio/person_file.h"
#include "studio/small_training.h"
#include "studio/temporary_folder.h"
#include "studio/train_files.h"
#include "studio/training_state.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

class TrainedAgain : public testing::Test {
 protected:
  TensorFile avatar(const std::string& name) const { return read_tensor_file(library_.avatar_path(name)); }
  TrainFiles files(const std::string& name) const { return {library_.work_folder(name)}; }

  TemporaryFolder folder_;
  Library library_{folder_.path() / "library", true};
};

void cut_in_half(const fs::path& path) {
  fs::resize_file(path, fs::file_size(path) / 2);
}

TEST_F(TrainedAgain, ADamagedCheckpointIsLearnedAgainAndSaid) {
  const TrainResult first = train(library_, small_training("ada"), {});
  EXPECT_TRUE(first.warnings.empty());
  const TensorFile good = avatar("ada");

  cut_in_half(files("ada").checkpoint());
  TrainOptions again = small_training("ada");
  std::string said;
  again.warn = [&](const std::string& warning) { said += warning; };
  const TrainResult second = train(library_, again, {});
  EXPECT_NE(said.find("learned again from the start"), std::string::npos) << said;
  EXPECT_EQ(second.warnings.size(), 1U);
  expect_same_tensors(good, avatar("ada"));
  EXPECT_EQ(avatar("ada").metadata.at("avatar.head_steps"), good.metadata.at("avatar.head_steps"));

  // One of another version of the trainer.
  TensorFile checkpoint = read_tensor_file(files("ada").checkpoint());
  checkpoint.metadata["anima.trainer_format"] = "99";
  write_tensor_file(files("ada").checkpoint(), checkpoint);
  EXPECT_EQ(train(library_, again, {}).warnings.size(), 1U);
  expect_same_tensors(good, avatar("ada"));
}

TEST_F(TrainedAgain, AnotherSoundOffsetRenewsTheMotionAndNothingElse) {
  TrainOptions options = small_training("ada");
  options.film = folder_.path() / "late.mp4";
  test::write_speech_film(options.film, {.sound_late_ms = 200});
  options.sound_offset.measure = true;
  const TrainResult measured = train(library_, options, {});
  EXPECT_NEAR(measured.sound_offset_ms, 200, 20);
  const TensorFile in_step = avatar("ada");
  EXPECT_NEAR(std::stod(in_step.metadata.at("avatar.sound_offset_ms")), 200, 20);
  const std::size_t in_film = load_film_sound(files("ada")).samples.size();
  EXPECT_EQ(load_sound(files("ada")).samples.size(),
            in_film - 16 * static_cast<std::size_t>(measured.sound_offset_ms));

  options.sound_offset = {};
  const TrainResult as_it_is = train(library_, options, {});
  EXPECT_EQ(as_it_is.sound_offset_ms, 0);
  ASSERT_EQ(as_it_is.warnings.size(), 1U);
  EXPECT_NE(as_it_is.warnings[0].find("--sound-offset auto"), std::string::npos);
  EXPECT_EQ(load_sound(files("ada")).samples.size(), in_film);
  const TensorFile late = avatar("ada");
  EXPECT_EQ(late.metadata.at("avatar.sound_offset_ms"), "0");
  expect_same_tensors(in_step, late, "avatar.");
  const std::string weights = "motion.kernel.dual";
  ASSERT_TRUE(late.has(weights));
  EXPECT_FALSE(late.tensors.at(weights).bytes == in_step.tensors.at(weights).bytes);
}

TEST_F(TrainedAgain, StoppedWithMoreStepsItKeepsTheGoodMotion) {
  train(library_, small_training("ada"), {});
  const TensorFile good = avatar("ada");
  TrainOptions longer = small_training("ada");
  longer.steps = 2 * kSmallSteps;
  train_until(library_, longer, "learning the torso", 0.5);
  const TensorFile now = avatar("ada");
  EXPECT_NE(now.metadata.at("avatar.head_steps"), good.metadata.at("avatar.head_steps"));
  expect_same_tensors(good, now, "motion.");
  const TensorFile quick = read_tensor_file(files("ada").first_motion());
  EXPECT_FALSE(quick.tensors.at("motion.kernel.dual").bytes == now.tensors.at("motion.kernel.dual").bytes)
      << "both motions are the same: this test tells nothing";
}

TEST_F(TrainedAgain, AnotherFilmNeedsFreshAndAConsentOfItsOwn) {
  train(library_, small_training("ada"), {});
  const TensorFile good = avatar("ada");
  const fs::path other = folder_.path() / "other.mp4";
  test::write_speech_film(other, {.length_s = 6});

  TrainOptions options = small_training("ada");
  options.film = other;
  options.consent.clear();
  try {
    train(library_, options, {});
    FAIL() << "replaced the avatar of another film";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(error.fix().find("--fresh"), std::string::npos);
  }
  expect_same_tensors(good, avatar("ada"));
  EXPECT_TRUE(film_history(library_, "ada", other).consent.empty());
  EXPECT_EQ(film_history(library_, "ada", test::presenter_clip()).consent, "a public film");

  options.fresh = true;
  train_until(library_, options, "tracking the face", 0.3);
  EXPECT_EQ(library_.person("ada").consent, kConsentNotRecorded);
  expect_same_tensors(good, avatar("ada"));  // until there is a better one

  // The old avatar must not be scored on the new film.
  options.fresh = false;
  train_until(library_, options, "learning the head", 0);
  EvaluateOptions evaluation;
  evaluation.person = "ada";
  try {
    evaluate_person(library_, evaluation, {});
    FAIL() << "scored an avatar on a film that is not its own";
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("another film"), std::string::npos) << error.what();
  }

  train(library_, options, {});
  EXPECT_EQ(avatar("ada").metadata.at("avatar.consent"), kConsentNotRecorded);
  EXPECT_EQ(avatar("ada").metadata.at("avatar.source_film"), "other.mp4");
  EXPECT_NE(avatar("ada").metadata.at("avatar.film_key"), good.metadata.at("avatar.film_key"));
}

TEST_F(TrainedAgain, WithTheWholeFilmItsScoresSaySo) {
  TrainOptions options = small_training("ada");
  options.use_all = true;
  train(library_, options, {});
  EXPECT_EQ(avatar("ada").metadata.at("avatar.training_frames"), avatar("ada").metadata.at("avatar.frames"));
  EvaluateOptions evaluation;
  evaluation.person = "ada";
  evaluation.program = ANIMA_PROGRAM;
  const evaluate::Report report = evaluate_person(library_, evaluation, {}).report;
  std::string notes;
  for (const std::string& note : report.notes) notes += note + "\n";
  EXPECT_NE(notes.find("Trained with --use-all"), std::string::npos) << notes;
  const auto json = to_json(report);
  EXPECT_GT(json.at("render_peak_memory_bytes").get<double>(), 20e6);
  EXPECT_LT(json.at("render_peak_memory_bytes").get<double>(), 2e9);
  EXPECT_GT(json.at("render_realtime_factor").get<double>(), 0);
  EXPECT_GE(json.at("lmd_frames_without_face_tracked").get<double>(), 0);
  EXPECT_GE(json.at("lmd_frames_without_face_sound").get<double>(), 0);
}

// The child of the test below: this program, started again. It kills itself where the test says.
TEST(KilledTraining, DISABLED_Child) {
  const char* folder = std::getenv("ANIMA_TEST_LIBRARY");
  const char* stage = std::getenv("ANIMA_TEST_STAGE");
  ASSERT_TRUE(folder != nullptr && stage != nullptr);
  Library library(folder, true);
  WorkContext context;
  context.progress = [&](const Progress& progress) {
    if (progress.stage == stage && progress.fraction >= 0.4) ::kill(::getpid(), SIGKILL);
  };
  train(library, small_training("killed"), context);
}

TEST_F(TrainedAgain, KilledTwiceItEndsAsOneThatWasNot) {
  for (const char* stage : {"learning the head", "learning the torso"}) {
    const std::string library = "ANIMA_TEST_LIBRARY=" + library_.root().string();
    const ProcessResult killed = run_process(
        {.arguments = {"env", library, std::string("ANIMA_TEST_STAGE=") + stage,
                       fs::read_symlink("/proc/self/exe").string(),
                       "--gtest_filter=KilledTraining.DISABLED_Child", "--gtest_also_run_disabled_tests"},
         .timeout_s = 300},
        {});
    ASSERT_EQ(killed.exit_status, 128 + SIGKILL) << killed.output << killed.error_output;
  }
  EXPECT_EQ(library_.jobs().jobs("killed").size(), 2U);
  const TrainResult resumed = train(library_, small_training("killed"), {});
  EXPECT_TRUE(resumed.resumed);
  train(library_, small_training("unbroken"), {});
  expect_same_tensors(avatar("unbroken"), avatar("killed"));
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(library_.folder("killed")))
    EXPECT_NE(entry.path().extension(), ".part") << entry.path();
}

}  // namespace
}  // namespace anima::studio
