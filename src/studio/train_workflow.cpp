#include "studio/train_workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/tensor_file.h"
#include "studio/appearance_stage.h"
#include "studio/film_history.h"
#include "studio/film_stages.h"
#include "studio/house_presenter.h"
#include "studio/machine.h"
#include "studio/person_file.h"
#include "studio/person_name.h"
#include "studio/picture_file.h"
#include "studio/training_state.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

// Raised when a stage's result changes its meaning: results of older versions are made anew.
constexpr int kFramesVersion = 1;
constexpr int kTrackVersion = 1;
constexpr int kLagVersion = 1;
constexpr int kFitVersion = 1;
constexpr int kAppearanceVersion = 1;
constexpr int kMotionVersion = 4;

// The first avatar gets a quick motion model: half of it, the kernel regression, costs next to nothing.
// The real one comes once tracking is refined.
constexpr int kFirstNetworks = 1;
constexpr int kFirstNetworkSteps = 150;

motion::MotionTrainingOptions first_motion_options(std::uint64_t seed) {
  motion::MotionTrainingOptions options;
  options.networks = kFirstNetworks;
  options.network.steps = kFirstNetworkSteps;
  options.network.seed = seed;
  return options;
}

motion::MotionTrainingOptions motion_options(const TrainOptions& train) {
  motion::MotionTrainingOptions options;
  if (train.motion_networks > 0) options.networks = train.motion_networks;
  options.network.seed = train.seed;
  return options;
}

// Share of the head's steps after which the avatar is worth looking at.
constexpr double kFirstAvatarShare = 0.15;

// Runs a stage unless its result is there, and records how long it took.
class Stages {
 public:
  Stages(TrainingState& state, const WorkContext& context) : state_(state), context_(context) {}

  template <typename Work>
  void run(const std::string& stage, const StageKey& key, const std::vector<fs::path>& results,
           const Work& work) {
    const bool there =
        std::all_of(results.begin(), results.end(), [](const fs::path& path) { return fs::exists(path); });
    if (there && state_.is_done(stage, key)) {
      skipped_ = true;
      return;
    }
    context_.cancellation.throw_if_requested("training");
    begin(stage, key);
    try {
      work();
    } catch (...) {
      settle();
      throw;
    }
    settle();
    state_.mark_done(stage, key);
  }

  // Writes down the time spent so far: called at checkpoints too, so that a killed process loses little.
  void settle() {
    const double now_s = monotonic_s();
    state_.add_seconds(stage_, key_, now_s - since_s_);
    since_s_ = now_s;
    const double peak = static_cast<double>(peak_memory_bytes());
    if (peak > state_.figure("peak_memory_bytes", 0)) state_.set_figure("peak_memory_bytes", peak);
  }

  bool skipped() const { return skipped_; }

 private:
  void begin(const std::string& stage, const StageKey& key) {
    stage_ = stage;
    key_ = key;
    since_s_ = monotonic_s();
  }

  TrainingState& state_;
  const WorkContext& context_;
  std::string stage_;
  StageKey key_;
  double since_s_ = 0;
  bool skipped_ = false;
};

std::map<std::string, std::string> metadata_of(const Library& library, const TrainOptions& options,
                                               const AppearanceFilm& film, const avatar::Trainer& trainer,
                                               const TrainingState& state) {
  const Person person = library.person(options.name);
  return {{"name", options.name},
          {"consent", person.consent},
          {"source_film", options.film.filename().string()},
          {kFilmKey, state.film_key()},
          {"frames", std::to_string(film.track().frames())},
          {"training_frames", std::to_string(film.track().training_frames)},
          {"head_steps", std::to_string(trainer.steps_done(avatar::Stage::kHead))},
          {"torso_steps", std::to_string(trainer.steps_done(avatar::Stage::kTorso))},
          {kSoundOffsetFigure, fmt::format("{:.0f}", state.figure(kSoundOffsetFigure, 0))},
          {"seed", std::to_string(options.seed)},
          {"train_seconds", fmt::format("{:.1f}", state.total_seconds())},
          {"first_avatar_seconds", fmt::format("{:.1f}", state.figure("first_avatar_seconds", NAN))},
          {"peak_memory_bytes", fmt::format("{:.0f}", state.figure("peak_memory_bytes", 0))}};
}

// Marks of finished learning count only as far as the checkpoint bears them out.
void mark_what_is_lost(const OpenedTrainer& opened, const avatar::TrainerOptions& wanted,
                       TrainingState& state, const WarningSink& warn) {
  const avatar::Trainer& trainer = *opened.trainer;
  const bool head_lost = trainer.steps_done(avatar::Stage::kHead) < wanted.head_steps;
  const bool torso_lost = trainer.steps_done(avatar::Stage::kTorso) < wanted.torso_steps;
  if (head_lost) state.mark_lost("head");
  if (torso_lost) state.mark_lost("torso");
  if (head_lost || torso_lost) state.mark_lost("motion");
  if (!opened.unusable.empty()) {
    warn(fmt::format("the look is learned again from the start: its checkpoint cannot be used ({})",
                     opened.unusable));
  }
}

// Measures the lag of the film's sound and settles what the sound is moved by, ms.
double put_in_step(const TrainFiles& files, const SoundOffset& wanted, const StageKey& key, Stages& stages,
                   TrainingState& state, const WarningSink& warn, const WorkContext& context) {
  stages.run("in step", key, {}, [&] {
    const motion::SoundLag lag = measure_lag(files, context);
    state.set_figure("sound_lag_doubt", static_cast<double>(lag.doubt));
    state.set_figure("sound_lag_ms", lag.lag_ms);
    state.set_figure("sound_lag_low_ms", lag.low_ms);
    state.set_figure("sound_lag_high_ms", lag.high_ms);
  });
  motion::SoundLag lag;
  const double doubt = state.figure("sound_lag_doubt", 1);
  if (doubt >= 0 && doubt <= 3) lag.doubt = static_cast<motion::LagDoubt>(static_cast<int>(doubt));
  lag.lag_ms = state.figure("sound_lag_ms", 0);
  lag.low_ms = state.figure("sound_lag_low_ms", 0);
  lag.high_ms = state.figure("sound_lag_high_ms", 0);
  const ChosenOffset chosen = choose_offset(wanted, lag);
  if (!chosen.warning.empty()) warn(chosen.warning);
  const double offset_ms = std::round(chosen.ms);
  state.set_figure(kSoundOffsetFigure, offset_ms);
  return offset_ms;
}

TrainResult run_stages(Library& library, const TrainOptions& options, const FilmHistory& history,
                       const WorkContext& context) {
  TrainResult result;
  const WarningSink warn = each_once([&](const std::string& warning) {
    result.warnings.push_back(warning);
    if (options.warn) options.warn(warning);
  });
  const TrainFiles files{library.work_folder(options.name)};
  fs::create_directories(files.folder);
  TrainingState state(files.state());
  Stages stages(state, context);

  const media::FilmInfo info = require_trainable(options.film);
  state.set_film_key(history.film_key.text());
  const StageKey frames_key = history.film_key.with(kFramesVersion).with(options.frame_side_px);
  stages.run("frames", frames_key, {files.frames(), files.sound()}, [&] {
    state.set_figure("first_avatar_seconds", -1);
    make_sound(options.film, info, files, warn, context);  // quick: a silent film is refused at once
    make_frames(options.film, info, files, options.frame_side_px, warn, context);
  });
  const StageKey track_key = frames_key.with(kTrackVersion);
  stages.run("track", track_key, {files.seen(), files.masks()},
             [&] { make_observations(files, options.threads, warn, context); });
  const double sound_offset_ms =
      put_in_step(files, options.sound_offset, track_key.with(kLagVersion), stages, state, warn, context);
  const StageKey fit_key = track_key.with(kFitVersion).with(options.use_all ? 1 : 0);
  stages.run("fit", fit_key, {files.tracked()}, [&] { make_track(files, options.use_all, context); });

  // From here on there is a face to work with: the person appears in the library.
  const std::string consent = !options.consent.empty()   ? options.consent
                              : !history.consent.empty() ? history.consent
                                                         : kConsentNotRecorded;
  library.put(options.name, options.film.string(), consent);

  const auto seed = static_cast<std::int64_t>(options.seed);
  // What was learned from a sound where the film has it stays valid where it is not moved.
  const auto in_step = [&](const StageKey& key) {
    return sound_offset_ms == 0 ? key : key.with(static_cast<std::int64_t>(std::lround(sound_offset_ms)));
  };
  const StageKey motion_key = in_step(fit_key.with(kMotionVersion).with(seed));
  stages.run("first motion", motion_key, {files.first_motion()}, [&] {
    make_motion(files, face::TrackedFilm::load(files.tracked()), files.first_motion(),
                first_motion_options(options.seed), motion_key.text(), context);
  });

  const StageKey look_key = fit_key.with(kAppearanceVersion).with(avatar::kTrainerFormat).with(seed);
  const avatar::TrainerOptions look = trainer_options(options.steps, options.seed, options.threads);
  const double opening_s = monotonic_s();
  const AppearanceFilm film(files, context);
  const OpenedTrainer opened = open_trainer(film, files, look_key.text(), look, context);
  avatar::Trainer* const trainer = opened.trainer.get();
  mark_what_is_lost(opened, look, state, warn);
  state.add_seconds("prepare", look_key, monotonic_s() - opening_s);

  const auto write_person = [&](const fs::path& motion) {
    PersonFile person{trainer->avatar(), film.track().basis,
                      motion::MotionModel::load(read_tensor_file(motion))};
    if (state.figure("first_avatar_seconds", -1) < 0)
      state.set_figure("first_avatar_seconds", state.total_seconds());
    person.avatar.metadata = metadata_of(library, options, film, *trainer, state);
    save_person(library.avatar_path(options.name), person);
    write_png(files.preview(), preview(*trainer, film), Origin::kAvatar);
  };
  avatar::TrainerHooks hooks;
  hooks.checkpoint = [&](const avatar::Trainer&) {
    save_checkpoint(*trainer, files, look_key.text());
    stages.settle();
    if (trainer->steps_done(avatar::Stage::kHead) >= kFirstAvatarShare * look.head_steps)
      write_person(is_motion_of(files.motion(), motion_key.text()) ? files.motion() : files.first_motion());
  };
  const StageKey head_key = look_key.with(look.head_steps);
  const StageKey torso_key = head_key.with(look.torso_steps);
  stages.run("head", head_key, {files.checkpoint()},
             [&] { trainer->train(avatar::Stage::kHead, hooks, context); });
  stages.run("torso", torso_key, {files.checkpoint()},
             [&] { trainer->train(avatar::Stage::kTorso, hooks, context); });
  const StageKey last_key = in_step(torso_key.with(kMotionVersion).with(options.motion_networks));
  stages.run("motion", last_key, {files.motion()}, [&] {
    make_motion(files, refined_track(film, *trainer), files.motion(), motion_options(options),
                motion_key.text(), context);
  });
  write_person(files.motion());

  result.avatar = library.avatar_path(options.name);
  result.resumed = stages.skipped();
  result.sound_offset_ms = sound_offset_ms;
  result.stage_seconds = state.seconds();
  result.first_avatar_s = state.figure("first_avatar_seconds", 0);
  result.train_s = state.total_seconds();
  result.avatar_bytes = fs::file_size(result.avatar);
  result.peak_memory_bytes = static_cast<std::uint64_t>(state.figure("peak_memory_bytes", 0));
  result.figures = {{"psnr_db", trainer->recent_psnr_db()}};
  return result;
}

}  // namespace

void TrainOptions::validate() const {
  require_person_name(name);
  require_free_name(name, "train somebody");
  if (steps < 0 || steps > 1'000'000) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("--steps is {}, but must lie between 0 and 1000000", steps),
                "leave it out for the default");
  }
  if (frame_side_px < 128 || frame_side_px > 1024 || frame_side_px % 16 != 0) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("frames of {} px cannot be learned from", frame_side_px),
                "use 128 to 1024, a multiple of 16");
  }
  if (motion_networks < 1 || motion_networks > 8) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} motion networks cannot be trained", motion_networks), "use 1 to 8");
  }
  if (threads < 0 || threads > 256) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("--threads is {}, but must lie between 0 and 256", threads),
                "leave it out to use every core");
  }
  if (consent.size() > 1000) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("--consent has {} bytes, more than 1000", consent.size()),
                "say in a sentence who agreed and how");
  }
}

TrainResult train(Library& library, const TrainOptions& given, const WorkContext& context) {
  given.validate();
  TrainOptions options = given;
  options.name = normalised_name(given.name);
  library.require_distinct(options.name);
  static_cast<void>(require_trainable(options.film));  // before anything is made for it
  const auto lock = library.lock(options.name);
  const FilmHistory history = film_history(library, options.name, options.film);
  if (!options.fresh) require_known_film(history, options.name, options.film);
  library.clean_temporary_files(options.name);
  const fs::path work = library.work_folder(options.name);
  if (options.fresh) fs::remove_all(work);
  // From here on the person's record is about the new film; the old consent was not given for it.
  if (history.other_film && library.has(options.name)) {
    library.put(options.name, options.film.string(),
                options.consent.empty() ? kConsentNotRecorded : options.consent);
  }

  TrainResult result;
  try {
    run_as_job(library.jobs(), "train", options.name, context, [&](const WorkContext& recorded) {
      result = run_stages(library, options, history, recorded);
      if (!options.voice) return;
      const WarningSink warn = [&](const std::string& warning) {
        result.warnings.push_back(warning);
        if (options.warn) options.warn(warning);
      };
      result.voice = enrol_film_voice(library, options.name, options.film, warn, recorded);
    });
  } catch (const Error&) {
    // A film that turns out useless leaves no half-made person behind; a stopped one stays.
    if (!library.has(options.name) && !context.cancellation.requested())
      fs::remove_all(library.folder(options.name));
    throw;
  }
  return result;
}

}  // namespace anima::studio
