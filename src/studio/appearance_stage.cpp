#include "studio/appearance_stage.h"

#include "avatar/background_plate.h"
#include "avatar/torso_track.h"
#include "core/error.h"
#include "core/tensor_file.h"
#include "evaluate/report.h"

namespace anima::studio {
namespace {

constexpr const char* kKey = "studio.key";
constexpr std::uint64_t kLargestCheckpoint_bytes = 4ULL << 30U;

}  // namespace

AppearanceFilm::AppearanceFilm(const TrainFiles& files, const WorkContext& context)
    : frames_(files.frames()),
      masks_(files.masks()),
      track_(face::TrackedFilm::load(files.tracked())),
      plate_(avatar::background_plate(frames_, masks_, track_.training_frames, context)),
      film_{&frames_, &masks_, &track_, &plate_} {}

avatar::TrainerOptions trainer_options(int steps, std::uint64_t seed, int threads) {
  avatar::TrainerOptions options;
  options.threads = threads;
  options.initialisation.seed = seed;
  if (steps > 0) {
    const double head_share =
        static_cast<double>(options.head_steps) / (options.head_steps + options.torso_steps);
    options.head_steps = static_cast<int>(head_share * steps + 0.5);
    options.torso_steps = steps - options.head_steps;
  }
  return options;
}

OpenedTrainer open_trainer(const AppearanceFilm& film, const TrainFiles& files, const std::string& key,
                           const avatar::TrainerOptions& options, const WorkContext& context) {
  std::string unusable;
  try {
    const TensorFile checkpoint = read_tensor_file(files.checkpoint(), kLargestCheckpoint_bytes);
    const auto found = checkpoint.metadata.find(kKey);
    if (found != checkpoint.metadata.end() && found->second == key) {
      return {std::make_unique<avatar::Trainer>(film.film(), options, checkpoint), {}};
    }
  } catch (const Error& error) {
    // No checkpoint yet, or one that cannot be used: learning starts anew. Anything else is real.
    if (error.code() == ErrorCode::kCorruptData) {
      unusable = error.message();
    } else if (error.code() != ErrorCode::kNotFound) {
      throw;
    }
  }
  return {std::make_unique<avatar::Trainer>(film.film(), options, context), unusable};
}

std::unique_ptr<avatar::Trainer> load_trainer(const AppearanceFilm& film, const TrainFiles& files,
                                              int threads) {
  const TensorFile checkpoint = read_tensor_file(files.checkpoint(), kLargestCheckpoint_bytes);
  return std::make_unique<avatar::Trainer>(film.film(), trainer_options(0, 1, threads), checkpoint);
}

void save_checkpoint(const avatar::Trainer& trainer, const TrainFiles& files, const std::string& key) {
  TensorFile checkpoint;
  trainer.save(checkpoint);
  checkpoint.metadata[kKey] = key;
  write_tensor_file(files.checkpoint(), checkpoint);
}

face::TrackedFilm refined_track(const AppearanceFilm& film, const avatar::Trainer& trainer) {
  face::TrackedFilm track = film.track();
  for (int f = 0; f < track.training_frames; ++f) {
    const avatar::FrameState& state = trainer.frame_states()[static_cast<std::size_t>(f)];
    track.poses[f] = state.head;
    track.weights[f] = state.weights;
  }
  return track;
}

Image preview(const avatar::Trainer& trainer, const AppearanceFilm& film) {
  const int frame = avatar::reference_frame(film.track());
  const avatar::Avatar person = trainer.avatar();
  avatar::FrameScene scene;
  scene.set(person.camera, person.drivers, person.head, &person.torso,
            trainer.frame_states()[static_cast<std::size_t>(frame)]);
  avatar::RenderPass pass;
  avatar::make_renderer("simd")->forward(scene.scene(), pass);
  Image drawn(person.camera.width_px, person.camera.height_px, 3);
  avatar::composite(pass.canvas, person.background.pixels.data(), drawn.pixels.data());
  Image filmed;
  film.frames().read(frame, filmed);
  return evaluate::side_by_side({filmed, drawn});
}

}  // namespace anima::studio
