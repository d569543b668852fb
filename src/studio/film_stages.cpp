#include "studio/film_stages.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/files.h"
#include "core/tensor_file.h"
#include "face/face_crop.h"
#include "face/face_tracker.h"
#include "face/film_fit.h"
#include "face/observation_filter.h"
#include "media/film_reader.h"
#include "media/frame_store.h"
#include "motion/motion_training.h"
#include "studio/observation_file.h"

namespace anima::studio {
namespace {

constexpr double kFrameRate_hz = 25;
constexpr double kShortestFilm_s = 3;
constexpr double kLeastFaceShare = 0.5;

}  // namespace

media::FilmInfo require_trainable(const std::filesystem::path& film) {
  const media::FilmInfo info = media::probe_film(film);
  const auto refuse = [&](const std::string& what, const char* fix) {
    throw Error(ErrorCode::kUnusableInput, fmt::format("'{}' {}", film.string(), what), fix);
  };
  if (!info.has_video) refuse("holds no pictures, only sound", "give the film of a speaking person");
  if (!info.has_sound) refuse("has no sound track", "lips are learned from speech: film with sound");
  if (info.duration_s < kShortestFilm_s) {
    refuse(fmt::format("is only {:.1f} s long", info.duration_s),
           "film 45 seconds to three minutes of speech");
  }
  if (info.duration_s > kLongestFilm_s) {
    refuse(fmt::format("is {:.0f} minutes long, more than {:.0f}", info.duration_s / 60, kLongestFilm_s / 60),
           "cut out the best one to three minutes");
  }
  return info;
}

void make_frames(const std::filesystem::path& film, const media::FilmInfo& info, const TrainFiles& files,
                 int side_px, const WorkContext& context) {
  const double expected_frames = info.duration_s * kFrameRate_hz;
  const double bytes_per_frame = 3.0 * side_px * side_px + face::kMaskSide * face::kMaskSide;
  constexpr double kCheckpoints_bytes = 500e6;
  require_free_space(files.folder,
                     static_cast<std::uint64_t>(expected_frames * bytes_per_frame + kCheckpoints_bytes));

  media::FrameReaderOptions options;
  options.frame_rate_hz = kFrameRate_hz;
  options.width_px = options.height_px = side_px;
  {
    const face::FaceNetworks networks;
    options.crop = face::choose_face_crop(networks, film, {}, context).square;
  }
  media::FrameReader reader(film, options);
  media::FrameStoreWriter writer(files.frames(), side_px, side_px);
  StageProgress progress(context, "reading the film");
  Image frame;
  double time_s = 0;
  for (int frames = 0; reader.next(frame, time_s); ++frames) {
    progress.update(frames, std::max(expected_frames, frames + 1.0));
    writer.append(frame);
  }
  writer.finish();
}

void make_sound(const std::filesystem::path& film, const TrainFiles& files) {
  const Sound sound = media::read_sound(film, kSoundRate_hz, kLongestFilm_s + 60);
  TensorFile file;
  file.put("sound", {static_cast<std::int64_t>(sound.samples.size())}, sound.samples);
  write_tensor_file(files.sound(), file);
}

Sound load_sound(const TrainFiles& files) {
  const TensorFile file = read_tensor_file(files.sound());
  return {kSoundRate_hz, file.floats("sound", std::vector<std::int64_t>{-1})};
}

void make_observations(const TrainFiles& files, int threads, const WorkContext& context) {
  const face::FaceNetworks networks;
  const media::FrameStore frames(files.frames());
  media::FrameStoreWriter masks(files.masks(), face::kMaskSide, face::kMaskSide, 1);
  face::TrackingOptions options;
  options.threads = threads;
  const auto seen = face::track_frames(networks, frames, &masks, options, context);
  const auto found = std::count_if(seen.begin(), seen.end(), [](const auto& o) { return o.found; });
  if (static_cast<double>(found) < kLeastFaceShare * static_cast<double>(seen.size())) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("only {} of the film's {} frames show a face", found, seen.size()),
                "keep the whole face in the picture; 'anima check FILM' tells more");
  }
  masks.finish();
  save_observations(files.seen(), seen);
}

void make_track(const TrainFiles& files, bool use_all, const WorkContext& context) {
  const auto seen = load_observations(files.seen());
  const auto filtered = face::filter_observations(seen);
  const int frames = static_cast<int>(seen.size());
  const media::FrameStore store(files.frames());
  face::fit_film(filtered.observations, store.width(), store.height(), training_frames_of(frames, use_all),
                 context)
      .save(files.tracked());
}

void make_motion(const TrainFiles& files, const face::TrackedFilm& track, const std::filesystem::path& result,
                 int networks, std::uint64_t seed, const WorkContext& context) {
  motion::MotionTrainingOptions options;
  if (networks > 0) options.networks = networks;
  options.network.seed = seed;
  TensorFile file;
  motion::train_motion(track, load_sound(files), options, context).save(file);
  write_tensor_file(result, file);
}

int training_frames_of(int frames, bool use_all) {
  return use_all ? frames : frames - frames / 11;
}

}  // namespace anima::studio
