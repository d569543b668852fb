#include "face/tracked_film.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "core/error.h"
#include "core/files.h"
#include "core/random.h"

namespace anima::face {
namespace {

namespace fs = std::filesystem;

class TrackedFilmTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("anima-tracked-film-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path path() const { return folder_ / "film.safetensors"; }

  fs::path folder_;
};

TrackedFilm small_film() {
  Random random(4);
  TrackedFilm film;
  film.camera = {640, 480, 900, 320.5, 240};
  film.training_frames = 4;
  for (int t = 0; t < 5; ++t) {
    FaceObservation o;
    o.found = t != 2;
    o.presence = 12.5F + static_cast<float>(t);
    o.faces = t;
    for (int i = 0; i < o.points.size(); ++i) o.points.data()[i] = static_cast<float>(random.uniform(0, 512));
    film.observations.push_back(o);
    film.poses.push_back({{0.1 * t, 0.2, -0.3}, {1, 2, 60.0 + t}});
    Weights w{};
    for (float& x : w) x = static_cast<float>(random.normal());
    film.weights.push_back(w);
  }
  film.basis.neutral = Vertices::Random(kLandmarks, 3);
  for (Vertices& mode : film.basis.modes) mode = Vertices::Random(kLandmarks, 3);
  return film;
}

TEST_F(TrackedFilmTest, SurvivesAFile) {
  const TrackedFilm film = small_film();
  film.save(path());
  const TrackedFilm again = TrackedFilm::load(path());
  ASSERT_EQ(again.frames(), 5);
  EXPECT_EQ(again.training_frames, 4);
  EXPECT_EQ(again.camera.width_px, 640);
  EXPECT_EQ(again.camera.height_px, 480);
  EXPECT_NEAR(again.camera.focal_px, 900, 1e-4);
  EXPECT_NEAR(again.camera.centre_x_px, 320.5, 1e-4);
  for (int t = 0; t < 5; ++t) {
    EXPECT_EQ(again.observations[t].found, film.observations[t].found);
    EXPECT_EQ(again.observations[t].faces, film.observations[t].faces);
    EXPECT_EQ(again.observations[t].presence, film.observations[t].presence);
    EXPECT_EQ(again.observations[t].points, film.observations[t].points);
    EXPECT_EQ(again.weights[t], film.weights[t]);
    EXPECT_NEAR((again.poses[t].rotation - film.poses[t].rotation).norm(), 0, 1e-7);
    EXPECT_NEAR((again.poses[t].translation - film.poses[t].translation).norm(), 0, 1e-5);
  }
  EXPECT_EQ(again.basis.neutral, film.basis.neutral);
}

TEST_F(TrackedFilmTest, RefusesHostileFiles) {
  small_film().save(path());
  const TensorFile good = read_tensor_file(path());
  const auto refused = [&](const std::function<void(TensorFile&)>& spoil) {
    TensorFile bad = good;
    spoil(bad);
    write_tensor_file(path(), bad);
    try {
      TrackedFilm::load(path());
    } catch (const Error& error) {
      return error.code() == ErrorCode::kCorruptData || error.code() == ErrorCode::kUnsupported;
    }
    return false;
  };
  EXPECT_TRUE(refused([](TensorFile& f) { f.tensors.erase("film.poses"); }));
  EXPECT_TRUE(refused([](TensorFile& f) { f.metadata.erase("kind"); }));
  EXPECT_TRUE(refused([](TensorFile& f) { f.metadata["version"] = "999"; }));
  EXPECT_TRUE(refused([](TensorFile& f) { f.put("film.found", {4}, std::vector<std::uint8_t>(4, 1)); }));
  EXPECT_TRUE(refused([](TensorFile& f) { f.put("film.found", {5}, std::vector<std::uint8_t>(5, 7)); }));
  EXPECT_TRUE(refused([](TensorFile& f) { f.put("film.optics", {3}, std::vector<float>{-5, 0, 0}); }));
  EXPECT_TRUE(refused([](TensorFile& f) {
    f.put("film.sizes", {3}, std::vector<std::int32_t>{512, 512, 6});
  }));
  EXPECT_TRUE(refused([](TensorFile& f) { f.put("film.sizes", {3}, std::vector<std::int32_t>{0, 512, 5}); }));
  EXPECT_TRUE(refused([](TensorFile& f) { f.put("film.poses", {5, 6}, std::vector<float>(30, 0)); }));
  EXPECT_TRUE(refused([](TensorFile& f) { f.put("film.weights", {5, 19}, std::vector<float>(95, 0)); }));
}

TEST_F(TrackedFilmTest, RefusesOtherBytesAndMissingFiles) {
  write_file_atomically(path(), std::string("this is no film"));
  EXPECT_THROW(TrackedFilm::load(path()), Error);
  EXPECT_THROW(TrackedFilm::load(folder_ / "nothing"), Error);
  TrackedFilm torn = small_film();
  torn.weights.pop_back();
  EXPECT_THROW(torn.save(path()), Error);
}

}  // namespace
}  // namespace anima::face
