#include "motion/sound_lag.h"

#include <gtest/gtest.h>

#include <cmath>

#include "audio/speech_features.h"
#include "core/error.h"
#include "core/random.h"
#include "face/face_tracker.h"
#include "media/film_reader.h"
#include "support/presenter_clip.h"

namespace anima::motion {
namespace {

// Noise in the band of lips: what a mouth of no particular person does.
std::vector<float> wandering(int length, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(static_cast<std::size_t>(length));
  float slow = 0;
  float fast = 0;
  for (float& value : values) {
    fast += 0.15F * (static_cast<float>(random.normal()) - fast);
    slow += 0.02F * (fast - slow);
    value = fast - slow;
  }
  return values;
}

// Lips of `length_s`, and a sound that says the same `lag_ms` later, each with noise of its own.
struct Pair {
  LipSignal seen;
  LipSignal heard;
};

Pair pair_with_lag(double length_s, int lag_ms, float noise = 1.0F, std::uint64_t seed = 1) {
  const int length = static_cast<int>(100 * length_s);
  const int lag = lag_ms / 10;
  Pair pair;
  pair.seen.weight.assign(static_cast<std::size_t>(length), 1.0F);
  pair.heard.weight = pair.seen.weight;
  for (std::uint64_t c = 0; c < kLipChannels; ++c) {
    const std::vector<float> truth = wandering(length + 200, seed * 100 + c);
    const std::vector<float> own = wandering(length, seed * 100 + 10 + c);
    const std::vector<float> other = wandering(length, seed * 100 + 20 + c);
    for (int t = 0; t < length; ++t) {
      pair.seen.channels[c].push_back(truth[t + 100] + noise * own[t]);
      pair.heard.channels[c].push_back(truth[t + 100 - lag] + noise * other[t]);
    }
  }
  return pair;
}

TEST(SoundLag, IsFoundWhateverItsSign) {
  for (const int lag_ms : {-600, -200, -80, 0, 40, 80, 200, 600}) {
    const Pair pair = pair_with_lag(20, lag_ms);
    const SoundLag lag = sound_lag(pair.seen, pair.heard);
    EXPECT_TRUE(lag.certain()) << lag_ms << ": " << lag.margin << " " << lag.agreement;
    EXPECT_NEAR(lag.lag_ms, lag_ms, 15);
    EXPECT_LT(lag.low_ms, lag_ms);
    EXPECT_GT(lag.high_ms, lag_ms);
    EXPECT_LE(lag.high_ms - lag.low_ms, 120);
  }
}

TEST(SoundLag, LipsOfAnotherSoundAreNeverCertain) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const LipSignal seen = pair_with_lag(15, 0, 0.5F, seed).seen;
    const LipSignal heard = pair_with_lag(15, 0, 0.5F, seed + 50).heard;
    const SoundLag lag = sound_lag(seen, heard);
    EXPECT_FALSE(lag.certain()) << seed;
    EXPECT_NE(lag.doubt, LagDoubt::kTooLittle) << seed;
  }
}

TEST(SoundLag, AChangeInTheMiddleIsNotOneLag) {
  const Pair first = pair_with_lag(16, -200, 0.5F, 3);
  const Pair second = pair_with_lag(16, 300, 0.5F, 4);
  Pair both = first;
  for (int c = 0; c < kLipChannels; ++c) {
    for (const bool seen : {true, false}) {
      auto& to = (seen ? both.seen : both.heard).channels[c];
      const auto& from = (seen ? second.seen : second.heard).channels[c];
      to.insert(to.end(), from.begin(), from.end());
    }
  }
  both.seen.weight.assign(both.seen.channels[0].size(), 1.0F);
  both.heard.weight = both.seen.weight;
  EXPECT_FALSE(sound_lag(both.seen, both.heard).certain());
}

TEST(SoundLag, WhatIsNotKnownDoesNotCount) {
  Pair pair = pair_with_lag(24, 80);
  // Half of the film shows no face: whatever stands there is no evidence.
  for (std::size_t t = 0; t < 1200; ++t) {
    pair.seen.weight[t] = 0;
    for (auto& channel : pair.seen.channels) channel[t] = t % 7 == 0 ? 100.0F : 0.0F;
  }
  const SoundLag lag = sound_lag(pair.seen, pair.heard);
  EXPECT_TRUE(lag.certain());
  EXPECT_NEAR(lag.lag_ms, 80, 15);
  EXPECT_NEAR(lag.speech_s, 12, 1);
  std::fill(pair.seen.weight.begin(), pair.seen.weight.end(), 0.0F);
  EXPECT_EQ(sound_lag(pair.seen, pair.heard).doubt, LagDoubt::kTooLittle);
}

TEST(SoundLag, SilenceAStillMouthAndNothingAreNotCertain) {
  EXPECT_EQ(measure_sound_lag({}, {}, {}).doubt, LagDoubt::kTooLittle);
  const Sound silence{16000, std::vector<float>(160000, 0.0F)};
  std::vector<face::FaceObservation> faces(250);
  EXPECT_EQ(measure_sound_lag(faces, silence, {}).doubt, LagDoubt::kTooLittle);
  Pair pair = pair_with_lag(20, 0);
  for (auto& channel : pair.seen.channels) std::fill(channel.begin(), channel.end(), 0.0F);
  EXPECT_EQ(sound_lag(pair.seen, pair.heard).doubt, LagDoubt::kNoMatch);
}

TEST(SoundLag, TheSoundMustHaveTheRateOfSpeechFeatures) {
  const Sound sound{48000, std::vector<float>(48000, 0.0F)};
  EXPECT_THROW(heard_lips(sound, audio::shared_senone_scorer(), {}), Error);
}

// Six seconds of the house presenter, whose lips are exactly in step, with her sound moved.
TEST(SoundLag, OfTheHousePresenter) {
  const face::FaceNetworks networks;
  face::FaceTracker tracker(networks);
  std::vector<face::FaceObservation> faces;
  for (const Image& frame : test::presenter_frames(test::kClipFrames, test::kClipSide_px))
    faces.push_back(tracker.observe(frame));
  const Sound sound = media::read_sound(test::presenter_clip(), 16000);
  const LipSignal seen = seen_lips(faces);
  for (const int late_ms : {0, -80, 80, 200, -200, 600, -600}) {
    Sound moved{16000, std::vector<float>(sound.samples.size(), 0.0F)};
    const int late = late_ms * 16;
    for (int i = 0; i < static_cast<int>(moved.samples.size()); ++i) {
      if (i - late >= 0 && i - late < static_cast<int>(sound.samples.size()))
        moved.samples[i] = sound.samples[i - late];
    }
    const SoundLag lag = sound_lag(seen, heard_lips(moved, audio::shared_senone_scorer(), {}));
    EXPECT_NEAR(lag.lag_ms, late_ms, 20);
    EXPECT_TRUE(lag.certain()) << late_ms << " margin " << lag.margin << " agreement " << lag.agreement;
  }
}

}  // namespace
}  // namespace anima::motion
