#include "audio/pitch_tracker.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "test_speech.h"

namespace anima::audio {
namespace {

TEST(PitchTracker, FindsConstantPitchWithoutOctaveErrors) {
  for (const double f0 : {70.0, 97.0, 131.0, 210.0, 333.0, 440.0}) {
    const auto frames = track_pitch(tone(f0, 1, 0.1, 0.01));
    ASSERT_EQ(frames.size(), 100U);
    for (int t = 5; t < 93; ++t) EXPECT_NEAR(frames[t].f0_hz, f0, 0.01 * f0) << f0 << " Hz, frame " << t;
  }
}

TEST(PitchTracker, FollowsAGlideAcrossResonances) {
  const auto frames = track_pitch(voice_by_formula());
  for (int t = 5; t < 93; ++t) {
    const double centre_s = (160.0 * t + 205) / 16000;
    EXPECT_NEAR(frames[t].f0_hz, 120 + 30 * centre_s, 2.5) << "frame " << t;
    EXPECT_GT(frames[t].voicing, 0.7);
  }
}

TEST(PitchTracker, NoiseAndSilenceAreUnvoiced) {
  Sound noise{16000, std::vector<float>(16000)};
  Random random(2);
  for (float& s : noise.samples) s = static_cast<float>(0.1 * random.normal());
  int voiced = 0;
  for (const PitchFrame& frame : track_pitch(noise)) voiced += frame.f0_hz > 0 ? 1 : 0;
  EXPECT_LT(voiced, 5);
  for (const PitchFrame& frame : track_pitch({16000, std::vector<float>(8000)})) {
    EXPECT_EQ(frame.f0_hz, 0);
    EXPECT_EQ(frame.voicing, 0);
  }
}

TEST(PitchTracker, VoicingFollowsThePhrase) {
  Sound sound = tone(120, 0.5, 0.1);
  sound.samples.resize(16000, 0.0F);
  const auto frames = track_pitch(sound);
  for (int t = 5; t < 44; ++t) EXPECT_GT(frames[t].f0_hz, 0) << t;
  for (int t = 53; t < 100; ++t) EXPECT_EQ(frames[t].f0_hz, 0) << t;
}

TEST(PitchTracker, PiecesDoNotMatter) {
  const Sound sound = voice_by_formula();
  const auto whole = track_pitch(sound);
  for (const std::size_t piece : {37U, 640U, 5000U}) {
    PitchTracker tracker;
    std::vector<PitchFrame> parts;
    PitchFrame frame;
    const std::span<const float> samples(sound.samples);
    for (std::size_t at = 0; at < samples.size(); at += piece) {
      tracker.push(samples.subspan(at, std::min(piece, samples.size() - at)));
      while (tracker.pull(frame)) parts.push_back(frame);
    }
    tracker.finish();
    while (tracker.pull(frame)) parts.push_back(frame);
    ASSERT_EQ(parts.size(), whole.size());
    for (std::size_t t = 0; t < whole.size(); ++t)
      ASSERT_EQ(parts[t].f0_hz, whole[t].f0_hz) << piece << " frame " << t;
  }
}

TEST(PitchTracker, RefusesWhatItCannotDo) {
  EXPECT_THROW(track_pitch({44100, std::vector<float>(100)}), Error);
  EXPECT_THROW(PitchTracker({.lowest_hz = 10, .highest_hz = 500}), Error);
  EXPECT_THROW(PitchTracker({.lowest_hz = 300, .highest_hz = 200}), Error);
  EXPECT_TRUE(track_pitch({16000, {}}).empty());
}

}  // namespace
}  // namespace anima::audio
