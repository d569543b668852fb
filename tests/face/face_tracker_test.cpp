#include "face/face_tracker.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/error.h"
#include "support/presenter_clip.h"

namespace anima::face {
namespace {

class FaceTrackerOnFilm : public ::testing::Test {
 protected:
  void SetUp() override {
    frames_ = test::presenter_frames(24);
    networks_.emplace();
    folder_ = std::filesystem::path(::testing::TempDir()) / ("anima_tracker_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  media::FrameStore store(const std::string& name) {
    media::FrameStoreWriter writer(folder_ / name, 512, 512);
    for (const Image& frame : frames_) writer.append(frame);
    writer.finish();
    return media::FrameStore(folder_ / name);
  }

  std::vector<Image> frames_;
  std::optional<FaceNetworks> networks_;
  std::filesystem::path folder_;
};

TEST_F(FaceTrackerOnFilm, KeepsTheFaceAndFindsItAgain) {
  Image empty(512, 512, 3);
  FaceTracker tracker(*networks_);
  const FaceObservation first = tracker.observe(frames_[0]);
  ASSERT_TRUE(first.found);
  EXPECT_GT(first.presence, 10);
  EXPECT_FALSE(tracker.observe(empty).found);
  EXPECT_FALSE(tracker.observe(empty).found);
  const FaceObservation again = tracker.observe(frames_[0]);
  ASSERT_TRUE(again.found);
  EXPECT_EQ(again.points, first.points);
  EXPECT_TRUE(tracker.observe(frames_[1]).found);
}

TEST_F(FaceTrackerOnFilm, SettlesOnADetectionAtOnce) {
  FaceTracker tracker(*networks_);
  const FaceObservation first = tracker.observe(frames_[0]);
  FaceObservation settled;
  for (int i = 0; i < 5; ++i) settled = tracker.observe(frames_[0]);
  const auto difference = (settled.points - first.points).leftCols<2>();
  EXPECT_LT(std::sqrt(difference.rowwise().squaredNorm().mean()), 0.7);
}

TEST_F(FaceTrackerOnFilm, GivesTheSameOnAnyNumberOfThreads) {
  const media::FrameStore frames = store("frames");
  TrackingOptions options;
  options.frames_per_chunk = 5;
  options.frames_per_detection = 10;
  std::vector<std::vector<FaceObservation>> results;
  std::vector<std::vector<Image>> masks;
  for (const int threads : {1, 3}) {
    options.threads = threads;
    const auto path = folder_ / ("masks" + std::to_string(threads));
    media::FrameStoreWriter writer(path, kMaskSide, kMaskSide, 1);
    results.push_back(track_frames(*networks_, frames, &writer, options, {}));
    ASSERT_EQ(writer.finish(), static_cast<int>(frames_.size()));
    const media::FrameStore written(path);
    masks.emplace_back(frames_.size());
    for (std::size_t i = 0; i < frames_.size(); ++i) written.read(static_cast<int>(i), masks.back()[i]);
  }
  ASSERT_EQ(results[0].size(), frames_.size());
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    EXPECT_TRUE(results[0][i].found);
    EXPECT_EQ(results[0][i].points, results[1][i].points) << i;
    EXPECT_EQ(results[0][i].faces, i % 10 == 0 ? 1 : 0) << i;
    EXPECT_EQ(masks[0][i].pixels, masks[1][i].pixels) << i;
    EXPECT_EQ(masks[0][i].pixels, networks_->segmenter.mask(frames_[i]).pixels) << i;
  }
}

TEST_F(FaceTrackerOnFilm, ChunksJoinWithoutASeam) {
  const media::FrameStore frames = store("frames");
  TrackingOptions options;
  options.threads = 1;
  options.frames_per_detection = 0;
  const auto whole = track_frames(*networks_, frames, nullptr, options, {});
  options.frames_per_chunk = 8;
  const auto parts = track_frames(*networks_, frames, nullptr, options, {});
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    EXPECT_LT((whole[i].points - parts[i].points).leftCols<2>().cwiseAbs().maxCoeff(), 0.5) << i;
  }
}

TEST_F(FaceTrackerOnFilm, StopsWhenAsked) {
  const media::FrameStore frames = store("frames");
  WorkContext context;
  int reports = 0;
  context.progress = [&](const Progress& progress) {
    EXPECT_GE(progress.fraction, 0);
    EXPECT_LE(progress.fraction, 1);
    if (++reports == 1) context.cancellation.request();
  };
  try {
    track_frames(*networks_, frames, nullptr, {}, context);
    FAIL() << "was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

TEST_F(FaceTrackerOnFilm, CountsEveryFaceOnce) {
  const Image& one = frames_[0];
  EXPECT_EQ(count_faces(*networks_, one), 1);
  Image two(2 * one.width, one.height, 3);
  for (int y = 0; y < one.height; ++y) {
    for (int i = 0; i < 2; ++i) std::copy_n(one.row(y), 3 * one.width, two.row(y) + 3 * one.width * i);
  }
  EXPECT_EQ(count_faces(*networks_, two), 2);
  const std::vector<FaceMesh> faces = find_faces(*networks_, two);
  ASSERT_EQ(faces.size(), 2U);
  EXPECT_GT(std::abs(faces[0].points(1, 0) - faces[1].points(1, 0)), 0.8 * one.width);
}

// The detector alone takes this man's folded hands for a larger face than his own.
TEST(FaceTrackerOnARealFilm, FoldedHandsAreNoFace) {
  const char* shared = std::getenv("ANIMA_SHARED");
  const std::filesystem::path film =
      (shared != nullptr ? std::filesystem::path(shared)
                         : std::filesystem::path(ANIMA_SOURCE_DIR) / ".." / "shared") /
      "videos" / "standing-20s-1080x1920.mp4";
  if (!std::filesystem::exists(film)) GTEST_SKIP() << film << " is not there (set ANIMA_SHARED)";
  const FaceNetworks networks;
  media::FrameReaderOptions options;
  options.width_px = 720;
  options.height_px = 1280;
  media::FrameReader reader(film, options);
  Image frame;
  double time_s = 0;
  int mistaken = 0;
  for (int i = 0; i < 24; ++i) {
    ASSERT_TRUE(reader.next(frame, time_s));
    mistaken += networks.detector.detect(frame).size() > 1 ? 1 : 0;
    EXPECT_EQ(count_faces(networks, frame), 1) << "frame " << i;
    const auto face = find_largest_face(networks, frame);
    ASSERT_TRUE(face) << "frame " << i;
    EXPECT_LT(face->points(1, 1), 640) << "frame " << i;
  }
  EXPECT_GT(mistaken, 5) << "this film no longer tries what is tested";
}

// What the presenter is not: a person in front of a camera.
TEST(FaceTrackerOnARealFilm, SeesThePersonInEveryFrame) {
  const char* shared = std::getenv("ANIMA_SHARED");
  const std::filesystem::path film =
      (shared != nullptr ? std::filesystem::path(shared)
                         : std::filesystem::path(ANIMA_SOURCE_DIR) / ".." / "shared") /
      "videos" / "lieu-45s-512.mp4";
  if (!std::filesystem::exists(film)) GTEST_SKIP() << film << " is not there (set ANIMA_SHARED)";
  const FaceNetworks networks;
  FaceTracker tracker(networks);
  media::FrameReader reader(film, {});
  Image frame;
  double time_s = 0;
  for (int i = 0; i < 24; ++i) {
    ASSERT_TRUE(reader.next(frame, time_s));
    const FaceObservation seen = tracker.observe(frame);
    ASSERT_TRUE(seen.found) << "frame " << i;
    EXPECT_GT(seen.presence, 10) << "frame " << i;
  }
}

}  // namespace
}  // namespace anima::face
