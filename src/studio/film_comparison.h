// The held-out part of a film beside what an avatar makes of it: pictures, landmarks, scores.
#pragma once

#include <string>
#include <vector>

#include "avatar/avatar.h"
#include "core/image.h"
#include "core/progress.h"
#include "face/tracked_film.h"
#include "motion/motion_generator.h"
#include "studio/appearance_stage.h"
#include "studio/person_file.h"

namespace anima::studio {

// PSNR and SSIM of the three regions, one value per frame.
struct RegionScores {
  std::vector<double> head_psnr, frame_psnr, mouth_psnr;
  std::vector<double> head_ssim, frame_ssim, mouth_ssim;
};

// The same moments three times.
struct ComparisonStrip {
  std::vector<Image> film, tracked, sound;
};

// What the held-out part looks like: filmed, drawn from tracking, drawn from sound.
struct Comparison {
  RegionScores tracked, sound;
  std::vector<face::FaceObservation> film_faces, tracked_faces, sound_faces;
  std::vector<double> true_opening_px,
      predicted_opening;                 // landmarks of the film; head units of the prediction
  std::vector<double> drawn_opening_px;  // landmarks of the pictures drawn from sound
  ComparisonStrip faces, mouths;         // some frames, small
};

struct ComparisonOptions {
  std::string renderer = "simd";
  int threads = 0;
};

// Draws the frames [first, end) that show a face: once as `states` (from tracking) say, once with
// the mouth of `motion` (from sound); pose, gaze, brows and blinks are the film's own in both.
// Throws Error(kUnusableInput) when fewer than three frames show a face.
Comparison compare_with_film(const AppearanceFilm& film, const PersonFile& person,
                             const std::vector<avatar::FrameState>& states,
                             const std::vector<motion::MotionFrame>& motion, int first,
                             const ComparisonOptions& options, const WorkContext& context);

}  // namespace anima::studio
