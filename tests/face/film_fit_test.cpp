#include "face/film_fit.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/error.h"
#include "face/face_regions.h"
#include "face/lip_measures.h"
#include "synthetic_film.h"

namespace anima::face {
namespace {

constexpr int kTraining = 540;

const testing::SyntheticFilm& truth() {
  static const testing::SyntheticFilm film = testing::synthetic_film({});
  return film;
}
const TrackedFilm& fitted() {
  static const TrackedFilm film = [] {
    FilmFitOptions options;
    options.head.shape = testing::trusting_shape_options();
    return fit_film(truth().observations, 512, 512, kTraining, options, {});
  }();
  return film;
}

Eigen::MatrixXd columns(int first, int count) {
  Eigen::MatrixXd m(fitted().frames(), count);
  for (int t = 0; t < fitted().frames(); ++t) {
    for (int k = 0; k < count; ++k) m(t, k) = fitted().weights[t][first + k];
  }
  return m;
}
Eigen::VectorXd expression(testing::SyntheticExpression which) {
  Eigen::VectorXd v(truth().expressions.size());
  for (Eigen::Index t = 0; t < v.size(); ++t) v[t] = truth().expressions[t][which];
  return v;
}

TEST(FilmFitTest, PosesAreThoseOfTheFilm) {
  EXPECT_LT(testing::worst_rotation_error_deg(truth().poses, fitted().poses), 0.3);
}

// With the priors that real landmarks need, the depth of the face is pulled a few percent towards
// the canonical one, and turns shrink or grow by as much.
TEST(FilmFitTest, PosesUnderTheDefaultPriorsAreNear) {
  const testing::SyntheticFilm film = testing::synthetic_film({.frames = 300});
  const TrackedFilm tracked = fit_film(film.observations, 512, 512, 270, {});
  EXPECT_LT(testing::worst_rotation_error_deg(film.poses, tracked.poses), 0.8);
}

TEST(FilmFitTest, EveryMotionOfTheFaceIsInTheWeights) {
  const Eigen::MatrixXd mouth = columns(kFirstMouth, kMouthModes);
  EXPECT_GT(testing::multiple_correlation(mouth, expression(testing::kJaw)), 0.98);
  EXPECT_GT(testing::multiple_correlation(mouth, expression(testing::kPucker)), 0.98);
  EXPECT_GT(testing::multiple_correlation(mouth, expression(testing::kSmile)), 0.98);
  EXPECT_GT(testing::multiple_correlation(columns(kFirstBrow, kBrowModes), expression(testing::kRaise)),
            0.98);
  EXPECT_GT(testing::multiple_correlation(columns(kFirstBlink, 1), expression(testing::kBlink)), 0.98);
  EXPECT_GT(testing::multiple_correlation(columns(kFirstBlink + 1, 1), expression(testing::kBlink)), 0.98);
  EXPECT_GT(testing::multiple_correlation(columns(kFirstGaze, 1), expression(testing::kGazeX)), 0.97);
  EXPECT_GT(testing::multiple_correlation(columns(kFirstGaze + 1, 1), expression(testing::kGazeY)), 0.95);
}

TEST(FilmFitTest, WhatWasSeenIsExplainedWithinItsNoiseOnFramesNeverLearnedFrom) {
  const FitResidual training = fit_residual(fitted(), 0, kTraining);
  const FitResidual held_out = fit_residual(fitted(), kTraining, fitted().frames());
  EXPECT_EQ(training.frames, kTraining);
  EXPECT_EQ(held_out.frames, fitted().frames() - kTraining);
  for (const FitResidual& r : {training, held_out}) {
    EXPECT_LT(r.rigid_px, 0.4);
    EXPECT_LT(r.lips_px, 0.45);
    EXPECT_LT(r.all_px, 0.5);
  }
}

TEST(FilmFitTest, WeightsKeepTheirContract) {
  for (int k = 0; k < kModes; ++k) {
    if (k >= kFirstBlink && k < kFirstGaze) continue;
    double sum = 0, squares = 0;
    for (int t = 0; t < kTraining; ++t) {
      sum += fitted().weights[t][k];
      squares += fitted().weights[t][k] * fitted().weights[t][k];
    }
    EXPECT_NEAR(sum / kTraining, 0, 1e-3) << k;
    EXPECT_NEAR(squares / kTraining, 1, 1e-2) << k;
  }
  double open = 0, closed = 0, open_count = 0, closed_count = 0;
  for (int t = 0; t < fitted().frames(); ++t) {
    const float blink = fitted().weights[t][kFirstBlink];
    EXPECT_GE(blink, -0.3F);
    EXPECT_LE(blink, 1.2F);
    if (truth().expressions[t][testing::kBlink] == 0) {
      open += blink;
      open_count += 1;
    } else if (truth().expressions[t][testing::kBlink] == 1) {
      closed += blink;
      closed_count += 1;
    }
  }
  EXPECT_NEAR(open / open_count, 0, 0.05);
  EXPECT_NEAR(closed / closed_count, 1, 0.1);
}

TEST(FilmFitTest, ModesStayInTheirPartOfTheFace) {
  const FaceRegions& regions = face_regions();
  const ExpressionBasis& basis = fitted().basis;
  for (int k = 0; k < kModes; ++k) {
    ASSERT_TRUE(basis.modes[k].allFinite());
    for (int v = 0; v < kLandmarks; ++v) {
      const float moved = basis.modes[k].row(v).norm();
      const bool foreign = k < kFirstBrow     ? regions.lower_face[v] == 0
                           : k < kFirstBlink  ? regions.brows[v] == 0
                           : k == kFirstBlink ? regions.right_eye[v] == 0
                           : k == kFirstBlink + 1
                               ? regions.left_eye[v] == 0
                               : v < kMeshVertices && regions.right_eye[v] + regions.left_eye[v] == 0;
      if (foreign) {
        EXPECT_EQ(moved, 0) << "mode " << k << ", vertex " << v;
      }
    }
  }
  // Blinking brings the upper lid down, looking right and down moves the irises there.
  EXPECT_GT(basis.modes[kFirstBlink](159, 1), 0.3F);
  EXPECT_GT(basis.modes[kFirstGaze](468, 0), 0.05F);
  EXPECT_GT(basis.modes[kFirstGaze + 1](473, 1), 0.03F);
}

TEST(FilmFitTest, TheFirstMouthModeOpensAndRestIsClosed) {
  const ExpressionBasis& basis = fitted().basis;
  EXPECT_GT(signed_lip_gap(basis.modes[kFirstMouth]), 0);
  const float closed = lip_opening(testing::synthetic_face({}).cast<float>());
  EXPECT_LT(lip_opening(basis.mesh(basis.rest)), closed + 0.06F);
  EXPECT_GT(lip_opening(basis.neutral), lip_opening(basis.mesh(basis.rest)) + 0.1F);
  for (int k = kFirstBrow; k < kModes; ++k) EXPECT_EQ(basis.rest[k], 0);
}

// "p", "b" and "m" close the lips for a frame or two.
TEST(FilmFitTest, AClosureOfASingleFrameIsKept) {
  testing::SyntheticFilm film = testing::synthetic_film({.frames = 300});
  for (int t = 50; t < 290; t += 20) {
    // The lips of the frame come from a closed mouth, everything else stays.
    std::array<double, 7> closed = film.expressions[t];
    closed[testing::kJaw] = 0;
    std::array<double, 7> open = film.expressions[t];
    open[testing::kJaw] = 0.8;
    for (int near = t - 2; near <= t + 2; ++near) {
      const Eigen::MatrixX3d face = testing::synthetic_face(near == t ? closed : open);
      for (int v = 0; v < kLandmarks; ++v) {
        const Eigen::Vector2d pixel = film.camera.project(film.poses[near].apply(face.row(v).transpose()));
        film.observations[near].points.row(v).head<2>() = pixel.cast<float>().transpose();
      }
    }
  }
  const TrackedFilm tracked = fit_film(film.observations, 512, 512, 270, {});
  for (int t = 50; t < 270; t += 20) {
    const float around = lip_opening(tracked.basis.mesh(tracked.weights[t - 1]));
    const float at = lip_opening(tracked.basis.mesh(tracked.weights[t]));
    EXPECT_GT(around, 0.9F) << t;
    EXPECT_LT(at, 0.65F) << t;  // 0.5 is the closed mouth of this made-up face
  }
}

TEST(FilmFitTest, FramesWithoutAFaceAreBridgedAndStayMarked) {
  testing::SyntheticFilm film = testing::synthetic_film({.frames = 200});
  for (int t = 60; t < 66; ++t) film.observations[t] = FaceObservation{};
  const TrackedFilm tracked = fit_film(film.observations, 512, 512, 180, {});
  ASSERT_EQ(tracked.frames(), 200);
  for (int t = 60; t < 66; ++t) {
    EXPECT_FALSE(tracked.observations[t].found);
    const float a = static_cast<float>(t - 59) / 7;
    const float expected = (1 - a) * tracked.weights[59][kFirstBlink] + a * tracked.weights[66][kFirstBlink];
    EXPECT_NEAR(tracked.weights[t][kFirstBlink], expected, 1e-4F);
    EXPECT_TRUE(tracked.poses[t].rotation.allFinite());
    EXPECT_NEAR(tracked.poses[t].translation.z(), tracked.poses[59].translation.z(), 2);
  }
}

TEST(FilmFitTest, ATrackerWithoutDepthWorksToo) {
  testing::SyntheticFilm film = testing::synthetic_film({.frames = 200});
  for (FaceObservation& o : film.observations) o.points.col(2).setZero();
  const TrackedFilm tracked = fit_film(film.observations, 512, 512, 180, {});
  EXPECT_LT(testing::worst_rotation_error_deg(film.poses, tracked.poses), 1.0);
}

TEST(FilmFitTest, AFaceThatNeverMovesHasFiniteModes) {
  testing::SyntheticFilm film = testing::synthetic_film({.frames = 80, .noise_px = 0, .depth_noise_px = 0});
  for (FaceObservation& o : film.observations) o = film.observations[0];
  const TrackedFilm tracked = fit_film(film.observations, 512, 512, 70, {});
  for (const Vertices& mode : tracked.basis.modes) EXPECT_TRUE(mode.allFinite());
  for (const Weights& w : tracked.weights) {
    for (const float x : w) EXPECT_TRUE(std::isfinite(x));
  }
}

TEST(FilmFitTest, BadInputIsRefused) {
  testing::SyntheticFilm film = testing::synthetic_film({.frames = 80});
  EXPECT_THROW(fit_film({}, 512, 512, 0, {}), Error);
  EXPECT_THROW(fit_film(film.observations, 0, 512, 70, {}), Error);
  EXPECT_THROW(fit_film(film.observations, 512, 512, -1, {}), Error);
  film.observations[3].points(5, 0) = std::numeric_limits<float>::quiet_NaN();
  try {
    fit_film(film.observations, 512, 512, 70, {});
    FAIL() << "accepted a landmark that is not a number";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorruptData);
  }
}

TEST(FilmFitTest, StopsWhenAskedAndReportsItsStages) {
  std::vector<std::string> stages;
  WorkContext context;
  context.progress = [&](const Progress& p) {
    if (stages.empty() || stages.back() != p.stage) stages.push_back(p.stage);
  };
  const testing::SyntheticFilm film = testing::synthetic_film({.frames = 80});
  fit_film(film.observations, 512, 512, 70, context);
  ASSERT_GE(stages.size(), 4U);
  EXPECT_EQ(stages[0], "fitting the shape of the face");
  EXPECT_EQ(stages[1], "following the head");

  context.cancellation.request();
  try {
    fit_film(film.observations, 512, 512, 70, context);
    FAIL() << "did not stop";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

}  // namespace
}  // namespace anima::face
