#include "face/person_segmenter.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "support/presenter_clip.h"

namespace anima::face {
namespace {

TEST(PersonSegmenter, TellsPersonFromBackground) {
  const std::vector<Image> frames = test::presenter_frames(1);
  const PersonSegmenter segmenter;
  const Image mask = segmenter.mask(frames[0]);
  ASSERT_EQ(mask.width, kMaskSide);
  ASSERT_EQ(mask.height, kMaskSide);
  ASSERT_EQ(mask.channels, 1);
  for (const auto& [x, y] : {std::pair{128, 110}, {128, 55}, {82, 130}, {60, 240}, {196, 240}}) {
    EXPECT_GT(mask.row(y)[x], 240) << "head, hair and shoulders at " << x << ", " << y;
  }
  for (const auto& [x, y] : {std::pair{10, 10}, {245, 10}, {20, 150}, {240, 150}, {128, 5}}) {
    EXPECT_LT(mask.row(y)[x], 15) << "wall at " << x << ", " << y;
  }
  EXPECT_THROW(segmenter.mask(mask), Error);
}

}  // namespace
}  // namespace anima::face
