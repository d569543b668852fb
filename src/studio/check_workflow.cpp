#include "studio/check_workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/error.h"
#include "face/face_crop.h"
#include "face/face_tracker.h"
#include "media/film_reader.h"
#include "media/image_resampler.h"
#include "studio/cut_detector.h"
#include "studio/film_stages.h"

namespace anima::studio {
namespace {

constexpr double kGrid_hz = 25;
constexpr int kLongestSide_px = 1280;   // of the whole picture: larger ones are scaled down
constexpr int kLargestSquare_px = 512;  // of the square around the face: what a training learns from
constexpr int kFramesPerDetection = 12;

media::ImageResampler whole_picture(const Image& frame) {
  const double scale =
      std::min(1.0, static_cast<double>(kLongestSide_px) / std::max(frame.width, frame.height));
  const auto shown = [&](int side) { return std::max(1, static_cast<int>(std::lround(side * scale))); };
  return {frame.width,
          frame.height,
          {0, 0, 1.0 * frame.width, 1.0 * frame.height},
          shown(frame.width),
          shown(frame.height)};
}

media::ImageResampler part_of(const Image& frame, const media::CropSquare& square, int side_px) {
  return {frame.width,
          frame.height,
          {square.left_px, square.top_px, square.side_px, square.side_px},
          side_px,
          side_px};
}

// The square that a training would learn from; of a film without a face, the middle.
face::FaceCrop square_of(const face::FaceNetworks& networks, const std::filesystem::path& film,
                         const media::FilmInfo& info, double limit_s, const WorkContext& context) {
  face::FaceCrop crop;
  try {
    face::FaceCropOptions options;
    options.limit_s = limit_s;
    crop = face::choose_face_crop(networks, film, options, context);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnusableInput) throw;
  }
  if (!crop.square) {
    const double side = std::min(info.width_px, info.height_px);
    crop.square = media::CropSquare{(info.width_px - side) / 2, (info.height_px - side) / 2, side};
  }
  return crop;
}

Sound listen(const std::filesystem::path& film, double expected_s, double limit_s, const WarningSink& warn,
             const WorkContext& context) {
  StageProgress progress(context, "listening to the film");
  media::SoundReader reader(film, kSoundRate_hz, warn);
  Sound sound{kSoundRate_hz, {}};
  std::vector<float> block(kSoundRate_hz);
  for (std::size_t got = 0; (got = reader.read(block)) > 0 && sound.duration_s() < limit_s;) {
    sound.samples.insert(sound.samples.end(), block.begin(),
                         block.begin() + static_cast<std::ptrdiff_t>(got));
    progress.update(sound.duration_s(), expected_s);
  }
  return sound;
}

}  // namespace

FilmCheck run_film_check(const std::filesystem::path& film, const WorkContext& context, double limit_s) {
  FilmMeasures measures;
  measures.info = media::probe_film(film);
  measures.limit_s = limit_s;
  if (!measures.info.has_video) {
    throw Error(ErrorCode::kUnusableInput, fmt::format("'{}' holds no pictures, only sound", film.string()),
                "give the film of a speaking person");
  }
  const double expected_s = std::min(limit_s, measures.info.duration_s);
  const WarningSink note = [&](const std::string& remark) { measures.remarks.push_back(remark); };

  // 1. Where a training would look.
  const face::FaceNetworks networks;
  const face::FaceCrop crop = square_of(networks, film, measures.info, limit_s, context);
  const int side_px = std::min(kLargestSquare_px, static_cast<int>(crop.square->side_px));
  measures.source_px_per_px = crop.square->side_px / side_px;

  // 2. The face in that square; passers-by and the background in the whole picture.
  face::FaceTracker tracker(networks);
  BackgroundWatch background;
  CutDetector cuts;
  std::vector<face::FaceObservation> faces;
  std::vector<FrameMeasures> frames;
  int counted = 0;
  int several = 0;
  media::FrameReader reader(film, {kGrid_hz, std::nullopt, 0, 0}, note);
  StageProgress progress(context, "looking at the film");
  std::optional<media::ImageResampler> to_whole;
  std::optional<media::ImageResampler> to_square;
  Image frame;
  Image whole;
  Image square;
  double time_s = 0;
  while (reader.next(frame, time_s) && time_s < limit_s) {
    if (!to_whole) {
      to_whole = whole_picture(frame);
      to_square = part_of(frame, *crop.square, side_px);
    }
    const auto stride = static_cast<std::size_t>(frame.width) * frame.channels;
    to_whole->resample(frame.pixels.data(), stride, frame.channels, whole);
    to_square->resample(frame.pixels.data(), stride, frame.channels, square);
    face::FaceObservation face = tracker.observe(square);
    if (faces.size() % kFramesPerDetection == 0) {
      const int inside = face::count_faces(networks, square);
      face.faces = std::max(inside, face::count_faces(networks, whole));
      ++counted;
      if (inside > 1) ++several;
    }
    background.watch(whole);
    cuts.next(square, &face);
    frames.push_back(measure_face(square, face));
    faces.push_back(std::move(face));
    progress.update(time_s, expected_s, {{"frames", static_cast<double>(frames.size())}});
  }
  measures.faces = faces;
  measures.frames = frames;
  measures.background_change = background.background_change();
  measures.cuts = cuts.cuts();
  measures.ambiguous_share =
      std::max(several / std::max(1.0, static_cast<double>(counted)), crop.share_with_rival());

  // 3. The sound.
  if (measures.info.has_sound) {
    const Sound sound = listen(film, expected_s, limit_s, note, context);
    measures.sound = measure_sound(sound);
    const bool has_face =
        std::any_of(faces.begin(), faces.end(), [](const auto& face) { return face.found; });
    if (has_face && !unusable_sound(measures.sound))
      measures.sound_lag = motion::measure_sound_lag(faces, sound, context);
  }
  return check_film(film.string(), measures);
}

}  // namespace anima::studio
