#include "voice/reference_excerpt.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"

namespace anima::voice {
namespace {

// `levels`: amplitude of each second.
Sound seconds_of(const std::vector<double>& levels) {
  Sound sound{16000, {}};
  for (const double level : levels) {
    for (int i = 0; i < 16000; ++i) sound.samples.push_back(static_cast<float>(level * std::sin(i * 0.1)));
  }
  return sound;
}

TEST(ReferenceExcerpt, KeepsAShortRecordingWhole) {
  const Sound sound = seconds_of({0.1, 0.2, 0.1});
  const ReferenceExcerpt excerpt = cut_excerpt(sound, {.minimum_s = 3, .maximum_s = 10}, "v");
  EXPECT_TRUE(excerpt.whole);
  EXPECT_EQ(excerpt.sound.samples, sound.samples);
}

TEST(ReferenceExcerpt, TakesWhereMostIsSaid) {
  std::vector<double> levels(40, 0.0001);
  for (int i = 22; i < 30; ++i) levels[static_cast<std::size_t>(i)] = 0.3;
  const ReferenceExcerpt excerpt = cut_excerpt(seconds_of(levels), {.minimum_s = 3, .maximum_s = 10}, "v");
  EXPECT_FALSE(excerpt.whole);
  EXPECT_LE(excerpt.start_s, 22);
  EXPECT_GE(excerpt.start_s + excerpt.sound.duration_s(), 30);
  EXPECT_LE(excerpt.sound.duration_s(), 10);
}

TEST(ReferenceExcerpt, CutsInAPauseAndNeverBelowTheMinimum) {
  std::vector<double> levels(30, 0.3);
  levels[9] = 0;  // a pause one second before the longest end
  const ReferenceExcerpt excerpt = cut_excerpt(seconds_of(levels), {.minimum_s = 3, .maximum_s = 10}, "v");
  EXPECT_GE(excerpt.sound.duration_s(), 3);
  EXPECT_LE(excerpt.sound.duration_s(), 10);
  for (const double limit : {3.5, 5.0, 9.0}) {
    const ReferenceExcerpt tight = cut_excerpt(seconds_of(levels), {.minimum_s = 3, .maximum_s = limit}, "v");
    EXPECT_GE(tight.sound.duration_s(), 3);
    EXPECT_LE(tight.sound.duration_s(), limit);
  }
}

TEST(ReferenceExcerpt, RefusesWhatCannotBeCloned) {
  EXPECT_THROW(cut_excerpt(seconds_of({0.1}), {.minimum_s = 3, .maximum_s = 10}, "v"), Error);
  EXPECT_THROW(cut_excerpt(seconds_of({0, 0, 0, 0}), {.minimum_s = 3, .maximum_s = 10}, "v"), Error);
  EXPECT_THROW(cut_excerpt(Sound{16000, {}}, {}, "v"), Error);
  EXPECT_THROW(reference_excerpt(Voice{}, {}), Error);
}

}  // namespace
}  // namespace anima::voice
