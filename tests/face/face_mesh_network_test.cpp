#include "face/face_mesh_network.h"

#include <gtest/gtest.h>

#include "face/face_detector.h"
#include "face/face_square.h"
#include "support/presenter_clip.h"

namespace anima::face {
namespace {

class FaceMeshOnFilm : public ::testing::Test {
 protected:
  void SetUp() override {
    frames_ = test::presenter_frames(1);
    network_.emplace();
    square_ = square_around_detection(FaceDetector().detect(frames_[0]).at(0));
    for (int i = 0; i < 2; ++i) {
      const Landmarks seen = network_->run(frames_[0], square_).points;
      square_ = square_around_landmarks({seen.data(), static_cast<std::size_t>(seen.size())});
    }
  }
  static Image shifted(const Image& picture, int right) {
    Image result(picture.width, picture.height, 3);
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < picture.width; ++x) {
        for (int c = 0; c < 3; ++c) result.row(y)[3 * x + c] = picture.row(y)[3 * std::max(x - right, 0) + c];
      }
    }
    return result;
  }
  FaceSquare square_;  // where tracking would look
  std::vector<Image> frames_;
  std::optional<FaceMeshNetwork> network_;
};

TEST_F(FaceMeshOnFilm, LandmarksLieOnTheFace) {
  const FaceMesh mesh = network_->run(frames_[0], square_);
  EXPECT_GT(mesh.presence, 5);
  const test::ClipTruth truth = test::presenter_truth(frames_[0].width);
  const auto expect_near = [&](int landmark, const test::ClipTruth::Point& where) {
    EXPECT_NEAR(mesh.points(landmark, 0), where[0], 6) << landmark;
    EXPECT_NEAR(mesh.points(landmark, 1), where[1], 6) << landmark;
  };
  expect_near(61, truth.right_corner_px[0]);
  expect_near(291, truth.left_corner_px[0]);
  expect_near(468, truth.right_eye_px[0]);  // pupils
  expect_near(473, truth.left_eye_px[0]);
}

TEST_F(FaceMeshOnFilm, DepthGrowsAwayFromTheCamera) {
  const FaceMesh mesh = network_->run(frames_[0], square_);
  const float nose = mesh.points(1, 2);
  for (const int far_one : {234, 454, 10, 152}) EXPECT_LT(nose + 12, mesh.points(far_one, 2));
  // The irises lie at the depth of their eyes.
  EXPECT_NEAR(mesh.points(468, 2), mesh.points(159, 2), 12);
  EXPECT_NEAR(mesh.points(473, 2), mesh.points(386, 2), 12);
}

TEST_F(FaceMeshOnFilm, RefinedPartsReplaceTheMeshSmoothly) {
  const FaceMesh mesh = network_->run(frames_[0], square_);
  // The iris rim surrounds its centre, and the lips' rings are ordered from outside to inside.
  for (const int centre : {468, 473}) {
    const auto rim = mesh.points.middleRows<4>(centre + 1).leftCols<2>();
    const Eigen::RowVector2f middle = rim.colwise().mean();
    EXPECT_LT((middle - mesh.points.row(centre).leftCols<2>()).norm(), 1.5);
  }
  EXPECT_LT(mesh.points(0, 1), mesh.points(13, 1));
  EXPECT_LT(mesh.points(13, 1), mesh.points(14, 1));
  EXPECT_LT(mesh.points(14, 1), mesh.points(17, 1));
}

TEST_F(FaceMeshOnFilm, FollowsAShiftOfThePicture) {
  const FaceMesh still = network_->run(frames_[0], square_);
  FaceSquare moved = square_;
  moved.centre_x_px += 7;
  const FaceMesh shifted_mesh = network_->run(shifted(frames_[0], 7), moved);
  const Landmarks difference = shifted_mesh.points - still.points;
  EXPECT_NEAR(difference.col(0).mean(), 7, 0.05);
  EXPECT_LT((difference.col(0).array() - 7).abs().maxCoeff(), 0.3);
  EXPECT_LT(difference.rightCols<2>().cwiseAbs().maxCoeff(), 0.3);
}

TEST_F(FaceMeshOnFilm, SeesNoFaceInAGreyPicture) {
  Image grey(512, 512, 3);
  std::fill(grey.pixels.begin(), grey.pixels.end(), std::uint8_t{128});
  EXPECT_LT(network_->run(grey, square_).presence, 0);
}

}  // namespace
}  // namespace anima::face
