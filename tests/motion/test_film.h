// A film made by formula: a head that nods and turns, a mouth that follows the loudness and
// colour of a made-up voice. For tests that need a tracked film without a film.
#pragma once

#include <cmath>
#include <filesystem>
#include <numbers>

#include "audio/acoustic_model.h"
#include "core/random.h"
#include "core/sound.h"
#include "face/lip_measures.h"
#include "face/tracked_film.h"

namespace anima::motion {

inline constexpr double kTestOpening = 0.8;  // head units per unit of mouth mode 0

// A neutral mesh whose lips lie in a line; mode 0 opens them, mode 1 widens them, the others move
// single vertices a little.
inline face::ExpressionBasis formula_basis() {
  face::ExpressionBasis basis;
  basis.neutral = face::Vertices::Zero(face::kLandmarks, 3);
  for (int v = 0; v < face::kLandmarks; ++v) basis.neutral.row(v) << 0.01F * v, 0.02F * (v % 7), 0;
  for (auto& mode : basis.modes) mode = face::Vertices::Zero(face::kLandmarks, 3);
  for (const auto& [upper, lower] : face::kInnerLipPairs) {
    basis.neutral.row(upper) << 0, 0, 0;
    basis.neutral.row(lower) << 0, 0.5F, 0;
    basis.modes[0](lower, 1) = kTestOpening;
  }
  for (const int v : face::kOuterLips) basis.modes[1](v, 0) = v % 2 == 0 ? 0.3F : -0.3F;
  for (int k = 2; k < face::kModes; ++k) basis.modes[k](k * 11, 2) = 0.05F;
  basis.rest.fill(0);
  basis.rest[0] = -0.5F / kTestOpening;  // closed
  return basis;
}

struct FormulaFilm {
  face::TrackedFilm tracked;
  Sound sound;
};

// Syllables of 160 to 320 ms, now a vowel-like tone with high resonances (mouth open), now one with
// low (mouth narrow), with a pause of 0.8 s every four seconds. 25 frames and 16000 samples a second.
inline FormulaFilm formula_film(int frames, std::uint64_t seed = 1) {
  FormulaFilm film;
  Random random(seed);
  const int samples = frames * 640;
  film.sound.sample_rate_hz = 16000;
  film.sound.samples.resize(static_cast<std::size_t>(samples));
  std::vector<double> opening(static_cast<std::size_t>(samples)), width(static_cast<std::size_t>(samples));
  double phase = 0;
  for (int at = 0; at < samples;) {
    const int length = static_cast<int>(16000 * random.uniform(0.16, 0.32));
    const bool pause = at % 64000 > 51200;
    const double open = pause ? 0 : random.uniform();
    for (int i = 0; i < length && at < samples; ++i, ++at) {
      const double hull = pause ? 0 : std::sin(std::numbers::pi * i / length);
      phase += 2 * std::numbers::pi * (120 + 20 * std::sin(at * 1e-4)) / 16000;
      const double first = 300 + 500 * open, second = 2200 - 1000 * open;
      double x = 0;
      for (int h = 1; h < 25; ++h) {
        const double f = h * 120.0, a = (f - first) / 100, b = (f - second) / 150;
        x += (1 / (1 + a * a) + 0.5 / (1 + b * b)) * std::sin(h * phase);
      }
      film.sound.samples[at] = static_cast<float>(0.08 * hull * x + 3e-4 * random.normal());
      opening[at] = hull * open;
      width[at] = hull * (1 - open);
    }
  }
  face::TrackedFilm& tracked = film.tracked;
  tracked.basis = formula_basis();
  tracked.training_frames = frames;
  double mean[2] = {}, square[2] = {};
  for (int i = 0; i < frames; ++i) {
    double o = 0, w = 0;
    for (int s = 0; s < 640; ++s) {
      o += opening[static_cast<std::size_t>(i) * 640 + s] / 640;
      w += width[static_cast<std::size_t>(i) * 640 + s] / 640;
    }
    face::Weights weights{};
    weights[0] = static_cast<float>(o);
    weights[1] = static_cast<float>(w);
    mean[0] += o / frames, mean[1] += w / frames, square[0] += o * o / frames, square[1] += w * w / frames;
    const double t = i / 25.0;
    weights[face::kFirstBrow] = static_cast<float>(std::sin(0.7 * t));
    weights[face::kFirstGaze] = static_cast<float>(std::floor(std::fmod(t, 3)) - 1);
    const int in_blink = i % 90 - 40;  // a blink every 3.6 s
    if (in_blink >= 0 && in_blink < 6) {
      const float lid = 1 - std::fabs(static_cast<float>(in_blink) - 2) / 4;
      weights[face::kFirstBlink] = weights[face::kFirstBlink + 1] = lid;
    }
    tracked.weights.push_back(weights);
    face::HeadPose pose;
    pose.rotation = {0.1 * std::sin(0.9 * t), 0.2 * std::sin(0.61 * t + 1), 0.05 * std::sin(1.3 * t)};
    pose.translation = {1.5 * std::sin(0.5 * t), 0.5 * std::sin(0.83 * t), 60 + 2 * std::sin(0.31 * t)};
    tracked.poses.push_back(pose);
    face::FaceObservation seen;
    seen.found = true;
    tracked.observations.push_back(seen);
  }
  // Weights have zero mean and unit deviation, as tracking gives them.
  for (auto& weights : tracked.weights) {
    for (int k = 0; k < 2; ++k) {
      weights[k] = static_cast<float>((weights[k] - mean[k]) / std::sqrt(square[k] - mean[k] * mean[k]));
    }
  }
  tracked.basis.rest[0] = static_cast<float>(-mean[0] / std::sqrt(square[0] - mean[0] * mean[0]));
  tracked.basis.rest[1] = static_cast<float>(-mean[1] / std::sqrt(square[1] - mean[1] * mean[1]));
  tracked.basis.neutral.row(0).setZero();
  return film;
}

}  // namespace anima::motion

#define ANIMA_NEEDS_ACOUSTIC_MODEL()                                                    \
  if (!std::filesystem::exists(anima::audio::default_acoustic_model_folder() / "mdef")) \
  GTEST_SKIP() << "the Debian package pocketsphinx-en-us is not installed"
