#include "studio/check_workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "face/face_tracker.h"
#include "media/film_reader.h"

namespace anima::studio {
namespace {

constexpr double kGrid_hz = 25;
constexpr int kLongestSide_px = 1280;  // larger pictures are scaled down before they are measured
constexpr int kFramesPerDetection = 12;

// The size to measure at: as it is, or scaled down to even numbers.
struct MeasuredSize {
  int width_px = 0;
  int height_px = 0;
  double source_px_per_px = 1;
};

MeasuredSize measured_size(const media::FilmInfo& info) {
  const double scale =
      std::min(1.0, static_cast<double>(kLongestSide_px) / std::max(info.width_px, info.height_px));
  if (scale == 1.0) return {info.width_px, info.height_px, 1};
  const auto even = [&](int side) {
    return std::max(2, 2 * static_cast<int>(std::lround(side * scale / 2)));
  };
  return {even(info.width_px), even(info.height_px), 1 / scale};
}

}  // namespace

FilmCheck run_film_check(const std::filesystem::path& film, const WorkContext& context, double limit_s) {
  FilmMeasures measures;
  measures.info = media::probe_film(film);
  if (!measures.info.has_video) {
    throw Error(ErrorCode::kUnusableInput, fmt::format("'{}' holds no pictures, only sound", film.string()),
                "give the film of a speaking person");
  }
  const MeasuredSize size = measured_size(measures.info);
  measures.source_px_per_px = size.source_px_per_px;

  const face::FaceNetworks networks;
  face::FaceTracker tracker(networks);
  FrameMeasurer measurer;
  std::vector<face::FaceObservation> faces;
  std::vector<FrameMeasures> frames;
  media::FrameReader reader(film, {kGrid_hz, std::nullopt, size.width_px, size.height_px});
  StageProgress progress(context, "looking at the film");
  Image frame;
  double time_s = 0;
  const double expected_s = std::min(limit_s, measures.info.duration_s);
  while (reader.next(frame, time_s) && time_s < limit_s) {
    face::FaceObservation face = tracker.observe(frame);
    if (faces.size() % kFramesPerDetection == 0)
      face.faces = static_cast<int>(networks.detector.detect(frame).size());
    frames.push_back(measurer.measure(frame, face));
    faces.push_back(std::move(face));
    progress.update(time_s, expected_s, {{"frames", static_cast<double>(frames.size())}});
  }
  measures.faces = faces;
  measures.frames = frames;
  measures.background_change = measurer.background_change();

  if (measures.info.has_sound) {
    StageProgress listening(context, "listening to the film");
    constexpr int kRate_hz = 16000;
    media::SoundReader sound_reader(film, kRate_hz);
    Sound sound{kRate_hz, {}};
    std::vector<float> block(kRate_hz);
    for (std::size_t got = 0; (got = sound_reader.read(block)) > 0;) {
      sound.samples.insert(sound.samples.end(), block.begin(),
                           block.begin() + static_cast<std::ptrdiff_t>(got));
      if (sound.duration_s() > limit_s) break;
      listening.update(sound.duration_s(), expected_s);
    }
    measures.sound = measure_sound(sound);
  }
  return check_film(film.string(), measures);
}

}  // namespace anima::studio
