// Tracking against the exact truth of a film that was computed: the house presenter's.
#include <gtest/gtest.h>

#include <Eigen/Geometry>

#include <cmath>
#include <numbers>

#include "face/face_tracker.h"
#include "face/film_fit.h"
#include "face/lip_measures.h"
#include "face/observation_filter.h"
#include "support/presenter_clip.h"

namespace anima::face {
namespace {

constexpr int kSide_px = 512;
constexpr double kDegree = std::numbers::pi / 180;

double correlation(const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) {
  const Eigen::ArrayXd x = a - a.mean(), y = b - b.mean();
  return (x * y).sum() / std::sqrt(x.square().sum() * y.square().sum());
}

struct TrackedClip {
  std::vector<FaceObservation> seen;
  TrackedFilm film;
  test::ClipTruth truth;
};

const TrackedClip& clip() {
  static const TrackedClip tracked = [] {
    TrackedClip result;
    const FaceNetworks networks;
    FaceTracker tracker(networks);
    for (const Image& frame : test::presenter_frames(test::kClipFrames, kSide_px))
      result.seen.push_back(tracker.observe(frame));
    const auto filtered = filter_observations(result.seen);
    result.film = fit_film(filtered.observations, kSide_px, kSide_px, test::kClipFrames, {});
    result.truth = test::presenter_truth(kSide_px);
    return result;
  }();
  return tracked;
}

TEST(PresenterClip, IsSeenInEveryFrame) {
  ASSERT_EQ(static_cast<int>(clip().seen.size()), test::kClipFrames);
  ASSERT_EQ(clip().truth.poses.size(), clip().seen.size());
  for (const FaceObservation& face : clip().seen) EXPECT_TRUE(face.found);
}

// Which way a resting head faces is a convention of each side: one constant rotation is taken out.
TEST(PresenterClip, HeadPoseIsTheTrueOne) {
  const auto& poses = clip().film.poses;
  Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
  for (std::size_t t = 0; t < poses.size(); ++t)
    sum += clip().truth.poses[t].matrix().transpose() * poses[t].matrix();
  const Eigen::Matrix3d constant = rotation_matrix(rotation_vector(
      Eigen::Quaterniond(Eigen::Matrix3d(sum / static_cast<double>(poses.size()))).normalized().matrix()));
  double error = 0, worst = 0;
  for (std::size_t t = 0; t < poses.size(); ++t) {
    const Eigen::Matrix3d rest = (clip().truth.poses[t].matrix() * constant).transpose() * poses[t].matrix();
    const double angle = rotation_vector(rest).norm() / kDegree;
    error += angle / static_cast<double>(poses.size());
    worst = std::max(worst, angle);
  }
  RecordProperty("mean_error_deg", std::to_string(error));
  EXPECT_LT(error, 1.5);
  EXPECT_LT(worst, 4);
}

TEST(PresenterClip, LipsOpenAsTheyDo) {
  Eigen::ArrayXd tracked(test::kClipFrames), truth(test::kClipFrames);
  for (int t = 0; t < test::kClipFrames; ++t) {
    tracked[t] = lip_opening(clip().film.basis.mesh(clip().film.weights[t]));
    truth[t] = clip().truth.lip_opening_px[t];
  }
  RecordProperty("correlation", std::to_string(correlation(tracked, truth)));
  EXPECT_GT(correlation(tracked, truth), 0.9);
}

TEST(PresenterClip, LidsCloseAsTheyDo) {
  Eigen::ArrayXd tracked(test::kClipFrames), truth(test::kClipFrames);
  for (int t = 0; t < test::kClipFrames; ++t) {
    const Weights& w = clip().film.weights[t];
    tracked[t] = 0.5 * (w[kFirstBlink] + w[kFirstBlink + 1]);
    truth[t] = clip().truth.eye_closure[t];
  }
  EXPECT_GT(correlation(tracked, truth), 0.8);
}

TEST(PresenterClip, CornersOfTheMouthLieWhereTheyAre) {
  double error = 0;
  for (int t = 0; t < test::kClipFrames; ++t) {
    const auto& points = clip().seen[t].points;
    for (const auto& [landmark, true_px] :
         {std::pair{61, clip().truth.right_corner_px[t]}, {291, clip().truth.left_corner_px[t]}}) {
      error += std::hypot(points(landmark, 0) - true_px[0], points(landmark, 1) - true_px[1]);
    }
  }
  EXPECT_LT(error / (2 * test::kClipFrames), 7);
}

}  // namespace
}  // namespace anima::face
