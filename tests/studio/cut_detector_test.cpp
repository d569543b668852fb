#include "studio/cut_detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/random.h"
#include "face/face_tracker.h"
#include "media/film_reader.h"
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

// A face of coarse blocks, 120 px wide, on grey.
struct Drawn {
  Image picture = Image(240, 240, 3);
  face::FaceObservation face;
};

Drawn head_at(int left, int top, std::uint64_t person, std::uint8_t backdrop) {
  Drawn drawn;
  std::fill(drawn.picture.pixels.begin(), drawn.picture.pixels.end(), std::uint8_t{120});
  for (int y = 0; y < 240; ++y) {
    // Something to see beside the head.
    for (int x = 0; x < 240; ++x) {
      if ((x / 20 + y / 20) % 2 == 0) std::fill_n(drawn.picture.row(y) + 3 * x, 3, backdrop);
    }
  }
  Random random(person);
  for (int row = 0; row < 6; ++row) {
    for (int column = 0; column < 6; ++column) {
      const auto level = static_cast<std::uint8_t>(random.below(256));
      for (int y = 0; y < 20; ++y)
        std::fill_n(drawn.picture.row(top + 20 * row + y) + 3 * (left + 20 * column), 60, level);
    }
  }
  drawn.face.found = true;
  for (int i = 0; i < face::kLandmarks; ++i) {
    drawn.face.points.row(i) << static_cast<float>(left + i % 11 * 12),
        static_cast<float>(top + i / 11 % 11 * 12), 0;
  }
  drawn.face.points.row(33) << static_cast<float>(left + 30), static_cast<float>(top + 40), 0;
  drawn.face.points.row(263) << static_cast<float>(left + 90), static_cast<float>(top + 40), 0;
  return drawn;
}

// Whether the second is a cut after ten of the first.
bool is_cut(const Drawn& before, const Drawn& after, bool tracked) {
  CutDetector cuts;
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(cuts.next(before.picture, tracked ? &before.face : nullptr));
  return cuts.next(after.picture, tracked ? &after.face : nullptr);
}

TEST(CutDetector, AHeadThrownAboutIsNoneWhereItsFaceIsKnown) {
  const Drawn before = head_at(60, 60, 1, 100);
  const Drawn moved = head_at(76, 66, 1, 100);
  EXPECT_TRUE(is_cut(before, moved, false)) << "the motion is too small for this test";
  EXPECT_FALSE(is_cut(before, moved, true));
}

TEST(CutDetector, AnotherFaceAnotherPlaceOrAnotherBackdropIsACut) {
  const Drawn before = head_at(60, 60, 1, 100);
  EXPECT_TRUE(is_cut(before, head_at(60, 60, 2, 100), true)) << "another person";
  EXPECT_TRUE(is_cut(before, head_at(0, 0, 1, 100), true)) << "another place";
  EXPECT_TRUE(is_cut(before, head_at(66, 66, 1, 0), true)) << "another backdrop";
}

// Two real people, each in a film of their own: one film after the other has one cut.
TEST(CutDetector, SeesWhereOneFilmFollowsAnother) {
  const char* shared = std::getenv("ANIMA_SHARED");
  const std::filesystem::path videos =
      (shared != nullptr ? std::filesystem::path(shared)
                         : std::filesystem::path(ANIMA_SOURCE_DIR) / ".." / "shared") /
      "videos";
  CutDetector cuts;
  const face::FaceNetworks networks;
  face::FaceTracker tracker(networks);
  for (const char* name : {"lieu-45s-512.mp4", "macron-50s-512-30fps.mp4"}) {
    if (!std::filesystem::exists(videos / name)) GTEST_SKIP() << name << " is not there (set ANIMA_SHARED)";
    media::FrameReader reader(videos / name, {});
    Image frame;
    double time_s = 0;
    for (int i = 0; i < 10; ++i) {
      ASSERT_TRUE(reader.next(frame, time_s));
      const face::FaceObservation face = tracker.observe(frame);
      EXPECT_TRUE(face.found);
      cuts.next(frame, &face);
    }
  }
  EXPECT_EQ(cuts.cuts(), 1);
}

}  // namespace
}  // namespace anima::studio
