#include "audio/join.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anima::audio {
namespace {

TEST(SoundJoiner, FadesTheEdgesOfPiecesThatWouldClick) {
  SoundJoiner joiner(24000);
  std::vector<float> out;
  const std::vector<float> loud(4800, 0.9F);
  const std::vector<float> opposite(4800, -0.9F);
  joiner.add(loud, out);
  joiner.end_piece(0, out);
  joiner.add(opposite, out);
  joiner.end_piece(0.1, out);
  EXPECT_EQ(out.size(), 9600U + 2400U);
  EXPECT_EQ(joiner.position(), static_cast<long long>(out.size()));
  EXPECT_LT(greatest_step(out), 0.02F);
  EXPECT_NEAR(out[2400], 0.9F, 1e-6F);
  EXPECT_EQ(out.back(), 0.0F);
}

TEST(SoundJoiner, LeavesTheMiddleUntouchedHoweverItIsCut) {
  std::vector<float> samples(5000);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = 0.3F * std::sin(static_cast<float>(i) * 0.05F);
  SoundJoiner whole(16000);
  std::vector<float> expected;
  whole.add(samples, expected);
  whole.end_piece(0.05, expected);
  SoundJoiner cut(16000);
  std::vector<float> out;
  for (std::size_t at = 0; at < samples.size(); at += 13) {
    cut.add(std::span<const float>(samples).subspan(at, std::min<std::size_t>(13, samples.size() - at)), out);
  }
  cut.end_piece(0.05, out);
  EXPECT_EQ(out, expected);
  for (std::size_t i = 100; i < 4900; ++i) EXPECT_EQ(out[i], samples[i]);
}

TEST(SoundJoiner, APieceOfNothingLeavesNoPause) {
  SoundJoiner joiner(16000);
  std::vector<float> out;
  joiner.end_piece(1, out);
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace anima::audio
