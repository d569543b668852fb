#include "studio/cut_detector.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/random.h"
#include "support/presenter_clip.h"

namespace anima::studio {
namespace {

Image noise(std::uint64_t seed) {
  Random random(seed);
  Image picture(24, 24, 3);
  for (std::uint8_t& value : picture.pixels) value = static_cast<std::uint8_t>(random.below(256));
  return picture;
}

TEST(CutDetector, SeesTheCutsOfAFilmAndNothingElse) {
  const std::vector<Image> film = test::presenter_frames(test::kClipFrames, 256);
  CutDetector cuts;
  for (const Image& frame : film) EXPECT_FALSE(cuts.next(frame));
  Image mirrored = film[0];
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 256; ++x) std::copy_n(film[0].row(y) + 3 * x, 3, mirrored.row(255 - y) + 3 * x);
  }
  EXPECT_TRUE(cuts.next(mirrored));
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(cuts.next(mirrored));
  EXPECT_TRUE(cuts.next(film[0]));
  EXPECT_EQ(cuts.cuts(), 2);
}

TEST(CutDetector, AFlashAndPicturesThatAlwaysChangeAreNone) {
  const std::vector<Image> film = test::presenter_frames(1, 256);
  Image bright = film[0];
  for (std::uint8_t& value : bright.pixels) value = static_cast<std::uint8_t>(std::min(255, value + 30));
  CutDetector flash;
  EXPECT_FALSE(flash.next(film[0]));
  EXPECT_FALSE(flash.next(bright));
  CutDetector restless;
  int cuts = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) cuts += restless.next(noise(seed)) ? 1 : 0;
  EXPECT_LE(cuts, 1);  // the first change has nothing to compare with
}

}  // namespace
}  // namespace anima::studio
