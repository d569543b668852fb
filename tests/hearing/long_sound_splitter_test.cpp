#include "hearing/long_sound_splitter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/random.h"

namespace anima::hearing {
namespace {

constexpr int kRate_hz = 16000;

// Noise of the given level: speech at 0.1, a room at 0.001.
void add(Sound& sound, double seconds, double level) {
  static Random random(1);
  sound.sample_rate_hz = kRate_hz;
  for (int i = 0; i < static_cast<int>(seconds * kRate_hz); ++i) {
    sound.samples.push_back(static_cast<float>(level * random.normal()));
  }
}

TEST(LongSoundSplitter, CutsInTheLastPauseThatFits) {
  Sound sound;
  for (int i = 0; i < 10; ++i) {  // ten sentences of 4 s, half a second apart
    add(sound, 4, 0.1);
    add(sound, 0.5, 0.001);
  }
  const auto pieces = split_at_pauses(sound, {.longest_s = 15});
  ASSERT_EQ(pieces.size(), 4U);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    EXPECT_LE(pieces[i].end_s - pieces[i].start_s, 15);
    // Every cut lies in a pause.
    const double phase_s = std::fmod(pieces[i].end_s, 4.5);
    EXPECT_TRUE(phase_s > 4.0 - 1e-6 && phase_s < 4.5) << phase_s;
  }
  EXPECT_NEAR(pieces[1].start_s, 13.3, 0.25);
}

TEST(LongSoundSplitter, HearsEverythingOnceEvenWithoutPauses) {
  Sound sound;
  add(sound, 0.3, 0.001);
  add(sound, 70, 0.1);
  add(sound, 0.3, 0.001);
  const auto pieces = split_at_pauses(sound, {.longest_s = 29});
  double at_s = pieces.at(0).start_s;
  EXPECT_LT(at_s, 0.31);
  for (const SoundPiece& piece : pieces) {
    EXPECT_NEAR(piece.start_s, at_s, 1e-9);
    EXPECT_LE(piece.end_s - piece.start_s, 29);
    EXPECT_GT(piece.end_s - piece.start_s, 5);
    at_s = piece.end_s;
  }
  EXPECT_GT(at_s, 70.29);
}

TEST(LongSoundSplitter, LeavesSilenceOut) {
  Sound sound;
  add(sound, 20, 0.00001);
  EXPECT_TRUE(split_at_pauses(sound).empty());
  add(sound, 3, 0.1);
  add(sound, 40, 0.00001);
  const auto pieces = split_at_pauses(sound);
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_NEAR(pieces[0].start_s, 19.8, 0.1);
  EXPECT_NEAR(pieces[0].end_s, 23.2, 0.1);
  EXPECT_TRUE(split_at_pauses({}).empty());
}

TEST(LongSoundSplitter, KeepsToItsLimitOnAnything) {
  Random random(2);
  for (int round = 0; round < 20; ++round) {
    Sound sound;
    for (int i = 0; i < 30; ++i)
      add(sound, random.uniform(0.05, 4), random.uniform() < 0.4 ? 0.0005 : random.uniform(0.01, 0.3));
    double at_s = 0;
    for (const SoundPiece& piece : split_at_pauses(sound, {.longest_s = 8})) {
      EXPECT_GE(piece.start_s, at_s - 1e-9);
      EXPECT_LE(piece.end_s - piece.start_s, 8 + 1e-9);
      EXPECT_LE(piece.end_s, sound.duration_s() + 1e-9);
      at_s = piece.end_s;
    }
  }
}

TEST(LongSoundSplitter, TranscribesPiecesInTheirPlaces) {
  Sound sound;
  for (int i = 0; i < 4; ++i) {
    add(sound, 4, 0.1);
    add(sound, 1, 0.001);
  }
  const auto hear = [](const Sound& piece) {
    return Transcript{"x", "en", {{"x", 0, piece.duration_s()}}, TimeSource::kRecogniser};
  };
  const Transcript whole = transcribe_pieces(sound, {.longest_s = 6}, hear, {});
  EXPECT_EQ(whole.text, "x x x x");
  EXPECT_NEAR(whole.words.at(3).start_s, 14.8, 0.1);
  WorkContext stopped;
  stopped.cancellation.request();
  EXPECT_THROW(transcribe_pieces(sound, {.longest_s = 6}, hear, stopped), Error);
}

}  // namespace
}  // namespace anima::hearing
