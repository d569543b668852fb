#include "audio/senone_scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "audio/mfcc.h"
#include "core/random.h"
#include "test_speech.h"

namespace anima::audio {
namespace {

// A plain double-precision reading of the formulas: every Gaussian, sort, mix, logarithm.
std::vector<double> reference_log_likelihoods(const AcousticModel& model, const StreamFeatures& x) {
  std::vector<double> result(model.senones, 0.0);
  for (int stream = 0; stream < kStreams; ++stream) {
    std::vector<std::vector<std::pair<double, int>>> top(kPhones);
    double best = -INFINITY;
    for (int phone = 0; phone < kPhones; ++phone) {
      for (int d = 0; d < model.densities; ++d) {
        double score = 0;
        for (int c = 0; c < kCepstra; ++c) {
          const std::size_t at =
              ((static_cast<std::size_t>(phone) * kStreams + stream) * model.densities + d) * kCepstra + c;
          const double difference = x[stream][c] - model.means[at];
          score -= 0.5 * difference * difference / model.variances[at] +
                   0.5 * std::log(2 * std::numbers::pi * model.variances[at]);
        }
        top[phone].emplace_back(score, d);
      }
      std::ranges::sort(top[phone], std::greater<>());
      best = std::max(best, top[phone][0].first);
    }
    for (int s = 0; s < model.senones; ++s) {
      double sum = 0;
      for (int k = 0; k < 4; ++k) {
        const auto [score, d] = top[model.senone_phone[s]][k];
        const int weight =
            model.mixture_weights[(static_cast<std::size_t>(stream) * model.densities + d) * model.senones +
                                  s];
        sum += std::exp(std::max(score - best, -96 * kMixtureWeightStep) - kMixtureWeightStep * weight);
      }
      result[s] += std::log(sum);
    }
  }
  return result;
}

StreamFeatures features_at(const std::vector<Cepstra>& c, const Cepstra& mean, int t) {
  StreamFeatures f;
  for (int i = 0; i < kCepstra; ++i) {
    f[0][i] = c[t][i] - mean[i];
    f[1][i] = c[t + 2][i] - c[t - 2][i];
    f[2][i] = (c[t + 3][i] - c[t - 1][i]) - (c[t + 1][i] - c[t - 3][i]);
  }
  return f;
}

struct Voice {
  std::vector<Cepstra> cepstra;
  Cepstra mean{};
};

// Cepstra of the whole frames, and their plain mean: what sphinx's batch normalisation takes.
Voice sphinx_voice() {
  Voice voice;
  FrameSpectrumStream stream;
  stream.push(voice_by_formula().samples);
  const Mfcc mfcc;
  FrameSpectrum frame;
  while (stream.pull(frame)) voice.cepstra.push_back(mfcc.compute(frame));
  // pocketsphinx pads the last, partial frame; 99 frames in all.
  stream.finish();
  while (voice.cepstra.size() < 99 && stream.pull(frame)) voice.cepstra.push_back(mfcc.compute(frame));
  for (const Cepstra& c : voice.cepstra) {
    for (int i = 0; i < kCepstra; ++i) voice.mean[i] += c[i] / static_cast<float>(voice.cepstra.size());
  }
  return voice;
}

TEST(SenoneScorer, EqualsThePlainFormula) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const AcousticModel model = load_acoustic_model();
  const SenoneScorer scorer(model);
  SenoneScorer::Workspace workspace;
  std::vector<float> scores(scorer.senones());
  Random random(5);
  for (int round = 0; round < 6; ++round) {
    StreamFeatures x;
    for (auto& stream : x) {
      for (float& v : stream) v = static_cast<float>(6 * random.normal());
    }
    scorer.log_likelihoods(x, workspace, scores);
    const auto expected = reference_log_likelihoods(model, x);
    const double offset = scores[0] - expected[0];  // log of the weight scale
    for (int s = 0; s < model.senones; ++s)
      ASSERT_NEAR(scores[s] - offset, expected[s], 2e-3) << "senone " << s;
  }
}

// Scores by pocketsphinx_batch -senlogdir of the same sound: below the best senone, in units of
// 0.102395 nat. It rounds Gaussians, mixtures and sums to whole units, hence the tolerance.
TEST(SenoneScorer, AgreesWithPocketsphinx) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const std::map<int, std::map<int, int>> expected = {
      {10,
       {{0, 131},
        {4, 27},
        {7, 44},
        {40, 101},
        {96, 68},
        {126, 129},
        {500, 130},
        {1234, 107},
        {2500, 171},
        {3777, 82},
        {5000, 190},
        {5125, 140},
        {967, 0}}},
      {50,
       {{0, 129},
        {4, 65},
        {7, 84},
        {40, 56},
        {96, 15},
        {126, 257},
        {500, 159},
        {1234, 117},
        {2500, 185},
        {3777, 74},
        {5000, 199},
        {5125, 90},
        {3, 0}}},
      {90,
       {{0, 145},
        {4, 112},
        {7, 146},
        {40, 161},
        {96, 114},
        {126, 252},
        {500, 185},
        {1234, 160},
        {2500, 159},
        {3777, 183},
        {5000, 280},
        {5125, 115},
        {2589, 0}}},
  };
  const SenoneScorer scorer(load_acoustic_model());
  SenoneScorer::Workspace workspace;
  std::vector<float> scores(scorer.senones());
  const Voice voice = sphinx_voice();
  for (const auto& [t, senones] : expected) {
    scorer.log_likelihoods(features_at(voice.cepstra, voice.mean, t), workspace, scores);
    const float best = *std::ranges::max_element(scores);
    for (const auto& [senone, units] : senones) {
      EXPECT_NEAR((best - scores[senone]) / kMixtureWeightStep, units, 8)
          << "frame " << t << " senone " << senone;
    }
  }
}

TEST(SenoneScorer, PosteriorsAreTheScaledSoftmax) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const AcousticModel model = load_acoustic_model();
  const SenoneScorer scorer(model);
  SenoneScorer::Workspace workspace;
  const Voice voice = sphinx_voice();
  const StreamFeatures x = features_at(voice.cepstra, voice.mean, 40);
  std::array<float, kPhoneStates> posteriors;
  scorer.state_posteriors(x, 0.3F, workspace, posteriors);
  std::vector<float> scores(scorer.senones());
  scorer.log_likelihoods(x, workspace, scores);
  const float best = *std::ranges::max_element(scores);
  std::array<double, kPhoneStates> expected{};
  double total = 0;
  for (int s = 0; s < model.senones; ++s) {
    const double p = std::exp(0.3 * (scores[s] - best));
    expected[model.senone_state[s]] += p;
    total += p;
  }
  for (int state = 0; state < kPhoneStates; ++state)
    EXPECT_NEAR(posteriors[state], expected[state] / total, 1e-5);
  EXPECT_NEAR(std::accumulate(posteriors.begin(), posteriors.end(), 0.0), 1, 1e-5);
}

TEST(SenoneScorer, StaysFiniteFarOutsideOfTheModel) {
  ANIMA_NEEDS_ACOUSTIC_MODEL();
  const SenoneScorer scorer(load_acoustic_model());
  SenoneScorer::Workspace workspace;
  for (const float far : {-300.0F, 300.0F}) {
    StreamFeatures x;
    for (auto& stream : x) stream.fill(far);
    std::array<float, kPhoneStates> posteriors;
    scorer.state_posteriors(x, 0.3F, workspace, posteriors);
    for (const float p : posteriors) EXPECT_TRUE(std::isfinite(p) && p >= 0);
  }
}

}  // namespace
}  // namespace anima::audio
