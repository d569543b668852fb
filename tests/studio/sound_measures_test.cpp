#include "studio/sound_measures.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"
#include "media/film_reader.h"
#include "support/presenter_clip.h"

namespace anima::studio {
namespace {

// Seconds of tone (speech) and of noise alone, alternating.
Sound bursts(double tone_level, double noise_level) {
  Random random(3);
  Sound sound{16000, {}};
  for (int i = 0; i < 16000 * 8; ++i) {
    const bool speaking = (i / 16000) % 2 == 0;
    const double tone = speaking ? tone_level * std::sqrt(2.0) * std::sin(0.2 * i) : 0;
    sound.samples.push_back(static_cast<float>(tone + noise_level * random.normal()));
  }
  return sound;
}

TEST(SoundMeasures, SignalToNoiseIsTheRatioOfTheLevels) {
  const SoundMeasures measures = measure_sound(bursts(0.1, 0.001));
  EXPECT_NEAR(measures.speech_level_db, -20, 0.5);
  EXPECT_NEAR(measures.signal_to_noise_db, 40, 1.5);
  EXPECT_NEAR(measures.silence_share, 0.5, 0.02);
  EXPECT_FALSE(measures.silent);
  EXPECT_EQ(measures.clipped_share, 0);
}

TEST(SoundMeasures, SpeechIsNeitherSilenceNorNoise) {
  const SoundMeasures speech = measure_sound(media::read_sound(test::presenter_clip(), 16000));
  EXPECT_GT(speech.speech_s, 4);
  EXPECT_FALSE(unusable_sound(speech));
  const auto refusal = [](const Sound& sound) {
    const auto unusable = unusable_sound(measure_sound(sound));
    return unusable ? unusable->what : "nothing";
  };
  Random random(4);
  Sound noise{16000, std::vector<float>(16000 * 6)};
  for (float& sample : noise.samples) sample = static_cast<float>(0.05 * random.normal());
  EXPECT_NE(refusal(noise).find("of speech"), std::string::npos) << refusal(noise);
  EXPECT_NE(refusal({16000, std::vector<float>(16000 * 6, 0.0F)}).find("silent"), std::string::npos);
}

TEST(SoundMeasures, ClippingNeedsThreeSamplesInARow) {
  Sound sound{16000, std::vector<float>(16000, 0.1F)};
  sound.samples[10] = sound.samples[20] = sound.samples[21] = 1.0F;
  EXPECT_EQ(measure_sound(sound).clipped_share, 0);
  for (int i = 100; i < 104; ++i) sound.samples[i] = -1.0F;
  EXPECT_NEAR(measure_sound(sound).clipped_share, 4 / 16000.0, 1e-9);
}

TEST(SoundMeasures, SilenceAndNothingAreSilent) {
  EXPECT_TRUE(measure_sound({16000, std::vector<float>(16000, 0.0F)}).silent);
  EXPECT_TRUE(measure_sound({16000, {}}).silent);
  EXPECT_TRUE(measure_sound({}).silent);
  EXPECT_EQ(measure_sound({16000, std::vector<float>(16000, 0.0F)}).silence_share, 1);
}

}  // namespace
}  // namespace anima::studio
