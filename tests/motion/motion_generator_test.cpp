#include "motion/motion_generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/error.h"
#include "motion/motion_training.h"
#include "test_film.h"

namespace anima::motion {
namespace {

// One small model for all tests, trained once on a made-up film of 24 s.
struct Trained {
  FormulaFilm film = formula_film(600);
  MotionModel model;
};

const Trained& trained() {
  static const Trained t = [] {
    Trained result;
    MotionTrainingOptions options;
    options.networks = 1;
    options.network.steps = 60;
    result.model = train_motion(result.film.tracked, result.film.sound, options, {});
    return result;
  }();
  return t;
}

std::vector<MotionFrame> streamed(const Sound& sound, std::size_t piece, const MotionOptions& options) {
  MotionGenerator generator(trained().model, trained().film.tracked.basis, options);
  std::vector<MotionFrame> result;
  MotionFrame frame;
  const std::span<const float> samples(sound.samples);
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    generator.push(samples.subspan(at, std::min(piece, samples.size() - at)));
    while (generator.pull(frame)) result.push_back(frame);
  }
  generator.finish();
  while (generator.pull(frame)) result.push_back(frame);
  return result;
}

Sound part_of(const Sound& sound, double from_s, double to_s) {
  return {16000,
          {sound.samples.begin() + static_cast<int>(from_s * 16000),
           sound.samples.begin() + static_cast<int>(to_s * 16000)}};
}

double opening(const face::Weights& w) {
  return face::signed_lip_gap(trained().film.tracked.basis.mesh(w));
}

TEST(MotionGenerator, FollowsAVoiceThatItHasNotHeard) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const FormulaFilm other = formula_film(300, 77);
  const auto frames = generate_motion(trained().model, trained().film.tracked.basis, other.sound, {}, {});
  ASSERT_EQ(frames.size(), 300U);
  double xy = 0, xx = 0, yy = 0, mx = 0, my = 0;
  for (int i = 0; i < 300; ++i) {
    mx += frames[i].weights[0] / 300;
    my += other.tracked.weights[i][0] / 300;
  }
  for (int i = 0; i < 300; ++i) {
    const double x = frames[i].weights[0] - mx, y = other.tracked.weights[i][0] - my;
    xy += x * y;
    xx += x * x;
    yy += y * y;
  }
  EXPECT_GT(xy / std::sqrt(xx * yy), 0.7);
}

TEST(MotionGenerator, PiecesDoNotMatter) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const Sound sound = part_of(trained().film.sound, 2, 5.01);
  MotionOptions options;
  options.temperature = 0.5F;
  const auto whole = streamed(sound, sound.samples.size(), options);
  for (const std::size_t piece : {160U, 641U, 8000U}) {
    const auto parts = streamed(sound, piece, options);
    ASSERT_EQ(parts.size(), whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      ASSERT_EQ(parts[i].index, static_cast<long long>(i));
      ASSERT_EQ(parts[i].weights, whole[i].weights) << "piece " << piece << " frame " << i;
      ASSERT_EQ(parts[i].pose.rotation, whole[i].pose.rotation);
      ASSERT_EQ(parts[i].film.frame_a, whole[i].film.frame_a);
      ASSERT_EQ(parts[i].confidence, whole[i].confidence);
    }
  }
}

TEST(MotionGenerator, OneFramePer40Milliseconds) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  for (const std::size_t samples : {0U, 1U, 640U, 641U, 5000U}) {
    const Sound sound{16000, std::vector<float>(samples, 0.001F)};
    EXPECT_EQ(streamed(sound, 1000, {}).size(), (samples + 639) / 640) << samples;
  }
}

TEST(MotionGenerator, LooksAheadNoMoreThanItSays) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  MotionGenerator generator(trained().model, trained().film.tracked.basis, {});
  MotionFrame frame;
  const Sound& sound = trained().film.sound;
  int pulled = 0;
  for (int at = 0; at < 48000; at += 160) {
    generator.push(std::span(sound.samples).subspan(at, 160));
    while (generator.pull(frame)) ++pulled;
    const double heard_s = (at + 160) / 16000.0;
    EXPECT_GE(pulled, static_cast<int>((heard_s - MotionGenerator::kLookAhead_s) * 25 + 1e-9)) << heard_s;
  }
}

TEST(MotionGenerator, TheMouthRestsInSilence) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  Sound sound = part_of(trained().film.sound, 0, 3);
  Random random(5);
  for (int i = 0; i < 32000; ++i) sound.samples.push_back(static_cast<float>(3e-4 * random.normal()));
  sound.samples.insert(sound.samples.end(), 16000, 0.0F);  // digital silence too
  MotionOptions options;
  options.temperature = 1;
  const auto frames = streamed(sound, 640, options);
  const face::Weights& rest = trained().film.tracked.basis.rest;
  for (int i = 75 + 14; i < 150; ++i) {
    for (int k = 0; k < face::kMouthModes; ++k)
      EXPECT_NEAR(frames[i].weights[k], rest[k], 1e-4) << "frame " << i;
    EXPECT_LT(frames[i].speaking, 1e-4F);
  }
  // The head and the eyes go on.
  EXPECT_NE(frames[100].pose.rotation, frames[130].pose.rotation);
}

TEST(MotionGenerator, AmplitudeScalesTheMouthFromRest) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const Sound sound = part_of(trained().film.sound, 0, 2);
  const auto range_of = [&](float amplitude) {
    MotionOptions options;
    options.mouth_amplitude = amplitude;
    std::vector<double> o;
    for (const auto& f : streamed(sound, 640, options)) o.push_back(opening(f.weights));
    return *std::ranges::max_element(o) - opening(trained().film.tracked.basis.rest);
  };
  EXPECT_NEAR(range_of(0), 0, 1e-6);
  EXPECT_NEAR(range_of(1.5F), 1.5 * range_of(1), 1e-3);
}

TEST(MotionGenerator, LipsNeverPassThroughEachOther) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  MotionOptions options;
  options.mouth_amplitude = 3;
  options.temperature = 2;
  options.lle_fraction = 0;
  double least = 1e9;
  for (const auto& f : streamed(part_of(trained().film.sound, 0, 5), 640, options))
    least = std::min(least, opening(f.weights));
  EXPECT_GT(least, opening(trained().film.tracked.basis.rest) - 1e-4);
}

TEST(MotionGenerator, SeedAndTemperature) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const Sound sound = part_of(trained().film.sound, 0, 2);
  MotionOptions options;
  const auto plain = streamed(sound, 640, options);
  options.temperature = 1;
  const auto noisy = streamed(sound, 640, options), again = streamed(sound, 640, options);
  options.seed = 2;
  const auto other = streamed(sound, 640, options);
  double difference = 0;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(noisy[i].weights, again[i].weights);
    difference += std::fabs(noisy[i].weights[0] - plain[i].weights[0]);
  }
  EXPECT_GT(difference, 0.1);
  EXPECT_NE(noisy[20].weights, other[20].weights);
}

TEST(MotionGenerator, GazeJumpsAndBlinksComeFromTheirOwnDrivers) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  MotionOptions options;
  options.blink = BlinkMode::kPeriodic;
  options.blink_period_s = 1;
  int closed = 0;
  for (const auto& frame : streamed(part_of(trained().film.sound, 0, 6), 640, options)) {
    closed += frame.weights[face::kFirstBlink] > 0.95F ? 1 : 0;
    EXPECT_EQ(frame.weights[face::kFirstBlink], frame.weights[face::kFirstBlink + 1]);
    EXPECT_GE(frame.confidence, 0);
    EXPECT_LE(frame.confidence, 1);
  }
  EXPECT_EQ(closed, 5);
}

TEST(MotionGenerator, AStillHeadHasLivingEyes) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  MotionOptions options;
  options.head.mode = PoseMode::kStatic;
  const auto frames = streamed(part_of(trained().film.sound, 0, 6), 640, options);
  int moves = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].pose.rotation, frames[0].pose.rotation);
    moves += frames[i].weights[face::kFirstGaze] != frames[i - 1].weights[face::kFirstGaze] ? 1 : 0;
    EXPECT_LT(std::fabs(frames[i].weights[face::kFirstGaze]), 6);
  }
  EXPECT_GT(moves, 20);
}

TEST(MotionGenerator, RefusesOptionsOutOfRange) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const auto refuses = [](const MotionOptions& options) {
    EXPECT_THROW(MotionGenerator(trained().model, trained().film.tracked.basis, options), Error);
  };
  MotionOptions options;
  options.mouth_amplitude = -1;
  refuses(options);
  options = {};
  options.lle_fraction = std::nanf("");
  refuses(options);
  options = {};
  options.temperature = 5;
  refuses(options);
  options = {};
  options.head.mode = PoseMode::kStatic;
  options.head.static_frame = 100000;
  refuses(options);
}

TEST(MotionModel, SurvivesTheFileAndRefusesHostileOnes) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  TensorFile file;
  trained().model.save(file);
  const MotionModel loaded = MotionModel::load(file);
  EXPECT_EQ(loaded.film.frames(), 600);
  EXPECT_EQ(loaded.blinks.seen, trained().model.blinks.seen);
  EXPECT_EQ(loaded.silence_phone, 32);
  const Sound sound = part_of(trained().film.sound, 0, 1);
  const auto a = generate_motion(trained().model, trained().film.tracked.basis, sound, {}, {});
  const auto b = generate_motion(loaded, trained().film.tracked.basis, sound, {}, {});
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i].weights[0], b[i].weights[0], 0.05);

  // Every tensor in turn: missing, of another shape, not a number, huge.
  for (const auto& [name, tensor] : file.tensors) {
    TensorFile missing = file;
    missing.tensors.erase(name);
    EXPECT_THROW(MotionModel::load(missing), Error) << name;
    TensorFile shorter = file;
    const std::vector<float> three(3, 0.0F);
    shorter.put(name, {3, 1}, std::span<const float>(three));
    EXPECT_THROW(MotionModel::load(shorter), Error) << name;
    if (tensor.type != TensorType::kF32) continue;
    TensorFile broken = file;
    const float nan = std::nanf("");
    std::memcpy(broken.tensors[name].bytes.data(), &nan, 4);
    EXPECT_THROW(MotionModel::load(broken), Error) << name;
  }
  const auto refuses_about = [&](std::array<float, 5> about) {
    TensorFile changed = file;
    changed.put("motion.about", {5}, std::span<const float>(about));
    EXPECT_THROW(MotionModel::load(changed), Error);
  };
  refuses_about({2, 1, 32, 0, 1});
  refuses_about({1, 1e9F, 32, 0, 1});
  refuses_about({1, 0, 32, 0, 1});
  refuses_about({1, 1, 42, 0, 1});
  refuses_about({1, 1, 32, 0, 9});
}

TEST(MotionTraining, SeesAndHearsOnlyTheTrainingPart) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  FormulaFilm film = formula_film(300);
  film.tracked.training_frames = 250;
  MotionTrainingOptions options;
  options.networks = 1;
  options.network.steps = 3;
  const MotionModel a = train_motion(film.tracked, film.sound, options, {});
  for (int i = 250; i < 300; ++i) film.tracked.weights[i].fill(50);
  for (std::size_t s = 250 * 640; s < film.sound.samples.size(); ++s) film.sound.samples[s] = 0.3F;
  const MotionModel b = train_motion(film.tracked, film.sound, options, {});
  EXPECT_EQ(a.film.frames(), 250);
  EXPECT_EQ(a.networks[0].first_weight, b.networks[0].first_weight);
  EXPECT_EQ(a.cepstral_mean, b.cepstral_mean);
  const InputWindow window = InputWindow::Constant(0.2F);
  EXPECT_EQ(a.predict(window).mean, b.predict(window).mean);
}

TEST(MotionTraining, RefusesWhatItCannotLearnFrom) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  FormulaFilm film = formula_film(150);
  EXPECT_THROW(train_motion(film.tracked, {16000, std::vector<float>(100)}, {}, {}), Error);
  EXPECT_THROW(train_motion(film.tracked, {8000, film.sound.samples}, {}, {}), Error);
  for (auto& seen : film.tracked.observations) seen.found = false;
  EXPECT_THROW(train_motion(film.tracked, film.sound, {}, {}), Error);
  WorkContext stopped;
  stopped.cancellation.request();
  EXPECT_THROW(train_motion(formula_film(150).tracked, film.sound, {}, stopped), Error);
}

}  // namespace
}  // namespace anima::motion
