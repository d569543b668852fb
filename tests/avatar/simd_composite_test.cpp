#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "avatar/renderer.h"
#include "core/random.h"

namespace anima::avatar {
namespace {

// Against the formula in double precision, also in the pixels that fill no whole vector. Values
// within rounding of a half may go either way: at most one level apart.
TEST(Composite, IsColourPlusWhatIsLeftOfTheBackground) {
  Random random(61);
  Canvas canvas;
  canvas.resize(37, 5);
  std::vector<std::uint8_t> behind(37 * 5 * 3), out(behind.size(), 7);
  for (auto& b : behind) b = static_cast<std::uint8_t>(random.below(256));
  std::vector<float>* planes[3] = {&canvas.red, &canvas.green, &canvas.blue};
  for (auto* plane : planes) {
    for (float& v : *plane) v = static_cast<float>(random.uniform(-0.3, 1.4));
  }
  for (float& v : canvas.transmittance) v = static_cast<float>(random.uniform());
  composite(canvas, behind.data(), out.data());
  int exact = 0;
  for (std::size_t i = 0; i < canvas.red.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const double value =
          (*planes[c])[i] * 255.0 + static_cast<double>(canvas.transmittance[i]) * behind[i * 3 + c];
      const int expected = static_cast<int>(std::clamp(value, 0.0, 255.0) + 0.5);
      ASSERT_NEAR(out[i * 3 + c], expected, 1) << "pixel " << i << " channel " << c;
      exact += out[i * 3 + c] == expected ? 1 : 0;
    }
  }
  EXPECT_GT(exact, static_cast<int>(out.size()) - 5);
}

}  // namespace
}  // namespace anima::avatar
