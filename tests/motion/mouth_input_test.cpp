#include "motion/mouth_input.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"

namespace anima::motion {
namespace {

TEST(MouthInput, IsTheMeanOfTwoFrames) {
  audio::SpeechFrame a, b;
  a.posteriors[5] = 0.25F;
  b.posteriors[5] = 1;
  a.cepstra[3] = 2;
  b.cepstra[3] = 4;
  const MouthInput input = mouth_input(a, b);
  EXPECT_FLOAT_EQ(input[5], 0.75F);
  EXPECT_FLOAT_EQ(input[kPosteriorInputs + 3], 3);
}

TEST(InputNormaliser, BringsInputsToUnitSizeAndClips) {
  std::vector<MouthInput> inputs(100);
  for (int i = 0; i < 100; ++i) {
    inputs[i].fill(0);
    inputs[i][0] = 0.5F;
    inputs[i][kPosteriorInputs] = static_cast<float>(i % 2 == 0 ? 8 : -8);
    inputs[i][kFirstArticulation] = static_cast<float>(i % 2 == 0 ? 0.5 : 0.1);
  }
  const auto normaliser = InputNormaliser::learn(inputs);
  const MouthInput a = normaliser.apply(inputs[0]), b = normaliser.apply(inputs[1]);
  EXPECT_FLOAT_EQ(a[0], 1);
  EXPECT_FLOAT_EQ(a[kPosteriorInputs], 1);
  EXPECT_FLOAT_EQ(b[kFirstArticulation], -1);
  MouthInput far = inputs[0];
  far[kPosteriorInputs] = -1e6F;
  EXPECT_EQ(normaliser.apply(far)[kPosteriorInputs], -5);
  TensorFile file;
  normaliser.save(file);
  EXPECT_EQ(InputNormaliser::load(file).scale, normaliser.scale);
}

TEST(MouthInput, WindowsRepeatTheEnds) {
  InputMatrix rows(10, kMouthInputs);
  for (int u = 0; u < 10; ++u) rows.row(u).setConstant(static_cast<float>(u));
  const InputWindow window = window_at(rows, 2);
  EXPECT_EQ(window(0, 0), 0);
  EXPECT_EQ(window(kRowsBefore, 0), 4);
  EXPECT_EQ(window(kRowsBefore + 3, 0), 7);
  EXPECT_EQ(window(kWindowRows - 1, 0), 9);
}

TEST(MouthInput, AShortSoundIsFilledUp) {
  const std::vector<audio::SpeechFrame> frames(7);
  EXPECT_EQ(mouth_inputs(frames, 5).size(), 10U);
  EXPECT_THROW(mouth_inputs({}, 5), Error);
}

}  // namespace
}  // namespace anima::motion
