#include "audio/speech_features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/error.h"
#include "test_speech.h"

namespace anima::audio {
namespace {

std::vector<SpeechFrame> streamed(const Sound& sound, std::size_t piece,
                                  const SpeechFeatureOptions& options) {
  SpeechFeatureStream stream(shared_senone_scorer(), options);
  std::vector<SpeechFrame> result;
  SpeechFrame frame;
  const std::span<const float> samples(sound.samples);
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    stream.push(samples.subspan(at, std::min(piece, samples.size() - at)));
    while (stream.pull(frame)) result.push_back(frame);
  }
  stream.finish();
  while (stream.pull(frame)) result.push_back(frame);
  return result;
}

TEST(SpeechFeatures, OneFramePerTenMilliseconds) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  for (const std::size_t samples : {0U, 1U, 100U, 159U, 161U, 2000U, 16000U}) {
    const Sound sound{16000, std::vector<float>(samples, 0.01F)};
    EXPECT_EQ(speech_features(sound, shared_senone_scorer(), {}, {}).size(), (samples + 159) / 160)
        << samples;
  }
}

TEST(SpeechFeatures, PiecesDoNotMatter) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const Sound sound = voice_by_formula();
  for (const bool pitch : {false, true}) {
    SpeechFeatureOptions options;
    options.pitch = pitch;
    const auto whole = streamed(sound, sound.samples.size(), options);
    for (const std::size_t piece : {113U, 640U, 3000U}) {
      const auto parts = streamed(sound, piece, options);
      ASSERT_EQ(parts.size(), whole.size());
      for (std::size_t t = 0; t < whole.size(); ++t) {
        ASSERT_EQ(feature_row(parts[t]), feature_row(whole[t])) << "piece " << piece << " frame " << t;
      }
    }
  }
}

TEST(SpeechFeatures, LooksAheadNoMoreThanItSays) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  for (const bool pitch : {false, true}) {
    SpeechFeatureOptions options;
    options.pitch = pitch;
    SpeechFeatureStream stream(shared_senone_scorer(), options);
    SpeechFrame frame;
    int pulled = 0;
    const Sound sound = voice_by_formula();
    for (int at = 0; at < 16000; at += 160) {
      stream.push(std::span(sound.samples).subspan(at, 160));
      while (stream.pull(frame)) ++pulled;
      // Frame t must be there once the look-ahead behind its start was heard.
      const int due = (at + 160 - static_cast<int>(16000 * (pitch ? 0.200 : 0.0556))) / 160;
      EXPECT_GE(pulled, due) << "after " << at + 160 << " samples, pitch " << pitch;
    }
  }
}

TEST(SpeechFeatures, HearsTheVowel) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  // First and second resonance near 520 and 1650 Hz in the middle: a front or central vowel.
  const auto model = load_acoustic_model();
  const auto frames = speech_features(voice_by_formula(), shared_senone_scorer(), {}, {});
  for (const SpeechFrame& frame : frames) {
    EXPECT_NEAR(std::accumulate(frame.posteriors.begin(), frame.posteriors.end(), 0.0), 1, 1e-4);
  }
  double vowels = 0;
  for (const char* name :
       {"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"}) {
    for (int j = 0; j < 3; ++j) {
      for (int t = 30; t < 70; ++t) vowels += frames[t].posteriors[model.phone_index(name) * 3 + j] / 40;
    }
  }
  EXPECT_GT(vowels, 0.3);  // 15 of 42 phones, some never heard in a steady tone
}

TEST(SpeechFeatures, LoudnessChangesOnlyTheEnergy) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  Sound quiet = voice_by_formula();
  for (float& s : quiet.samples) s *= 0.25F;
  const auto a = speech_features(voice_by_formula(), shared_senone_scorer(), {}, {});
  const auto b = speech_features(quiet, shared_senone_scorer(), {}, {});
  for (int t = 10; t < 90; t += 10) {
    EXPECT_NEAR(a[t].energy_db - b[t].energy_db, 12.04, 0.05);
    EXPECT_NEAR(a[t].cepstra[0], b[t].cepstra[0], 0.05);
    EXPECT_NEAR(a[t].cepstra[5], b[t].cepstra[5], 0.05);
  }
}

TEST(SpeechFeatures, RunningMeanComesNearTheWholeMean) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  Sound sound = voice_by_formula();
  const Sound once = sound;
  for (int i = 0; i < 5; ++i)
    sound.samples.insert(sound.samples.end(), once.samples.begin(), once.samples.end());
  const auto live = streamed(sound, 640, {});
  const auto whole = speech_features(sound, shared_senone_scorer(), {}, {});
  double difference = 0;
  for (int t = 520; t < 580; ++t) {
    for (int i = 0; i < kCepstra; ++i)
      difference += std::fabs(live[t].cepstra[i] - whole[t].cepstra[i]) / (60 * kCepstra);
  }
  EXPECT_LT(difference, 3);
}

TEST(SpeechFeatures, StopsWhenAsked) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  WorkContext context;
  context.cancellation.request();
  EXPECT_THROW(speech_features(tone(100, 3), shared_senone_scorer(), {}, context), Error);
  EXPECT_THROW(speech_features({8000, std::vector<float>(100)}, shared_senone_scorer(), {}, {}), Error);
}

}  // namespace
}  // namespace anima::audio
