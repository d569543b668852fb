#include "studio/film_comparison.h"

#include <algorithm>
#include <cmath>

#include "avatar/painter.h"
#include "core/error.h"
#include "evaluate/image_metrics.h"
#include "evaluate/landmark_distance.h"
#include "evaluate/regions.h"
#include "face/face_tracker.h"
#include "studio/picture_file.h"

namespace anima::studio {
namespace {

constexpr int kStripFaces = 8;
constexpr int kStripFace_px = 224;
constexpr int kStripMouths = 15;
constexpr int kStripMouthWidth_px = 120;
constexpr int kStripMouthHeight_px = 80;

void score(RegionScores& scores, const Image& drawn, const Image& filmed, const face::FaceObservation& face) {
  const Image region = evaluate::head_region(face, filmed.width, filmed.height);
  const Image head = evaluate::paste_region(drawn, filmed, region);
  const evaluate::Box mouth = evaluate::mouth_box(face, filmed.width, filmed.height);
  const Image drawn_mouth = evaluate::crop(drawn, mouth);
  const Image filmed_mouth = evaluate::crop(filmed, mouth);
  scores.head_psnr.push_back(evaluate::psnr_db(head, filmed));
  scores.frame_psnr.push_back(evaluate::psnr_db(drawn, filmed));
  scores.mouth_psnr.push_back(evaluate::psnr_db(drawn_mouth, filmed_mouth));
  scores.head_ssim.push_back(evaluate::ssim(head, filmed));
  scores.frame_ssim.push_back(evaluate::ssim(drawn, filmed));
  scores.mouth_ssim.push_back(evaluate::ssim(drawn_mouth, filmed_mouth));
}

// Whether the next picture of a strip of `count` falls on frame `at` of `frames`.
bool is_due(const ComparisonStrip& strip, int count, int at, int frames) {
  return at * count / frames >= static_cast<int>(strip.film.size());
}

void add_to_strip(ComparisonStrip& strip, const Image& filmed, const Image& tracked, const Image& sound,
                  const evaluate::Box& part, int width_px, int height_px) {
  strip.film.push_back(cover(evaluate::crop(filmed, part), width_px, height_px));
  strip.tracked.push_back(cover(evaluate::crop(tracked, part), width_px, height_px));
  strip.sound.push_back(cover(evaluate::crop(sound, part), width_px, height_px));
}

// Pose, gaze, brows and blinks of the film's own frame; the mouth from sound.
avatar::FrameState with_mouth(avatar::FrameState state, const face::Weights& mouth) {
  std::copy_n(mouth.begin() + face::kFirstMouth, face::kMouthModes,
              state.weights.begin() + face::kFirstMouth);
  return state;
}

}  // namespace

Comparison compare_with_film(const AppearanceFilm& film, const PersonFile& person,
                             const std::vector<avatar::FrameState>& states,
                             const std::vector<motion::MotionFrame>& motion, int first,
                             const ComparisonOptions& options, const WorkContext& context) {
  const face::FaceNetworks networks;
  face::FaceTracker film_tracker(networks);
  face::FaceTracker tracked_tracker(networks);
  face::FaceTracker sound_tracker(networks);
  avatar::PainterOptions painter_options;
  painter_options.threads = options.threads;
  painter_options.renderer = options.renderer;
  avatar::Painter painter(person.avatar, painter_options);

  Comparison result;
  StageProgress progress(context, "scoring the held-out frames");
  const int last = std::min(film.track().frames(), static_cast<int>(motion.size()));
  Image filmed;
  Image tracked;
  Image sound;
  for (int f = first; f < last; ++f) {
    film.frames().read(f, filmed);
    const face::FaceObservation face = film_tracker.observe(filmed);
    progress.update(f - first, last - first);
    if (!face.found) continue;
    const face::Weights& mouth = motion[static_cast<std::size_t>(f)].weights;
    painter.paint(states[static_cast<std::size_t>(f)], tracked);
    painter.paint(with_mouth(states[static_cast<std::size_t>(f)], mouth), sound);
    score(result.tracked, tracked, filmed, face);
    score(result.sound, sound, filmed, face);
    result.film_faces.push_back(face);
    result.tracked_faces.push_back(tracked_tracker.observe(tracked));
    result.sound_faces.push_back(sound_tracker.observe(sound));
    result.true_opening_px.push_back(evaluate::lip_opening_px(face));
    result.predicted_opening.push_back(face::lip_opening(person.basis.mesh(mouth)));
    result.drawn_opening_px.push_back(
        result.sound_faces.back().found ? evaluate::lip_opening_px(result.sound_faces.back()) : NAN);
    if (is_due(result.faces, kStripFaces, f - first, last - first)) {
      const evaluate::Box whole{0, 0, filmed.width, filmed.height};
      add_to_strip(result.faces, filmed, tracked, sound, whole, kStripFace_px, kStripFace_px);
    }
    if (is_due(result.mouths, kStripMouths, f - first, last - first)) {
      const evaluate::Box mouth_box = evaluate::mouth_box(face, filmed.width, filmed.height);
      add_to_strip(result.mouths, filmed, tracked, sound, mouth_box, kStripMouthWidth_px,
                   kStripMouthHeight_px);
    }
  }
  if (result.film_faces.size() < 3) {
    throw Error(ErrorCode::kUnusableInput,
                "the held-out part of the film shows a face in fewer than three frames",
                "train from a longer film");
  }
  return result;
}

}  // namespace anima::studio
