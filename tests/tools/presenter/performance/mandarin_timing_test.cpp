#include "presenter/performance/mandarin_timing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/process.h"
#include "presenter/performance/mouth_shapes.h"
#include "text/normaliser.h"
#include "voice/source_speaker.h"

namespace anima::presenter {
namespace {

using Sounds = std::vector<std::string>;

TEST(MandarinTiming, ReadsTheSoundsOfEspeaksSyllables) {
  EXPECT_EQ(mandarin_sounds("n_ˈiɜ_"), (Sounds{"N", "IY"}));
  EXPECT_EQ(mandarin_sounds("χ_ˈɑu2_"), (Sounds{"HH", "AA", "UW"}));
  EXPECT_EQ(mandarin_sounds("tɕh_ˈy5_"), (Sounds{"QCH", "YU"}));
  EXPECT_EQ(mandarin_sounds("s._ˈi.5_"), (Sounds{"ZSH", "ZRI"}));
  EXPECT_EQ(mandarin_sounds("ts_ˈi̪5_"), (Sounds{"TS", "ZI"}));
  EXPECT_EQ(mandarin_sounds("s_ˈo-5_"), (Sounds{"S", "GE"}));
  EXPECT_EQ(mandarin_sounds("t_ˈonɡ5_"), (Sounds{"T", "ONG", "NG"}));
  EXPECT_EQ(mandarin_sounds("ˈər5_"), (Sounds{"ER"}));
  EXPECT_EQ(mandarin_sounds("ʲ_ˈyɜ_"), (Sounds{"YU"}));
  EXPECT_EQ(mandarin_sounds("w_ˈuə5_n_"), (Sounds{"W", "UW", "ZE", "N"}));
}

TEST(MandarinTiming, KnowsAMouthShapeForEverySyllableOfMandarin) {
  // One character for each combination of initial class and final that eSpeak NG writes.
  for (const char* ipa : {"p_ˈo5_",   "ph_ˈi5_",     "tɕ_ˈiɑ5_",  "tɕ_ˈiɛ5_",  "k_w_ˈɑ5_", "k_ˈuoɜ_",
                          "ˈyɛ5_",    "p_ˈaiɜ_",     "ph_ˈei5_",  "p_j_ˈɑu2_", "l_ˈiou5_", "χ_ˈuai5_",
                          "k_ˈuei5_", "tɕh_ˈyæɜ_n_", "ɕ_ˈy5_ŋ_",  "ts._ˈi.5_", "ˈyu5_ŋ_",  "ʲ_ˈyəɜ_n_",
                          "tsh_ˈi̪5_", "ts.h_ˈo-5_",  "ʐ_ˈuaɜ_n_", "f_ˈə5_ŋ_"}) {
    const Sounds sounds = mandarin_sounds(ipa);
    EXPECT_FALSE(sounds.empty()) << ipa;
    for (const std::string& sound : sounds) EXPECT_NO_THROW(shape_sequence(sound)) << ipa;
  }
}

TEST(MandarinTiming, FindsOnsetsThatTheSoundItselfShows) {
  if (find_program("espeak-ng").empty()) GTEST_SKIP() << "the program espeak-ng is not installed";
  const auto words = text::normalise_text("妈妈怕怕，四次。", "zh");
  const MandarinSpeech speech = speak_mandarin(words, {});
  ASSERT_EQ(speech.onsets_s.size(), 6U);
  // The same samples as without tags.
  const Sound source = voice::make_source_speaker("zh", 170)->speak(words, 1, {}).sound;
  EXPECT_EQ(source.samples, speech.sound.samples);
  // Sounds lie end to end over the whole sound.
  double last_s = 0;
  for (const TimedSound& sound : speech.sounds) {
    EXPECT_NEAR(sound.start_s, last_s, 1e-9);
    EXPECT_GT(sound.end_s, sound.start_s);
    last_s = sound.end_s;
  }
  EXPECT_NEAR(last_s, speech.sound.duration_s(), 1e-9);
  const auto level = [&](double from_s, double to_s) {
    double power = 0;
    const auto first = static_cast<std::size_t>(from_s * speech.sound.sample_rate_hz);
    const auto last = static_cast<std::size_t>(to_s * speech.sound.sample_rate_hz);
    for (std::size_t i = first; i < last; ++i) power += std::pow(speech.sound.samples[i], 2);
    return std::sqrt(power / static_cast<double>(last - first));
  };
  // Differences of neighbouring samples: a burst has them, the ringing before it does not.
  const auto hiss = [&](double from_s, double to_s) {
    double power = 0;
    const auto first = static_cast<std::size_t>(from_s * speech.sound.sample_rate_hz);
    const auto last = static_cast<std::size_t>(to_s * speech.sound.sample_rate_hz);
    for (std::size_t i = first; i < last; ++i) {
      power += std::pow(speech.sound.samples[i + 1] - speech.sound.samples[i], 2);
    }
    return std::sqrt(power / static_cast<double>(last - first));
  };
  // A stop is quiet just before its onset, bursts at it, and is loud in its vowel.
  for (const std::size_t syllable : {2U, 3U}) {
    const double onset_s = speech.onsets_s[syllable];
    EXPECT_LT(level(onset_s - 0.025, onset_s - 0.001), 0.1 * level(onset_s + 0.08, onset_s + 0.14));
    EXPECT_GT(hiss(onset_s, onset_s + 0.005), 2 * hiss(onset_s - 0.005, onset_s)) << "to 5 ms";
  }
  // Its lips are closed in that silence: the sound P covers it.
  const auto closure = std::find_if(speech.sounds.begin(), speech.sounds.end(),
                                    [](const TimedSound& sound) { return sound.sound == "P"; });
  ASSERT_NE(closure, speech.sounds.end());
  EXPECT_LT(closure->start_s, speech.onsets_s[2] - 0.02);
  EXPECT_GT(closure->end_s, speech.onsets_s[2]);
  // The comma is silence.
  EXPECT_TRUE(std::any_of(speech.sounds.begin(), speech.sounds.end(), [&](const TimedSound& sound) {
    return sound.sound == "SIL" && sound.start_s > speech.onsets_s[3] &&
           sound.end_s <= speech.onsets_s[4] + 1e-9;
  }));
}

TEST(MandarinTiming, RefusesWhatIsNotWrittenInHan) {
  if (find_program("espeak-ng").empty()) GTEST_SKIP() << "the program espeak-ng is not installed";
  EXPECT_THROW(speak_mandarin(text::normalise_text("我用Anima", "zh"), {}), Error);
}

}  // namespace
}  // namespace anima::presenter
