#include "studio/render_workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "audio/cepstral_mean.h"
#include "avatar/painter.h"
#include "core/error.h"
#include "media/film_info.h"
#include "media/film_reader.h"
#include "media/film_writer.h"
#include "motion/motion_generator.h"
#include "studio/bounded_queue.h"
#include "studio/library.h"
#include "studio/machine.h"
#include "studio/person_file.h"
#include "studio/picture_file.h"

namespace anima::studio {
namespace {

constexpr int kHearingRate_hz = 16000;
constexpr int kSoundRate_hz = 48000;
constexpr int kFrameRate_hz = 25;
constexpr std::size_t kFramesAhead = 16;  // motion may be made this far ahead of drawing
constexpr std::size_t kFramesAtOnce = 8;  // drawn together, one per thread
constexpr double kVoiceSample_s = 120;    // of the sound's beginning, to learn the voice's spectral mean from

motion::MotionOptions motion_options(const RenderOptions& options, const motion::MotionModel& model) {
  motion::MotionOptions motion;
  motion.mouth_amplitude = static_cast<float>(options.mouth_amplitude);
  motion.blink = options.blink == BlinkMode::kOff      ? motion::BlinkMode::kOff
                 : options.blink == BlinkMode::kPeriod ? motion::BlinkMode::kPeriodic
                                                       : motion::BlinkMode::kNatural;
  motion.blink_period_s = options.blink_period_s;
  motion.lle_fraction = static_cast<float>(options.lle_fraction);
  motion.temperature = static_cast<float>(options.temperature);
  motion.seed = options.seed;
  if (options.pose == PoseMode::kStatic) motion.head.mode = motion::PoseMode::kStatic;
  if (options.pose == PoseMode::kRange) {
    const double film_s = static_cast<double>(model.film.frames()) / kFrameRate_hz;
    if (options.pose_to_s > film_s) {
      throw Error(
          ErrorCode::kInvalidArgument,
          fmt::format("--pose {}-{} reaches beyond the {:.1f} s of film that the avatar has learned from",
                      options.pose_from_s, options.pose_to_s, film_s),
          "choose a part that lies inside of the film");
    }
    motion.head.mode = motion::PoseMode::kRange;
    motion.head.range_first = static_cast<int>(options.pose_from_s * kFrameRate_hz);
    motion.head.range_last =
        std::min(model.film.frames() - 1, static_cast<int>(options.pose_to_s * kFrameRate_hz));
  }
  return motion;
}

avatar::PainterOptions painter_options(const RenderOptions& options) {
  avatar::PainterOptions painter;
  painter.width_px = painter.height_px = options.size_px;
  painter.threads = options.threads;
  painter.colour = options.background_colour;
  switch (options.background) {
    case BackgroundMode::kFilm:
      painter.backdrop = avatar::Backdrop::kFilm;
      break;
    case BackgroundMode::kColour:
      painter.backdrop = avatar::Backdrop::kColour;
      break;
    case BackgroundMode::kTransparent:
      painter.backdrop = avatar::Backdrop::kTransparent;
      break;
    case BackgroundMode::kImage:
      painter.backdrop = avatar::Backdrop::kPicture;
      painter.picture = read_picture(options.background_image);
      break;
  }
  return painter;
}

// The voice's spectral mean from the sound's beginning: better than the running mean of a stream.
audio::Cepstra voice_mean(const std::filesystem::path& path, const WarningSink& warn) {
  media::SoundReader reader(path, kHearingRate_hz, warn);
  Sound sound{kHearingRate_hz,
              std::vector<float>(static_cast<std::size_t>(kVoiceSample_s * kHearingRate_hz))};
  std::size_t filled = 0;
  while (filled < sound.samples.size()) {
    const std::size_t got = reader.read(std::span(sound.samples).subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  if (filled == 0) {
    throw Error(ErrorCode::kUnusableInput, fmt::format("'{}' holds no sound", path.string()),
                "give a recording of speech");
  }
  sound.samples.resize(filled);
  return audio::cepstral_mean_of(sound);
}

// Makes motion on a thread of its own, from a sound file into a bounded queue.
class MotionSource {
 public:
  MotionSource(const std::filesystem::path& sound, const PersonFile& person,
               const motion::MotionOptions& options, const WarningSink& warn)
      : queue_(kFramesAhead),
        thread_([this, sound, &person, options, warn] { make(sound, person, options, warn); }) {}
  ~MotionSource() {
    queue_.close();
    thread_.join();
  }
  MotionSource(const MotionSource&) = delete;
  MotionSource& operator=(const MotionSource&) = delete;

  std::optional<motion::MotionFrame> next() { return queue_.pop(); }

 private:
  void make(const std::filesystem::path& sound, const PersonFile& person,
            const motion::MotionOptions& options, const WarningSink& warn) {
    try {
      media::SoundReader reader(sound, kHearingRate_hz, warn);
      motion::MotionGenerator generator(person.motion, person.basis, options);
      std::vector<float> block(kHearingRate_hz / 10);
      for (std::size_t got = 0; (got = reader.read(block)) > 0;) {
        generator.push(std::span(block).first(got));
        if (!hand_on(generator)) return;
      }
      generator.finish();
      if (hand_on(generator)) queue_.finish();
    } catch (...) {
      queue_.finish(std::current_exception());
    }
  }

  bool hand_on(motion::MotionGenerator& generator) {
    motion::MotionFrame frame;
    while (generator.pull(frame)) {
      if (!queue_.push(frame)) return false;
    }
    return true;
  }

  BoundedQueue<motion::MotionFrame> queue_;
  std::thread thread_;  // last: it uses the queue
};

avatar::FrameState state_of(const motion::MotionFrame& frame, const avatar::Avatar& person) {
  avatar::FrameState state;
  state.head = frame.pose;
  state.weights = frame.weights;
  const int last = static_cast<int>(person.torso_poses.size()) - 1;
  if (last >= 0) {
    const face::HeadPose& a = person.torso_poses[std::clamp(frame.film.frame_a, 0, last)];
    const face::HeadPose& b = person.torso_poses[std::clamp(frame.film.frame_b, 0, last)];
    state.torso = motion::blend_poses(a, b, frame.film.blend);
  }
  return state;
}

// Copies the sound into the film, always as far as the pictures are.
class SoundTrack {
 public:
  SoundTrack(const std::filesystem::path& sound, const WarningSink& warn)
      : reader_(sound, kSoundRate_hz, warn), block_(kSoundRate_hz / kFrameRate_hz) {}
  // One frame's worth; false at the sound's end.
  bool write_frame(media::FilmWriter& film) {
    const std::size_t got = reader_.read(block_);
    if (got > 0) film.write_sound(std::span(block_).first(got));
    return got > 0;
  }

 private:
  media::SoundReader reader_;
  std::vector<float> block_;
};

}  // namespace

RenderResult render(const std::filesystem::path& avatar, const RenderOptions& options,
                    const WorkContext& context) {
  options.validate();
  const double started_s = monotonic_s();
  const media::FilmInfo info = media::probe_film(options.sound);
  if (!info.has_sound) {
    throw Error(ErrorCode::kUnusableInput, fmt::format("'{}' has no sound", options.sound.string()),
                "give a recording of speech");
  }
  const PersonFile person = load_person(avatar);
  const WarningSink warn = each_once(options.warn);  // three readers read the same sound

  motion::MotionOptions motion = motion_options(options, person.motion);
  motion.cepstral_mean = voice_mean(options.sound, warn);
  avatar::Painter painter(person.avatar, painter_options(options));
  media::FilmWriterOptions film_options;
  film_options.width_px = film_options.height_px = options.size_px;
  film_options.frame_rate_hz = kFrameRate_hz;
  film_options.sample_rate_hz = kSoundRate_hz;
  film_options.transparent = options.background == BackgroundMode::kTransparent;
  film_options.title = options.person;
  media::FilmWriter film(options.output, film_options);
  SoundTrack sound(options.sound, warn);
  MotionSource source(options.sound, person, motion, warn);

  RenderResult result;
  StageProgress progress(context, "rendering");
  std::vector<avatar::FrameState> states;
  std::vector<Image> pictures;
  for (bool more = true; more;) {
    states.clear();
    while (states.size() < kFramesAtOnce) {
      const auto frame = source.next();
      more = frame.has_value();
      if (!more) break;
      states.push_back(state_of(*frame, person.avatar));
    }
    painter.paint(states, pictures);
    for (const Image& picture : pictures) {
      film.write_frame(picture);
      sound.write_frame(film);
      ++result.frames;
    }
    const double work_s = monotonic_s() - started_s;
    const double film_s = static_cast<double>(result.frames) / kFrameRate_hz;
    progress.update(film_s, std::max(info.duration_s, film_s), {{"x_real_time", film_s / work_s}});
  }
  while (sound.write_frame(film)) {
  }
  film.finish();

  result.film = options.output;
  result.film_s = static_cast<double>(result.frames) / kFrameRate_hz;
  result.work_s = monotonic_s() - started_s;
  result.realtime_factor = result.film_s / result.work_s;
  result.peak_memory_bytes = peak_memory_bytes();
  const auto consent = person.avatar.metadata.find("consent");
  result.consent = consent == person.avatar.metadata.end() ? kConsentNotRecorded : consent->second;
  return result;
}

}  // namespace anima::studio
