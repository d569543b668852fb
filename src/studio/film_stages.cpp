#include "studio/film_stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "core/tensor_file.h"
#include "face/face_crop.h"
#include "face/face_tracker.h"
#include "face/film_fit.h"
#include "face/observation_filter.h"
#include "media/film_reader.h"
#include "media/frame_store.h"
#include "studio/cut_detector.h"
#include "studio/film_check.h"
#include "studio/observation_file.h"
#include "studio/sound_measures.h"
#include "studio/sound_offset.h"
#include "studio/training_state.h"

namespace anima::studio {
namespace {

constexpr double kFrameRate_hz = 25;
static_assert(kShortestFilm_s * kFrameRate_hz * 10 / 11 >= motion::kLeastTrainingFrames);
constexpr double kLeastFaceShare = 0.5;
// Of the frames in which faces were counted: fewer second faces are chance.
constexpr double kNotableShare = 0.05;
constexpr const char* kMotionKey = "studio.key";

[[noreturn]] void refuse_two_faces(double share) {
  throw Error(ErrorCode::kUnusableInput,
              fmt::format("the film shows two faces in {:.0f} % of its frames", 100 * share),
              "film one person alone; posters and mirrors with faces count too");
}

void warn_of_cuts(const media::FrameStore& frames, const std::vector<face::FaceObservation>& faces,
                  const WarningSink& warn) {
  CutDetector cuts;
  Image frame;
  for (int i = 0; i < frames.count(); ++i) {
    frames.read(i, frame);
    cuts.next(frame, &faces[static_cast<std::size_t>(i)]);
  }
  if (cuts.cuts() == 0) return;
  warn(fmt::format("the film has {}: if light, place or even the person differ after a cut, film in one take",
                   cuts.cuts() == 1 ? "a cut" : fmt::format("{} cuts", cuts.cuts())));
}

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
                 int side_px, const WarningSink& warn, const WorkContext& context) {
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
    face::FaceCropOptions looking;
    looking.limit_s = kLongestFilm_s;  // a container may claim less than it holds
    const face::FaceCrop crop = face::choose_face_crop(networks, film, looking, context);
    if (crop.share_with_rival() > kMostAmbiguousFrames) refuse_two_faces(crop.share_with_rival());
    options.crop = crop.square;
  }
  media::FrameReader reader(film, options, warn);
  media::FrameStoreWriter writer(files.frames(), side_px, side_px);
  StageProgress progress(context, "reading the film");
  Image frame;
  double time_s = 0;
  for (int frames = 0; reader.next(frame, time_s); ++frames) {
    progress.update(frames, std::max(expected_frames, frames + 1.0));
    if (frames > (kLongestFilm_s + 1) * kFrameRate_hz) {
      throw Error(ErrorCode::kUnusableInput,
                  fmt::format("'{}' claims to be {:.0f} s long, but goes on after {:.0f} minutes",
                              film.string(), info.duration_s, kLongestFilm_s / 60),
                  "cut out the best one to three minutes");
    }
    writer.append(frame);
  }
  writer.finish();
}

void make_sound(const std::filesystem::path& film, const media::FilmInfo& info, const TrainFiles& files,
                const WarningSink& warn, const WorkContext& context) {
  StageProgress progress(context, "listening to the film");
  media::SoundReader reader(film, kSoundRate_hz, warn);
  Sound sound{kSoundRate_hz, {}};
  std::vector<float> block(kSoundRate_hz);
  for (std::size_t got = 0; (got = reader.read(block)) > 0;) {
    progress.update(sound.duration_s(), std::max(info.duration_s, sound.duration_s() + 1));
    sound.samples.insert(sound.samples.end(), block.begin(),
                         block.begin() + static_cast<std::ptrdiff_t>(got));
    if (sound.duration_s() > kLongestFilm_s + 60) {
      throw Error(
          ErrorCode::kUnusableInput,
          fmt::format("the sound of '{}' goes on after {:.0f} minutes", film.string(), kLongestFilm_s / 60),
          "cut out the best one to three minutes");
    }
  }
  if (const auto unusable = unusable_sound(measure_sound(sound))) {
    throw Error(ErrorCode::kUnusableInput, fmt::format("'{}' {}", film.string(), unusable->what),
                unusable->fix);
  }
  TensorFile file;
  file.put("sound", {static_cast<std::int64_t>(sound.samples.size())}, sound.samples);
  write_tensor_file(files.sound(), file);
}

Sound load_film_sound(const TrainFiles& files) {
  const TensorFile file = read_tensor_file(files.sound());
  return {kSoundRate_hz, file.floats("sound", std::vector<std::int64_t>{-1})};
}

motion::SoundLag measure_lag(const TrainFiles& files, const WorkContext& context) {
  return motion::measure_sound_lag(load_observations(files.seen()), load_film_sound(files), context);
}

Sound load_sound(const TrainFiles& files) {
  return moved_earlier(load_film_sound(files), TrainingState(files.state()).figure(kSoundOffsetFigure, 0));
}

void make_observations(const TrainFiles& files, int threads, const WarningSink& warn,
                       const WorkContext& context) {
  const face::FaceNetworks networks;
  const media::FrameStore frames(files.frames());
  media::FrameStoreWriter masks(files.masks(), face::kMaskSide, face::kMaskSide, 1);
  face::TrackingOptions options;
  options.threads = threads;
  const auto seen = face::track_frames(networks, frames, &masks, options, context);
  const auto counted = std::count_if(seen.begin(), seen.end(), [](const auto& o) { return o.faces > 0; });
  const auto several = std::count_if(seen.begin(), seen.end(), [](const auto& o) { return o.faces > 1; });
  const double share = counted > 0 ? static_cast<double>(several) / static_cast<double>(counted) : 0;
  if (share > kMostAmbiguousFrames) refuse_two_faces(share);
  const auto found = std::count_if(seen.begin(), seen.end(), [](const auto& o) { return o.found; });
  if (static_cast<double>(found) < kLeastFaceShare * static_cast<double>(seen.size())) {
    throw Error(ErrorCode::kUnusableInput,
                fmt::format("only {} of the film's {} frames show a face", found, seen.size()),
                "keep the whole face in the picture; 'anima check FILM' tells more");
  }
  masks.finish();
  save_observations(files.seen(), seen);
  if (warn) warn_of_cuts(frames, seen, warn);
  if (share > kNotableShare && warn) {
    warn(fmt::format("{:.0f} % of the frames show a second face; the avatar is made of the larger one",
                     100 * share));
  }
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
                 const motion::MotionTrainingOptions& options, const std::string& key,
                 const WorkContext& context) {
  TensorFile file;
  motion::train_motion(track, load_sound(files), options, context).save(file);
  file.metadata[kMotionKey] = key;
  write_tensor_file(result, file);
}

bool is_motion_of(const std::filesystem::path& motion, const std::string& key) {
  try {
    const TensorFile file = read_tensor_file(motion);
    const auto found = file.metadata.find(kMotionKey);
    return found != file.metadata.end() && found->second == key;
  } catch (const Error&) {
    return false;  // missing or damaged: the one that is always there serves
  }
}

int training_frames_of(int frames, bool use_all) {
  return use_all ? frames : frames - frames / 11;
}

}  // namespace anima::studio
