#include "motion/silence_gate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace anima::motion {
namespace {

constexpr int kSilencePhone = 32;

audio::SpeechFrame frame_of(float energy_db, float silence) {
  audio::SpeechFrame frame;
  frame.energy_db = energy_db;
  frame.posteriors[kSilencePhone * 3] = silence;
  frame.posteriors[10] = 1 - silence;
  return frame;
}

std::vector<float> gate_of(const std::vector<audio::SpeechFrame>& frames, std::size_t piece = 1) {
  SilenceGate gate(kSilencePhone);
  std::vector<float> result;
  float value = 0;
  for (std::size_t t = 0; t < frames.size(); ++t) {
    gate.push(frames[t]);
    if (t % piece == piece - 1) {
      while (gate.pull(value)) result.push_back(value);
    }
  }
  gate.finish();
  while (gate.pull(value)) result.push_back(value);
  return result;
}

std::vector<audio::SpeechFrame> silence_speech_silence(float level_db) {
  std::vector<audio::SpeechFrame> frames(100, frame_of(level_db - 45, 0.01F));
  frames.insert(frames.end(), 100, frame_of(level_db, 0.0005F));
  frames.insert(frames.end(), 150, frame_of(level_db - 45, 0.01F));
  return frames;
}

TEST(SilenceGate, IsOpenInSpeechAndShutInSilence) {
  for (const float level_db : {-15.0F, -30.0F, -45.0F}) {
    const auto gate = gate_of(silence_speech_silence(level_db));
    ASSERT_EQ(gate.size(), 350U);
    for (int t = 0; t < 70; ++t) EXPECT_EQ(gate[t], 0) << level_db << " dB, frame " << t;
    for (int t = 102; t < 198; ++t) EXPECT_FLOAT_EQ(gate[t], 1) << level_db << " dB, frame " << t;
    for (int t = 245; t < 350; ++t) EXPECT_EQ(gate[t], 0) << level_db << " dB, frame " << t;
  }
}

TEST(SilenceGate, OpensBeforeTheFirstSoundAndMovesSmoothly) {
  const auto gate = gate_of(silence_speech_silence(-20));
  EXPECT_GT(gate[98], 0.9F);
  for (std::size_t t = 1; t < gate.size(); ++t) EXPECT_LT(std::fabs(gate[t] - gate[t - 1]), 0.16F) << t;
}

TEST(SilenceGate, StaysOpenOverTheClosureOfAStop) {
  auto frames = silence_speech_silence(-20);
  for (int t = 140; t < 155; ++t) frames[t] = frame_of(-60, 0.01F);
  for (int t = 102; t < 198; ++t) EXPECT_FLOAT_EQ(gate_of(frames)[t], 1);
}

TEST(SilenceGate, BreathAndAClickAreNoSpeech) {
  std::vector<audio::SpeechFrame> frames(200, frame_of(-70, 0.01F));
  for (int t = 60; t < 90; ++t) frames[t] = frame_of(-45, 0.012F);  // breath
  frames[140] = frame_of(-20, 0.0005F);                             // click
  for (const float value : gate_of(frames)) EXPECT_EQ(value, 0);
}

TEST(SilenceGate, LooksAheadNoMoreThanItSays) {
  SilenceGate gate(kSilencePhone);
  float value = 0;
  int pulled = 0;
  for (int t = 0; t < 100; ++t) {
    gate.push(frame_of(-20, 0.001F));
    while (gate.pull(value)) ++pulled;
    EXPECT_EQ(pulled, std::max(0, t + 1 - gate.look_ahead_frames())) << t;
  }
}

TEST(SilenceGate, PullingLateChangesNothing) {
  const auto frames = silence_speech_silence(-20);
  EXPECT_EQ(gate_of(frames, 1), gate_of(frames, 350));
}

}  // namespace
}  // namespace anima::motion
