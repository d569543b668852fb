#include "motion/head_motion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/error.h"
#include "test_film.h"

namespace anima::motion {
namespace {

// Poses by formula as in test_film.h, with a calm second half.
FilmMotion film_of(int frames) {
  FilmMotion film;
  for (int i = 0; i < frames; ++i) {
    const double t = i / 25.0, lively = i < frames / 2 ? 1 : 0.2;
    face::HeadPose pose;
    pose.rotation = {lively * 0.1 * std::sin(2 * t), lively * 0.2 * std::sin(1.1 * t),
                     0.02 * std::sin(0.7 * t)};
    pose.translation = {lively * std::sin(0.9 * t), 0.3 * std::sin(0.5 * t), 60};
    film.poses.push_back(pose);
    film.weights.push_back({});
    film.speaking.push_back(1);
  }
  return film;
}

face::HeadPose pose_at(const FilmMotion& film, const FilmPosition& p) {
  return blend_poses(film.poses[p.frame_a], film.poses[p.frame_b], p.blend);
}

double step_between(const face::HeadPose& a, const face::HeadPose& b) {
  return 10 * (face::rotation_matrix(a.rotation) - face::rotation_matrix(b.rotation)).norm() /
             std::sqrt(2.0) +
         (a.translation - b.translation).norm();
}

TEST(BlendPoses, TakesTheShortestArc) {
  face::HeadPose a, b;
  a.rotation = {0.1, -0.2, 0.3};
  b.rotation = {-0.3, 0.4, 0.1};
  b.translation = {2, 4, 80};
  EXPECT_LT(step_between(blend_poses(a, b, 0), a), 1e-9);
  EXPECT_LT(step_between(blend_poses(a, b, 1), b), 1e-9);
  const face::HeadPose middle = blend_poses(a, b, 0.5);
  const auto angle = [](const face::HeadPose& p, const face::HeadPose& q) {
    return face::rotation_vector(face::rotation_matrix(p.rotation).transpose() *
                                 face::rotation_matrix(q.rotation))
        .norm();
  };
  EXPECT_NEAR(angle(a, middle), angle(middle, b), 1e-9);
  EXPECT_NEAR(angle(a, middle) + angle(middle, b), angle(a, b), 1e-9);
  EXPECT_NEAR(middle.translation.z(), 70, 1e-9);
}

TEST(HeadMotion, PlaysWithoutJumpsForAnHour) {
  const FilmMotion film = film_of(700);
  double fastest = 0;
  for (int i = 1; i < 700; ++i) fastest = std::max(fastest, step_between(film.poses[i], film.poses[i - 1]));
  HeadMotion head(film, {});
  face::HeadPose before = pose_at(film, head.next(true));
  int changes = 0;
  int frame_before = 0;
  for (int i = 1; i < 25 * 3600; ++i) {
    const FilmPosition p = head.next(i % 500 > 100);
    ASSERT_TRUE(p.frame_a >= 0 && p.frame_a < 700 && p.frame_b >= 0 && p.frame_b < 700);
    ASSERT_TRUE(p.blend >= 0 && p.blend <= 1);
    const face::HeadPose pose = pose_at(film, p);
    ASSERT_LT(step_between(pose, before), 1.6 * fastest) << "frame " << i;
    before = pose;
    if (i > 1 && std::abs(p.frame_a - frame_before) > 1) ++changes;
    frame_before = p.frame_a;
  }
  EXPECT_GT(changes, 100);
}

TEST(HeadMotion, UsesMuchOfTheFilmAndDoesNotLoop) {
  const FilmMotion film = film_of(1000);
  HeadMotion head(film, {});
  std::set<int> seconds;
  for (int i = 0; i < 25 * 300; ++i) seconds.insert(head.next(true).frame_a / 25);
  EXPECT_GT(seconds.size(), 25U);  // of 40
}

TEST(HeadMotion, PrefersCalmPassagesInSilence) {
  const FilmMotion film = film_of(1500);
  const auto calm_share = [&](bool speaking) {
    HeadMotion head(film, {});
    int calm = 0;
    for (int i = 0; i < 25 * 600; ++i) calm += head.next(speaking).frame_a >= 750 ? 1 : 0;
    return calm / (25 * 600.0);
  };
  EXPECT_GT(calm_share(false), calm_share(true) + 0.05);
}

TEST(HeadMotion, TheSeedDecides) {
  const FilmMotion film = film_of(1000);
  const auto path = [&](std::uint64_t seed) {
    HeadMotionOptions options;
    options.seed = seed;
    HeadMotion head(film, options);
    std::vector<int> frames;
    for (int i = 0; i < 3000; ++i) frames.push_back(head.next(true).frame_a);
    return frames;
  };
  EXPECT_EQ(path(1), path(1));
  EXPECT_NE(path(1), path(2));
}

TEST(HeadMotion, StaticStaysAtTheUsualPose) {
  const FilmMotion film = film_of(300);
  HeadMotionOptions options;
  options.mode = PoseMode::kStatic;
  HeadMotion head(film, options);
  const int usual = usual_pose_frame(film);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(head.next(true).frame_a, usual);
  options.static_frame = 17;
  EXPECT_EQ(HeadMotion(film, options).next(true).frame_a, 17);
}

TEST(HeadMotion, RangeGoesForthAndBackSoftly) {
  const FilmMotion film = film_of(300);
  HeadMotionOptions options;
  options.mode = PoseMode::kRange;
  options.range_first = 50;
  options.range_last = 110;
  HeadMotion head(film, options);
  double before = -1, low = 1e9, high = -1, speed_before = 0;
  for (int i = 0; i < 1000; ++i) {
    const FilmPosition p = head.next(true);
    const double place = p.frame_a + (p.frame_b - p.frame_a) * p.blend;
    ASSERT_GE(place, 50);
    ASSERT_LE(place, 110);
    if (i > 0) {
      const double speed = place - before;
      ASSERT_LE(std::fabs(speed), 1.001);
      if (i > 1) {
        ASSERT_LT(std::fabs(speed - speed_before), 0.15) << i;
      }
      speed_before = speed;
    }
    before = place;
    low = std::min(low, place);
    high = std::max(high, place);
  }
  EXPECT_LT(low, 51);
  EXPECT_GT(high, 109);
}

TEST(HeadMotion, VeryShortFilmsGoForthAndBack) {
  const FilmMotion film = film_of(30);
  HeadMotion head(film, {});
  for (int i = 0; i < 300; ++i) {
    const FilmPosition p = head.next(true);
    ASSERT_LE(std::abs(p.frame_a - p.frame_b), 1);
  }
  const FilmMotion one = film_of(1);
  HeadMotion still(one, {});
  EXPECT_EQ(still.next(true).frame_b, 0);
}

TEST(HeadMotion, RefusesFramesThatAreNotThere) {
  const FilmMotion film = film_of(300);
  EXPECT_THROW(HeadMotion(film_of(0), {}), Error);
  HeadMotionOptions options;
  options.mode = PoseMode::kStatic;
  options.static_frame = 300;
  EXPECT_THROW(HeadMotion(film, options), Error);
  options.mode = PoseMode::kRange;
  options.range_first = 100;
  options.range_last = 50;
  EXPECT_THROW(HeadMotion(film, options), Error);
}

}  // namespace
}  // namespace anima::motion
