#include "face/face_crop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/error.h"
#include "media/film_writer.h"
#include "support/presenter_clip.h"

namespace anima::face {
namespace {

using ::testing::HasSubstr;

std::vector<FaceExtent> still_face(double x, double y, double height, int count = 20) {
  return std::vector<FaceExtent>(static_cast<std::size_t>(count),
                                 {x - 0.4 * height, y - 0.5 * height, x + 0.4 * height, y + 0.5 * height});
}

void expect_inside(const media::CropSquare& square, int width, int height) {
  EXPECT_GE(square.left_px, 0);
  EXPECT_GE(square.top_px, 0);
  EXPECT_LE(square.left_px + square.side_px, width);
  EXPECT_LE(square.top_px + square.side_px, height);
}

TEST(FaceCrop, TakesASquareFilmWhole) {
  const FaceCrop crop = face_crop_of(still_face(256, 256, 280), 512, 512);
  EXPECT_FALSE(crop.square);
  EXPECT_NEAR(crop.face_share, 280.0 / 512, 1e-9);
  EXPECT_THAT(crop.reason, HasSubstr("square already"));
}

TEST(FaceCrop, TakesTheMiddleOfANearlySquareFilm) {
  const FaceCrop crop = face_crop_of(still_face(256, 250, 280), 512, 504);
  ASSERT_TRUE(crop.square) << "the whole picture would be squashed";
  EXPECT_EQ(crop.square->side_px, 504);
  EXPECT_EQ(crop.square->left_px, 4);
  EXPECT_EQ(crop.square->top_px, 0);
}

TEST(FaceCrop, CutsASquareFilmWithASmallFace) {
  const FaceCrop crop = face_crop_of(still_face(400, 300, 200), 1000, 1000);
  ASSERT_TRUE(crop.square);
  EXPECT_NEAR(crop.face_share, 0.53, 0.005);
  expect_inside(*crop.square, 1000, 1000);
}

TEST(FaceCrop, PutsTheFaceALittleAboveTheMiddle) {
  const FaceCrop crop = face_crop_of(still_face(700, 500, 300), 1920, 1080);
  ASSERT_TRUE(crop.square);
  expect_inside(*crop.square, 1920, 1080);
  EXPECT_NEAR(crop.square->side_px, 300 / 0.53, 1);
  EXPECT_NEAR(crop.square->left_px + crop.square->side_px / 2, 700, 1);
  EXPECT_NEAR(500 - crop.square->top_px, 0.49 * crop.square->side_px, 1);
}

TEST(FaceCrop, CoversTheMotionOfTheHead) {
  std::vector<FaceExtent> extents = still_face(600, 500, 200);
  const std::vector<FaceExtent> aside = still_face(900, 520, 200);
  extents.insert(extents.end(), aside.begin(), aside.end());
  const FaceCrop crop = face_crop_of(extents, 1920, 1080);
  ASSERT_TRUE(crop.square);
  EXPECT_LT(crop.square->left_px, 600 - 80 - 30);
  EXPECT_GT(crop.square->left_px + crop.square->side_px, 900 + 80 + 30);
  EXPECT_THAT(crop.reason, HasSubstr("motion"));
}

TEST(FaceCrop, IgnoresARareMistake) {
  std::vector<FaceExtent> extents = still_face(600, 500, 200, 200);
  const FaceCrop expected = face_crop_of(extents, 1920, 1080);
  extents[7] = {1500, 20, 1600, 140};
  const FaceCrop crop = face_crop_of(extents, 1920, 1080);
  ASSERT_TRUE(crop.square && expected.square);
  EXPECT_EQ(crop.square->side_px, expected.square->side_px);
  EXPECT_EQ(crop.square->left_px, expected.square->left_px);
}

TEST(FaceCrop, StaysInsideOfThePicture) {
  // Close to a corner, larger than the film is high, and a portrait film.
  for (const auto& [x, y, height, film_width, film_height] : {std::tuple{120, 150, 200, 1920, 1080},
                                                              {1850, 1000, 200, 1920, 1080},
                                                              {900, 540, 800, 1920, 1080},
                                                              {540, 700, 700, 1080, 1920}}) {
    const FaceCrop crop = face_crop_of(still_face(x, y, height), film_width, film_height);
    ASSERT_TRUE(crop.square);
    expect_inside(*crop.square, film_width, film_height);
  }
}

// Of the presenter in a picture of 512: forehead to chin, as the mesh has them.
constexpr double kFace_px = 196;

class FaceCropOnFilm : public ::testing::Test {
 protected:
  void SetUp() override {
    frame_ = test::presenter_frames(1);
    networks_.emplace();
    film_ =
        std::filesystem::path(::testing::TempDir()) / ("anima_crop_" + std::to_string(::getpid()) + ".mp4");
  }
  void TearDown() override { std::filesystem::remove(film_); }

  // A second of film: the sample's frame, shrunk by `shrink`, at (left, top) on grey; if asked, once
  // more at `second_left`.
  void write_film(int width, int height, int left, int top, int shrink, int second_left = -1) {
    Image picture(width, height, 3);
    std::fill(picture.pixels.begin(), picture.pixels.end(), std::uint8_t{110});
    for (int y = 0; y < 512 / shrink; ++y) {
      for (int x = 0; x < 512 / shrink; ++x) {
        const std::uint8_t* from = frame_[0].row(y * shrink) + 3 * x * shrink;
        std::copy_n(from, 3, picture.row(top + y) + 3 * (left + x));
        if (second_left >= 0) std::copy_n(from, 3, picture.row(top + y) + 3 * (second_left + x));
      }
    }
    media::FilmWriterOptions options;
    options.width_px = width;
    options.height_px = height;
    options.with_sound = false;
    media::FilmWriter writer(film_, options);
    for (int i = 0; i < 25; ++i) writer.write_frame(picture);
    writer.finish();
  }

  std::vector<Image> frame_;
  std::optional<FaceNetworks> networks_;
  std::filesystem::path film_;
};

TEST_F(FaceCropOnFilm, FindsTheSquareInAWideFilm) {
  write_film(1280, 720, 500, 150, 1);
  const FaceCrop crop = choose_face_crop(*networks_, film_, {}, {});
  ASSERT_TRUE(crop.square);
  EXPECT_EQ(crop.samples, crop.samples_with_face);
  EXPECT_NEAR(crop.face_height_px, kFace_px, 10);
  EXPECT_NEAR(crop.square->left_px + crop.square->side_px / 2, 500 + 256, 12);
  EXPECT_NEAR(crop.square->side_px, kFace_px / 0.53, 20);
}

TEST_F(FaceCropOnFilm, FindsAFaceTooSmallForTheWholePicture) {
  write_film(1280, 720, 900, 400, 4);
  const FaceCrop crop = choose_face_crop(*networks_, film_, {}, {});
  ASSERT_TRUE(crop.square);
  EXPECT_NEAR(crop.face_height_px, kFace_px / 4, 6);
  EXPECT_NEAR(crop.square->left_px + crop.square->side_px / 2, 900 + 64, 8);
}

// Also where both faces are so small that only parts of the picture show them.
TEST_F(FaceCropOnFilm, SeesTwoFacesOfOneSize) {
  for (const int shrink : {1, 4}) {
    const int second = shrink == 1 ? 640 : 900;
    write_film(1280, 720, 100, 150, shrink, second);
    EXPECT_GT(choose_face_crop(*networks_, film_, {}, {}).share_with_rival(), 0.9) << shrink;
  }
  write_film(1280, 720, 100, 150, 1);
  EXPECT_EQ(choose_face_crop(*networks_, film_, {}, {}).samples_with_rival, 0);
}

TEST_F(FaceCropOnFilm, LooksNoFurtherThanAsked) {
  write_film(640, 640, 60, 60, 1);
  FaceCropOptions options;
  options.limit_s = 0.4;
  options.samples_per_second = 10;
  EXPECT_LE(choose_face_crop(*networks_, film_, options, {}).samples, 4);
}

TEST_F(FaceCropOnFilm, RefusesAFilmWithoutAFace) {
  write_film(640, 360, 600, 300, 128);
  try {
    choose_face_crop(*networks_, film_, {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnusableInput);
    EXPECT_THAT(error.what(), HasSubstr(film_.filename().string()));
  }
}

}  // namespace
}  // namespace anima::face
