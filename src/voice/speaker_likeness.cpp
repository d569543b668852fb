#include "voice/speaker_likeness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "audio/log_mel.h"
#include "audio/resampler.h"

namespace anima::voice {
namespace {

constexpr int kCoefficients = 19;
constexpr int kDifferenceReach = 2;  // frames on each side
constexpr float kSpeechRange_db = 30;

}  // namespace

RowMatrix likeness_features(const Sound& sound, bool channel_normalised) {
  const Sound at_16k = audio::resample(sound, audio::kSpeechRateHz);
  audio::FrameSpectrumStream spectra;
  spectra.push(at_16k.samples);
  spectra.finish();
  const audio::LogMel log_mel;
  std::vector<audio::MelBands> mel;
  std::vector<float> energy_db;
  audio::FrameSpectrum spectrum;
  while (spectra.pull(spectrum)) {
    mel.push_back(log_mel.compute(spectrum));
    energy_db.push_back(spectrum.energy_db);
  }
  const auto frames = static_cast<Eigen::Index>(mel.size());
  if (frames == 0) return {};
  RowMatrix cosine(audio::kMelBands, kCoefficients);
  for (int b = 0; b < audio::kMelBands; ++b) {
    for (int c = 0; c < kCoefficients; ++c) {
      cosine(b, c) = static_cast<float>(std::sqrt(2.0 / audio::kMelBands) *
                                        std::cos(std::numbers::pi * (c + 1) * (b + 0.5) / audio::kMelBands));
    }
  }
  const Eigen::Map<const RowMatrix> bands(mel[0].data(), frames, audio::kMelBands);
  const RowMatrix cepstra = bands * cosine;
  std::vector<float> sorted = energy_db;
  const auto rank = static_cast<std::ptrdiff_t>(0.95 * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + rank, sorted.end());
  const float threshold_db = std::max(sorted[static_cast<std::size_t>(rank)] - kSpeechRange_db, -75.0F);
  RowMatrix features(frames, 2 * kCoefficients);
  Eigen::Index count = 0;
  for (Eigen::Index t = 0; t < frames; ++t) {
    if (energy_db[static_cast<std::size_t>(t)] < threshold_db) continue;
    features.row(count).head(kCoefficients) = cepstra.row(t);
    RowVector slope = RowVector::Zero(kCoefficients);
    float norm = 0;
    for (int d = 1; d <= kDifferenceReach; ++d) {
      slope += static_cast<float>(d) *
               (cepstra.row(std::min(t + d, frames - 1)) - cepstra.row(std::max<Eigen::Index>(t - d, 0)));
      norm += 2 * static_cast<float>(d * d);
    }
    features.row(count).tail(kCoefficients) = slope / norm;
    ++count;
  }
  features.conservativeResize(count, 2 * kCoefficients);
  if (channel_normalised && count > 0) {
    const RowVector mean = features.leftCols(kCoefficients).colwise().mean();
    features.leftCols(kCoefficients).rowwise() -= mean;
  }
  return features;
}

SpeakerLikeness::SpeakerLikeness(const Sound& person, std::span<const Sound> others, std::uint64_t seed) {
  const auto train = [&](Pair& pair, bool normalised) {
    std::vector<RowMatrix> parts;
    Eigen::Index rows = 0;
    for (const Sound& other : others) {
      parts.push_back(likeness_features(other, normalised));
      rows += parts.back().rows();
    }
    RowMatrix all(rows, 2 * kCoefficients);
    Eigen::Index at = 0;
    for (const RowMatrix& part : parts) {
      all.middleRows(at, part.rows()) = part;
      at += part.rows();
    }
    GaussianMixtureOptions options;
    options.seed = seed;
    pair.others = train_gaussian_mixture(all, options);
    pair.person = adapt_means(pair.others, likeness_features(person, normalised));
  };
  train(plain_, false);
  train(normalised_, true);
}

Likeness SpeakerLikeness::judge(const Sound& sound) const {
  const auto ratio = [&](const Pair& pair, bool normalised) {
    const RowMatrix features = likeness_features(sound, normalised);
    if (features.rows() == 0) return 0.0;
    const Eigen::VectorXf difference =
        log_likelihoods(pair.person, features) - log_likelihoods(pair.others, features);
    return static_cast<double>(difference.mean());
  };
  return {ratio(plain_, false), ratio(normalised_, true)};
}

}  // namespace anima::voice
