#include "avatar/solid_interior.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anima::avatar {
namespace {

constexpr int kSide = 200;

// A disc that lets 30 % through, and one hair beside it that does too.
Canvas disc_and_hair() {
  Canvas canvas;
  canvas.resize(kSide, kSide);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const std::size_t at = static_cast<std::size_t>(y) * kSide + x;
      const bool drawn = std::hypot(x - 100, y - 100) < 50 || x == 180;
      canvas.transmittance[at] = drawn ? 0.3F : 1.0F;
      canvas.red[at] = canvas.green[at] = canvas.blue[at] = drawn ? 0.2F : 0.0F;
    }
  }
  return canvas;
}

TEST(SolidInterior, IsFilledAsTrainingSawItAndOutlinesAreNot) {
  Canvas canvas = disc_and_hair();
  Image film(kSide, kSide, 3);
  for (std::size_t i = 0; i < film.pixels.size(); ++i) film.pixels[i] = i % 3 == 1 ? 255 : 0;
  make_interior_solid(canvas, film);
  const auto at = [](int x, int y) { return static_cast<std::size_t>(y) * kSide + x; };
  EXPECT_NEAR(canvas.transmittance[at(100, 100)], 0, 1e-5);
  EXPECT_NEAR(canvas.red[at(100, 100)], 0.2, 1e-5);
  EXPECT_NEAR(canvas.green[at(100, 100)], 0.5, 1e-5) << "what shone through before the film's wall";
  EXPECT_NEAR(canvas.transmittance[at(145, 100)], 0, 1e-5) << "up to a few pixels from the outline";
  for (const int x : {149, 151, 180, 190}) {
    const Canvas before = disc_and_hair();
    EXPECT_EQ(canvas.transmittance[at(x, 100)], before.transmittance[at(x, 100)]) << x;
    EXPECT_EQ(canvas.green[at(x, 100)], before.green[at(x, 100)]) << x;
  }
}

TEST(SolidInterior, HolesAreFilledAndGapsAreNot) {
  Canvas canvas = disc_and_hair();
  const auto at = [](int x, int y) { return static_cast<std::size_t>(y) * kSide + x; };
  canvas.transmittance[at(90, 100)] = 0.7F;
  canvas.transmittance[at(110, 100)] = 1;
  make_interior_solid(canvas, Image(kSide, kSide, 3));
  EXPECT_NEAR(canvas.transmittance[at(90, 100)], 0, 1e-5);
  EXPECT_EQ(canvas.transmittance[at(110, 100)], 1);
}

// Coverage and colour go together: what was there before the film's background still is.
TEST(SolidInterior, ChangesNothingBeforeTheFilmsOwnBackground) {
  Canvas canvas = disc_and_hair();
  Image film(kSide, kSide, 3);
  for (std::size_t i = 0; i < film.pixels.size(); ++i) film.pixels[i] = static_cast<std::uint8_t>(i % 251);
  Image before(kSide, kSide, 3), after(kSide, kSide, 3);
  composite(canvas, film.pixels.data(), before.pixels.data());
  make_interior_solid(canvas, film);
  composite(canvas, film.pixels.data(), after.pixels.data());
  for (std::size_t i = 0; i < before.pixels.size(); ++i) ASSERT_NEAR(before.pixels[i], after.pixels[i], 1);
}

}  // namespace
}  // namespace anima::avatar
