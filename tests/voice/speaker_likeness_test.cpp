#include "voice/speaker_likeness.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/random.h"
#include "text/normaliser.h"
#include "voice/measurement_sentences.h"
#include "voice/source_speaker.h"
#include "voice/word_errors.h"

namespace anima::voice {
namespace {

TEST(GaussianMixture, FindsTheClustersOfItsData) {
  Random random(3);
  RowMatrix data(3000, 2);
  for (Eigen::Index i = 0; i < data.rows(); ++i) {
    const float center = i % 3 == 0 ? -4.0F : 4.0F;
    data(i, 0) = center + static_cast<float>(0.5 * random.normal());
    data(i, 1) = static_cast<float>(random.normal());
  }
  GaussianMixtureOptions options;
  options.components = 2;
  const GaussianMixture mixture = train_gaussian_mixture(data, options);
  const int low = mixture.means(0, 0) < 0 ? 0 : 1;
  EXPECT_NEAR(mixture.means(low, 0), -4, 0.1);
  EXPECT_NEAR(mixture.means(1 - low, 0), 4, 0.1);
  EXPECT_NEAR(mixture.weights[low], 1.0 / 3, 0.02);
  EXPECT_NEAR(mixture.variances(low, 0), 0.25, 0.05);
  // The density integrates to one: its value at a mean is known.
  RowMatrix point(1, 2);
  point << mixture.means(low, 0), mixture.means(low, 1);
  const double expected =
      std::log(mixture.weights[low] /
               (2 * 3.14159265 * std::sqrt(mixture.variances(low, 0) * mixture.variances(low, 1))));
  EXPECT_NEAR(log_likelihoods(mixture, point)[0], expected, 1e-3);
  EXPECT_THROW(train_gaussian_mixture(data.topRows(15), options), Error);
  RowMatrix moved = data.topRows(300).array() + 1;
  const GaussianMixture adapted = adapt_means(mixture, moved);
  EXPECT_GT(adapted.means(low, 0), mixture.means(low, 0) + 0.5F);
}

Sound speak(const SourceSpeaker& speaker, int from, int to) {
  Sound all;
  for (int i = from; i < to; ++i) {
    const Sound sound =
        speaker
            .speak(text::normalise_text(enrolment_sentences("en")[static_cast<std::size_t>(i)], "en"), 1, {})
            .sound;
    all.sample_rate_hz = sound.sample_rate_hz;
    all.samples.insert(all.samples.end(), sound.samples.begin(), sound.samples.end());
  }
  return all;
}

TEST(SpeakerLikeness, KnowsAPersonFromOthersOnSpeechItNeverHeard) {
  const auto rms = make_flite_speaker("rms");
  const auto slt = make_flite_speaker("slt");
  // "Others" lack the person; a resampled copy stands for a third voice.
  Sound third = speak(*slt, 0, 4);
  third.sample_rate_hz = 14000;
  std::vector<Sound> others = {speak(*slt, 4, 8), third};
  const SpeakerLikeness likeness(speak(*rms, 0, 5), others);
  const Likeness same = likeness.judge(speak(*rms, 5, 8));
  const Likeness other = likeness.judge(speak(*slt, 8, 10));
  EXPECT_GT(same.plain, 0.5);
  EXPECT_GT(same.channel_normalised, 0.3);
  EXPECT_LT(other.plain, 0);
  EXPECT_LT(other.channel_normalised, 0);
}

TEST(WordErrors, CountsTheCheapestWay) {
  EXPECT_EQ(count_word_errors({"a", "b", "c"}, {"a", "b", "c"}), 0);
  EXPECT_EQ(count_word_errors({"a", "b", "c"}, {"a", "c"}), 1);
  EXPECT_EQ(count_word_errors({"a", "b"}, {"x", "a", "y", "b"}), 2);
  EXPECT_EQ(count_word_errors({"a", "b"}, {}), 2);
  EXPECT_EQ(words_for_comparison("Hello, World! It's 5."),
            (std::vector<std::string>{"hello", "world", "it's"}));
}

}  // namespace
}  // namespace anima::voice
