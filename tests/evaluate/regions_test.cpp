#include "evaluate/regions.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "evaluate/landmark_distance.h"

namespace anima::evaluate {
namespace {

// An upright face: oval 200 wide, 260 tall around (256, 250), mouth 80 wide at y = 330.
face::FaceObservation upright_face() {
  face::FaceObservation face;
  face.found = true;
  const auto put = [&](int index, float x, float y) {
    face.points(index, 0) = x;
    face.points(index, 1) = y;
  };
  for (const int index : kMouthOutline) put(index, 256, 330);
  put(10, 256, 120);
  put(152, 256, 380);
  put(234, 156, 250);
  put(454, 356, 250);
  put(61, 216, 330);
  put(291, 296, 330);
  put(0, 256, 320);
  put(17, 256, 345);
  return face;
}

TEST(Regions, MouthBoxHoldsTheLipsWithMargin) {
  const Box box = mouth_box(upright_face(), 512, 512, 0.25);
  EXPECT_EQ(box.left_px, 216 - 20);
  EXPECT_EQ(box.left_px + box.width_px, 296 + 20);
  EXPECT_EQ(box.top_px, 320 - 20);
  EXPECT_EQ(box.top_px + box.height_px, 345 + 20);
}

TEST(Regions, MouthBoxIsClippedToThePicture) {
  face::FaceObservation face = upright_face();
  face.points.col(1).array() += 170;  // lips at y 490 to 515 of 512
  const Box box = mouth_box(face, 512, 512);
  EXPECT_LE(box.top_px + box.height_px, 512);
  EXPECT_GE(box.height_px, 16);
  face.points.col(1).array() += 200;
  EXPECT_THROW(mouth_box(face, 512, 512), Error);
}

TEST(Regions, HeadRegionCoversFaceAndHairButNotTheShoulders) {
  const Image region = head_region(upright_face(), 512, 512);
  EXPECT_EQ(region.row(250)[256], 255);
  EXPECT_EQ(region.row(100)[256], 255);  // hair, above the oval
  EXPECT_EQ(region.row(375)[256], 255);  // chin
  EXPECT_EQ(region.row(480)[256], 0);
  EXPECT_EQ(region.row(250)[60], 0);
  EXPECT_EQ(region.row(500)[40], 0);
}

TEST(Regions, PasteTakesEachPixelFromItsSide) {
  Image generated(4, 1, 3), film(4, 1, 3), region(4, 1, 1);
  std::fill(generated.pixels.begin(), generated.pixels.end(), 200);
  std::fill(film.pixels.begin(), film.pixels.end(), 100);
  region.pixels = {0, 255, 51, 0};
  const Image result = paste_region(generated, film, region);
  EXPECT_EQ(result.pixels[0], 100);
  EXPECT_EQ(result.pixels[3], 200);
  EXPECT_EQ(result.pixels[6], 120);  // a fifth of the way
  EXPECT_THROW(paste_region(generated, Image(5, 1, 3), region), Error);
}

TEST(Regions, CropCopiesAndRefusesWhatLiesOutside) {
  Image image(6, 5, 1);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i);
  const Image part = crop(image, {2, 1, 3, 2});
  EXPECT_EQ(part.pixels, (std::vector<std::uint8_t>{8, 9, 10, 14, 15, 16}));
  EXPECT_THROW(crop(image, {4, 0, 3, 2}), Error);
  EXPECT_THROW(crop(image, {-1, 0, 3, 2}), Error);
}

}  // namespace
}  // namespace anima::evaluate
