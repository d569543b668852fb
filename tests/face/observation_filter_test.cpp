#include "face/observation_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"

namespace anima::face {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kMouthPoint = 13;

// A bumpy half ellipsoid for a face, 200 px wide.
Eigen::Matrix<float, kLandmarks, 3, Eigen::RowMajor> face_shape() {
  Eigen::Matrix<float, kLandmarks, 3, Eigen::RowMajor> shape;
  for (int i = 0; i < kLandmarks; ++i) {
    const double angle = 2.399963 * i;  // a sunflower: evenly spread
    const double radius = std::sqrt((i + 0.5) / kLandmarks);
    shape(i, 0) = static_cast<float>(100 * radius * std::cos(angle));
    shape(i, 1) = static_cast<float>(130 * radius * std::sin(angle));
    shape(i, 2) = static_cast<float>(80 * radius * radius);
  }
  return shape;
}

// The face at (x, y), turned by `roll` and scaled.
FaceObservation placed(double x, double y, double roll = 0, double size = 1) {
  FaceObservation observation;
  observation.found = true;
  observation.presence = 20;
  Eigen::Matrix2f turn;
  turn << std::cos(roll), std::sin(roll), -std::sin(roll), std::cos(roll);
  observation.points = face_shape() * static_cast<float>(size);
  observation.points.leftCols<2>() = (observation.points.leftCols<2>() * turn).eval();
  observation.points.col(0).array() += static_cast<float>(x);
  observation.points.col(1).array() += static_cast<float>(y);
  return observation;
}

double second_difference(const std::vector<FaceObservation>& frames, int point) {
  double sum = 0;
  for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
    const auto bend =
        frames[i + 1].points.row(point) - 2 * frames[i].points.row(point) + frames[i - 1].points.row(point);
    sum += bend.leftCols<2>().squaredNorm();
  }
  return std::sqrt(sum / static_cast<double>(frames.size()));
}

TEST(ObservationFilter, LeavesSteadyMotionAlone) {
  std::vector<FaceObservation> frames;
  for (int i = 0; i < 40; ++i) frames.push_back(placed(200 + 2 * i, 250 - i, 0.002 * i, 1 + 0.001 * i));
  const auto filtered = filter_observations(frames);
  ASSERT_EQ(filtered.observations.size(), frames.size());
  EXPECT_THAT(filtered.interpolated_frames, IsEmpty());
  EXPECT_EQ(filtered.lost_frames, 0);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_LT((filtered.observations[i].points - frames[i].points).cwiseAbs().maxCoeff(), 0.02) << i;
    EXPECT_EQ(filtered.observations[i].presence, 20);
  }
}

TEST(ObservationFilter, TakesTrembleOutOfTheHead) {
  Random random(7);
  std::vector<FaceObservation> frames;
  for (int i = 0; i < 200; ++i) {
    frames.push_back(
        placed(256 + 0.5 * random.normal(), 256 + 0.5 * random.normal(), 0.003 * random.normal()));
  }
  ObservationFilterOptions options;
  options.rigid_sigma_frames = 0.6;
  const auto filtered = filter_observations(frames, options);
  EXPECT_LT(second_difference(filtered.observations, 100), 0.6 * second_difference(frames, 100));
  options.rigid_sigma_frames = 0;
  EXPECT_EQ(filter_observations(frames, options).observations[50].points, frames[50].points);
}

TEST(ObservationFilter, DoesNotSlowTheLips) {
  std::vector<FaceObservation> frames(21, placed(256, 256));
  frames[10].points(kMouthPoint, 1) += 8;  // open for a single frame
  const auto filtered = filter_observations(frames);
  const float before = filtered.observations[9].points(kMouthPoint, 1);
  EXPECT_NEAR(filtered.observations[10].points(kMouthPoint, 1) - before, 8, 0.05);
  EXPECT_NEAR(filtered.observations[11].points(kMouthPoint, 1) - before, 0, 0.05);
  EXPECT_THAT(filtered.interpolated_frames, IsEmpty());
}

TEST(ObservationFilter, FillsShortGapsAndMarksThem) {
  std::vector<FaceObservation> frames;
  for (int i = 0; i < 40; ++i) frames.push_back(placed(200 + 3 * i, 250));
  frames[10] = frames[11] = {};
  for (int i = 20; i < 30; ++i) frames[static_cast<std::size_t>(i)] = {};
  const auto filtered = filter_observations(frames);
  EXPECT_THAT(filtered.interpolated_frames, ElementsAre(10, 11));
  EXPECT_EQ(filtered.lost_frames, 10);
  EXPECT_TRUE(filtered.observations[10].found);
  EXPECT_EQ(filtered.observations[10].presence, 0);
  EXPECT_LT((filtered.observations[11].points - placed(233, 250).points).cwiseAbs().maxCoeff(), 0.05);
  EXPECT_FALSE(filtered.observations[25].found);
}

TEST(ObservationFilter, ReplacesASingleWildFrame) {
  std::vector<FaceObservation> frames;
  for (int i = 0; i < 30; ++i) frames.push_back(placed(200 + i, 250));
  frames[15] = placed(260, 230, 0.2, 1.2);
  const auto filtered = filter_observations(frames);
  EXPECT_THAT(filtered.interpolated_frames, ElementsAre(15));
  EXPECT_LT((filtered.observations[15].points - placed(215, 250).points).cwiseAbs().maxCoeff(), 0.05);
}

TEST(ObservationFilter, KeepsARealJump) {
  std::vector<FaceObservation> frames;
  for (int i = 0; i < 30; ++i) frames.push_back(placed(i < 15 ? 200 : 260, 250));  // a cut in the film
  EXPECT_THAT(filter_observations(frames).interpolated_frames, IsEmpty());
}

TEST(ObservationFilter, AcceptsNothingAndNobody) {
  EXPECT_TRUE(filter_observations({}).observations.empty());
  const std::vector<FaceObservation> nobody(5);
  EXPECT_EQ(filter_observations(nobody).lost_frames, 5);
  const std::vector<FaceObservation> one(1, placed(10, 10));
  EXPECT_EQ(filter_observations(one).observations[0].points, one[0].points);
}

}  // namespace
}  // namespace anima::face
