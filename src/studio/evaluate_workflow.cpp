#include "studio/evaluate_workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "avatar/painter.h"
#include "core/error.h"
#include "core/files.h"
#include "core/process.h"
#include "evaluate/html_report.h"
#include "evaluate/jitter.h"
#include "evaluate/landmark_distance.h"
#include "evaluate/lip_sync.h"
#include "evaluate/pose_error.h"
#include "evaluate/replay_baseline.h"
#include "media/film_writer.h"
#include "motion/motion_generator.h"
#include "studio/appearance_stage.h"
#include "studio/film_comparison.h"
#include "studio/film_history.h"
#include "studio/film_stages.h"
#include "studio/film_truth.h"
#include "studio/person_file.h"
#include "studio/person_name.h"
#include "studio/render_workflow.h"
#include "studio/training_state.h"

namespace anima::studio {
namespace {

namespace fs = std::filesystem;

constexpr double kFrame_s = 0.04;
constexpr int kFitIterations = 30;  // of pose and expression of a held-out frame
constexpr double kSpeedProbe_s = 2;
constexpr double kRenderedSound_s = 20;

double mean(const std::vector<double>& values) {
  double sum = 0;
  int count = 0;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    sum += v;
    ++count;
  }
  return count > 0 ? sum / count : NAN;
}

double mean_landmark_distance(const std::vector<face::FaceObservation>& drawn,
                              const std::vector<face::FaceObservation>& filmed, double pixels_to_512) {
  std::vector<double> distances;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (drawn[i].found)
      distances.push_back(evaluate::landmark_distance_px(drawn[i], filmed[i], pixels_to_512));
  }
  return mean(distances);
}

double without_face(const std::vector<face::FaceObservation>& faces) {
  return static_cast<double>(
      std::count_if(faces.begin(), faces.end(), [](const auto& f) { return !f.found; }));
}

// Pictures per second at the avatar's size, all cores.
double measure_painting_fps(const PersonFile& person, const std::vector<avatar::FrameState>& states,
                            const EvaluateOptions& options) {
  avatar::PainterOptions painter_options;
  painter_options.threads = options.threads;
  painter_options.renderer = options.renderer;
  avatar::Painter painter(person.avatar, painter_options);
  std::vector<Image> pictures;
  const std::vector<avatar::FrameState> some(states.begin(),
                                             states.begin() + std::min<long>(8, std::ssize(states)));
  painter.paint(some, pictures);  // the first ones allocate
  int frames = 0;
  const double start_s = monotonic_s();
  while (monotonic_s() - start_s < kSpeedProbe_s) {
    painter.paint(some, pictures);
    frames += static_cast<int>(some.size());
  }
  return frames / (monotonic_s() - start_s);
}

struct RenderSpeed {
  double realtime_factor = 0;
  double peak_memory_bytes = NAN;  // not known where it was not rendered in a process of its own
};

RenderSpeed render_elsewhere(const fs::path& program, const Library& library, const RenderOptions& options,
                             const WorkContext& context) {
  const ProcessRequest request{
      .arguments = {program.string(), "render", options.person, options.sound.string(), "--output",
                    options.output.string(), "--threads", std::to_string(options.threads), "--library",
                    library.root().string(), "--json", "--quiet"},
      .timeout_s = 600};
  const ProcessResult result = run_process(request, context);
  require_success(request, result);
  const auto json = nlohmann::json::parse(result.output, nullptr, false);
  if (!json.is_object()) {
    throw Error(ErrorCode::kExternal, fmt::format("'{}' did not say how it rendered", program.string()),
                "run evaluate with the anima that it belongs to");
  }
  return {json.value("render_realtime_factor", 0.0),
          json.value("peak_memory_bytes", static_cast<double>(NAN))};
}

// Renders a part of the film's own sound to a temporary MP4.
RenderSpeed measure_rendering(const Library& library, const EvaluateOptions& options, const TrainFiles& files,
                              const fs::path& folder, const WorkContext& context) {
  Sound sound = load_sound(files);
  sound.samples.resize(
      std::min(sound.samples.size(), static_cast<std::size_t>(kRenderedSound_s * sound.sample_rate_hz)));
  RenderOptions render_options;
  render_options.person = options.person;
  render_options.sound = folder / "speed.wav";
  render_options.output = folder / "speed.mp4";
  render_options.threads = options.threads;
  media::write_wav(render_options.sound, sound);
  RenderSpeed speed;
  if (options.program.empty()) {
    speed.realtime_factor =
        render(library.avatar_path(render_options.person), render_options, context).realtime_factor;
  } else {
    speed = render_elsewhere(options.program, library, render_options, context);
  }
  fs::remove(render_options.sound);
  fs::remove(render_options.output);
  return speed;
}

double number_of(const std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? NAN : std::strtod(found->second.c_str(), nullptr);
}

// A curve with the mean and deviation of another, so that both can be drawn on one axis.
std::vector<double> scaled_to(const std::vector<double>& curve, const std::vector<double>& like) {
  const auto deviation = [](const std::vector<double>& values, double about) {
    double sum = 0;
    for (const double v : values) sum += (v - about) * (v - about);
    return std::sqrt(sum / static_cast<double>(values.size()));
  };
  const double from_mean = mean(curve);
  const double to_mean = mean(like);
  const double from_deviation = deviation(curve, from_mean);
  const double scale = from_deviation > 0 ? deviation(like, to_mean) / from_deviation : 0;
  std::vector<double> scaled;
  for (const double v : curve) scaled.push_back(to_mean + (v - from_mean) * scale);
  return scaled;
}

Image joined(const ComparisonStrip& strip) {
  return evaluate::stacked({evaluate::side_by_side(strip.film), evaluate::side_by_side(strip.tracked),
                            evaluate::side_by_side(strip.sound)});
}

void add_region_scores(evaluate::Report& report, const RegionScores& scores, const std::string& from,
                       const std::string& words) {
  const bool tracked = from == "tracked";
  const auto add = [&](const std::string& key, const std::string& label, const std::vector<double>& values,
                       const char* unit, double must, double aim) {
    report.scores.push_back({key + "_" + from, label + ", " + words, mean(values), unit, tracked ? must : NAN,
                             tracked ? aim : NAN, true});
  };
  add("psnr_head", "PSNR head", scores.head_psnr, "dB", 31, 34);
  add("psnr_frame", "PSNR whole frame", scores.frame_psnr, "dB", 29, 32);
  add("psnr_mouth", "PSNR mouth box", scores.mouth_psnr, "dB", NAN, NAN);
  add("ssim_head", "SSIM head", scores.head_ssim, "", NAN, NAN);
  add("ssim_frame", "SSIM whole frame", scores.frame_ssim, "", NAN, NAN);
  add("ssim_mouth", "SSIM mouth box", scores.mouth_ssim, "", NAN, NAN);
}

// What only a computed film allows: tracking and prediction against what was exactly true.
void add_truth_scores(evaluate::Report& report, const FilmTruth& truth, const PersonFile& person,
                      const std::vector<avatar::FrameState>& states,
                      const std::vector<motion::MotionFrame>& motion, int first) {
  const int frames =
      std::min({truth.frames(), static_cast<int>(states.size()), static_cast<int>(motion.size())});
  if (frames < first + 3) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("the truth has {} frames, but the film has {}", truth.frames(), states.size()),
                "give the truth of the film that the avatar was trained from");
  }
  std::vector<face::HeadPose> poses;
  std::vector<double> tracked_opening, tracked_closure, predicted_opening;
  for (int f = 0; f < frames; ++f) {
    poses.push_back(states[f].head);
    tracked_opening.push_back(face::lip_opening(person.basis.mesh(states[f].weights)));
    tracked_closure.push_back(
        0.5 * (states[f].weights[face::kFirstBlink] + states[f].weights[face::kFirstBlink + 1]));
    if (f >= first) predicted_opening.push_back(face::lip_opening(person.basis.mesh(motion[f].weights)));
  }
  const auto all = static_cast<std::size_t>(frames);
  const auto errors = evaluate::rotation_errors_deg(poses, std::span(truth.poses).first(all));
  const std::span<const double> true_opening = std::span(truth.lip_opening_px).first(all);
  const std::vector<double> held_out(true_opening.begin() + first, true_opening.end());
  const evaluate::LipSync sync = evaluate::lip_sync(predicted_opening, held_out);
  report.scores.push_back({"truth_head_pose_error_deg", "head pose, tracked against true, mean error",
                           mean(errors), "deg", 1.5, 0.5, false});
  report.scores.push_back({"truth_lip_opening_tracked_correlation",
                           "lip opening, tracked against true, correlation",
                           evaluate::pearson_correlation(tracked_opening, true_opening), "", 0.9, 0.97});
  report.scores.push_back({"truth_lip_opening_sound_correlation",
                           "lip opening, predicted from sound against true, correlation", sync.correlation,
                           "", 0.85, 0.95});
  report.scores.push_back({"truth_lip_opening_sound_lag_frames", "lag of best correlation",
                           static_cast<double>(sync.lag_frames), "frames"});
  report.scores.push_back(
      {"truth_blink_tracked_correlation", "lid closure, tracked against true, correlation",
       evaluate::pearson_correlation(tracked_closure, std::span(truth.eye_closure).first(all)), ""});
  report.plots.push_back({"Lip opening: exactly true (px) and predicted from sound (head units, scaled)",
                          "time in the film (s)",
                          "px",
                          first * kFrame_s,
                          kFrame_s,
                          {{"true", held_out}, {"predicted", scaled_to(predicted_opening, held_out)}}});
  report.notes.push_back(
      "Scores against the truth of a computed film: pose and tracked lips over the whole film, from sound "
      "over the held-out part.");
}

}  // namespace

EvaluateResult evaluate_person(Library& library, const EvaluateOptions& options, const WorkContext& context) {
  static_cast<void>(library.person(options.person));
  const TrainFiles files{library.work_folder(options.person)};
  const PersonFile person = load_person(library.avatar_path(options.person));
  if (!fs::exists(files.frames()) || !fs::exists(files.checkpoint())) {
    throw Error(
        ErrorCode::kNotFound,
        fmt::format("the training data of '{}' is gone, and with it the held-out film", options.person),
        "train again from the film: anima train FILM --name " + name_as_argument(options.person));
  }
  const auto trained_from = person.avatar.metadata.find(kFilmKey);
  const std::string film_at_work = TrainingState(files.state()).film_key();
  if (trained_from != person.avatar.metadata.end() && trained_from->second != film_at_work) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("the avatar '{}' was made from another film than the one that is in its work folder",
                    options.person),
        "finish the training of the new film first: anima train FILM --name " +
            name_as_argument(options.person));
  }
  const fs::path folder = library.results_folder(options.person);
  fs::create_directories(folder);

  // 1. The part that nobody has learned from, its motion from tracking and from sound.
  const AppearanceFilm film(files, context);
  const int frames = film.track().frames();
  const bool held_back = film.track().training_frames < frames;
  const int first = held_back ? film.track().training_frames : training_frames_of(frames, false);
  const auto trainer = load_trainer(film, files, options.threads);
  static_cast<void>(trainer->fit_frames(first, frames, kFitIterations, context));
  const std::vector<avatar::FrameState>& states = trainer->frame_states();
  motion::MotionOptions motion_options;
  const auto motion =
      motion::generate_motion(person.motion, person.basis, load_sound(files), motion_options, context);

  // 2. Pictures, landmarks, and the baseline that shows training frames again.
  const Comparison seen =
      compare_with_film(film, person, states, motion, first, {options.renderer, options.threads}, context);
  const evaluate::ReplayBaseline replay = evaluate::replay_baseline(film.frames(), first, context);

  // 3. Speed.
  const double renderer_fps = measure_painting_fps(person, {states.begin() + first, states.end()}, options);
  const RenderSpeed rendered = measure_rendering(library, options, files, folder, context);

  // 4. The report.
  const double to_512 = 512.0 / film.frames().width();
  const evaluate::LipSync sync = evaluate::lip_sync(seen.predicted_opening, seen.true_opening_px);
  EvaluateResult result;
  evaluate::Report& report = result.report;
  report.person = options.person;
  add_region_scores(report, seen.tracked, "tracked", "weights from tracking");
  add_region_scores(report, seen.sound, "sound", "mouth from sound");
  report.scores.push_back({"psnr_frame_replay", "PSNR whole frame, best training frame shown again",
                           replay.mean_replay_psnr_db, "dB"});
  report.scores.push_back(
      {"psnr_frame_mean_image", "PSNR whole frame, mean image", replay.mean_mean_image_psnr_db, "dB"});
  report.scores.push_back({"lmd_tracked", "landmark distance (LMD), weights from tracking",
                           mean_landmark_distance(seen.tracked_faces, seen.film_faces, to_512), "px", NAN,
                           NAN, false});
  report.scores.push_back({"lmd_sound", "landmark distance (LMD), mouth from sound",
                           mean_landmark_distance(seen.sound_faces, seen.film_faces, to_512), "px", 3.2, 2.5,
                           false});
  report.scores.push_back({"lmd_frames_without_face_tracked",
                           "drawn faces that were not found, left out of LMD, weights from tracking",
                           without_face(seen.tracked_faces), "frames"});
  report.scores.push_back({"lmd_frames_without_face_sound",
                           "drawn faces that were not found, left out of LMD, mouth from sound",
                           without_face(seen.sound_faces), "frames"});
  report.scores.push_back({"lip_opening_correlation", "lip opening, predicted against true, correlation",
                           sync.correlation, "", 0.6, 0.8});
  report.scores.push_back({"lip_opening_lag_frames", "lip opening, lag of best correlation",
                           static_cast<double>(sync.lag_frames), "frames"});
  report.scores.push_back({"jitter_px", "jitter of rigid points, generated",
                           evaluate::jitter_px(seen.sound_faces, to_512), "px", NAN, NAN, false});
  report.scores.push_back({"jitter_film_px", "jitter of rigid points, film",
                           evaluate::jitter_px(seen.film_faces, to_512), "px", NAN, NAN, false});
  const auto& metadata = person.avatar.metadata;
  report.scores.push_back({"avatar_bytes", "avatar file",
                           static_cast<double>(fs::file_size(library.avatar_path(options.person))), "B", 20e6,
                           8e6, false});
  report.scores.push_back(
      {"train_seconds", "film to avatar", number_of(metadata, "train_seconds"), "s", 900, 300, false});
  report.scores.push_back({"first_avatar_seconds", "first usable avatar",
                           number_of(metadata, "first_avatar_seconds"), "s", 180, 60, false});
  report.scores.push_back({"renderer_fps", "renderer, all cores", renderer_fps, "fps", 60, 120});
  report.scores.push_back({"render_realtime_factor", "render, sound to MP4, times real time",
                           rendered.realtime_factor, "x", 2, 4});
  if (std::isfinite(rendered.peak_memory_bytes)) {
    report.scores.push_back({"render_peak_memory_bytes", "peak memory of rendering",
                             rendered.peak_memory_bytes, "B", NAN, NAN, false});
  }
  report.scores.push_back({"peak_memory_bytes", "peak memory of training",
                           number_of(metadata, "peak_memory_bytes"), "B", 3e9, 1.5e9, false});
  report.scores.push_back(
      {"held_out_frames", "frames scored", static_cast<double>(seen.film_faces.size()), ""});
  if (held_back) {
    report.notes.push_back(
        fmt::format("Scored on the last {} of {} frames, which appearance, basis and motion have not seen. "
                    "Their pose and expression are fitted through the renderer with the avatar frozen; from "
                    "sound, only the mouth differs.",
                    frames - first, frames));
  } else {
    report.notes.push_back(
        "Trained with --use-all: these frames were learned from, so the scores flatter. Honest ones are "
        "those of a run without --use-all.");
  }
  report.notes.push_back(
      "PSNR head pastes the drawn head into the film's own frame (the field's usual protocol); whole frame "
      "and mouth box score our picture alone.");
  const auto consent = metadata.find("consent");
  report.notes.push_back("Consent: " + (consent == metadata.end() ? kConsentNotRecorded : consent->second));

  if (!options.truth.empty())
    add_truth_scores(report, read_film_truth(options.truth), person, states, motion, first);

  const double start_s = first * kFrame_s;
  report.plots.push_back(
      {"Lip opening: true (film's landmarks, px) and predicted from sound (head units, scaled)",
       "time in the film (s)",
       "px",
       start_s,
       kFrame_s,
       {{"true", seen.true_opening_px},
        {"predicted", scaled_to(seen.predicted_opening, seen.true_opening_px)},
        {"drawn", seen.drawn_opening_px}}});
  report.plots.push_back({"PSNR of the whole frame",
                          "time in the film (s)",
                          "dB",
                          start_s,
                          kFrame_s,
                          {{"tracked", seen.tracked.frame_psnr},
                           {"sound", seen.sound.frame_psnr},
                           {"replay", replay.replay_psnr_db},
                           {"mean image", replay.mean_image_psnr_db}}});
  report.plots.push_back({"PSNR of the mouth box",
                          "time in the film (s)",
                          "dB",
                          start_s,
                          kFrame_s,
                          {{"tracked", seen.tracked.mouth_psnr}, {"sound", seen.sound.mouth_psnr}}});
  const std::string rows = "film (top), drawn from tracking (middle), mouth from sound (bottom)";
  report.strips.push_back({"Faces: " + rows, joined(seen.faces)});
  report.strips.push_back({"Mouths: " + rows, joined(seen.mouths)});
  result.page = folder / "evaluate.html";
  result.figures = folder / "evaluate.json";
  write_file_atomically(result.page, evaluate::to_html(report));
  write_file_atomically(result.figures, to_json(report).dump(2) + "\n");
  return result;
}

}  // namespace anima::studio
