#include "audio/senone_scorer.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace anima::audio {
namespace {

// pocketsphinx clamps a Gaussian to 96 units of 0.102395 nat below the frame's best.
constexpr float kLowestDensity = 96 * static_cast<float>(kMixtureWeightStep);
// Keeps the product of three mixtures (down to 1e-47) inside a float.
constexpr float kWeightScale = 1e10F;

struct Top {
  float score = -INFINITY;
  int density = 0;
};

}  // namespace

SenoneScorer::SenoneScorer(const AcousticModel& model) : densities_(model.densities), order_(model.senones) {
  const int n = densities_;
  means_.resize(model.means.size());
  half_inverse_.resize(model.means.size());
  constants_.resize(static_cast<std::size_t>(kPhones) * kStreams * n);
  for (int block = 0; block < kPhones * kStreams; ++block) {
    for (int d = 0; d < n; ++d) {
      double constant = 0;
      for (int c = 0; c < kCepstra; ++c) {
        const std::size_t from = (static_cast<std::size_t>(block) * n + d) * kCepstra + c;
        const std::size_t to = (static_cast<std::size_t>(block) * kCepstra + c) * n + d;
        const double variance = model.variances[from];
        means_[to] = model.means[from];
        half_inverse_[to] = static_cast<float>(0.5 / variance);
        constant -= 0.5 * std::log(2 * std::numbers::pi * variance);
      }
      constants_[static_cast<std::size_t>(block) * n + d] = static_cast<float>(constant);
    }
  }

  std::iota(order_.begin(), order_.end(), 0);
  std::ranges::stable_sort(order_, {}, [&](int s) { return model.senone_state[s]; });
  for (int state = 0, position = 0; state <= kPhoneStates; ++state) {
    while (position < model.senones && model.senone_state[order_[position]] < state) ++position;
    state_begin_[state] = position;
    if (state % kStatesPerPhone == 0) phone_begin_[state / kStatesPerPhone] = position;
  }

  std::array<float, 256> weight_of;
  for (int v = 0; v < 256; ++v)
    weight_of[v] = static_cast<float>(kWeightScale * std::exp(-kMixtureWeightStep * v));
  weights_.resize(model.mixture_weights.size());
  for (int row = 0; row < kStreams * n; ++row) {
    for (int position = 0; position < model.senones; ++position) {
      weights_[static_cast<std::size_t>(row) * model.senones + position] =
          weight_of[model.mixture_weights[static_cast<std::size_t>(row) * model.senones + order_[position]]];
    }
  }
}

void SenoneScorer::score(const StreamFeatures& features, Workspace& workspace) const {
  const int n = densities_;
  const auto count = static_cast<std::size_t>(senones());
  std::array<std::array<std::array<Top, kTop>, kPhones>, kStreams> tops;
  std::array<float, kStreams> best;
  best.fill(-INFINITY);
  std::array<float, 256> log_density;

  // 1. Every Gaussian; the best four of each codebook and stream.
  for (int phone = 0; phone < kPhones; ++phone) {
    for (int stream = 0; stream < kStreams; ++stream) {
      const std::size_t block = static_cast<std::size_t>(phone) * kStreams + stream;
      const float* mean = means_.data() + block * kCepstra * n;
      const float* half_inverse = half_inverse_.data() + block * kCepstra * n;
      std::copy_n(constants_.data() + block * n, n, log_density.data());
      for (int c = 0; c < kCepstra; ++c) {
        const float x = features[stream][c];
        for (int d = 0; d < n; ++d) {
          const float difference = x - mean[c * n + d];
          log_density[d] -= difference * difference * half_inverse[c * n + d];
        }
      }
      auto& top = tops[stream][phone];
      for (int d = 0; d < n; ++d) {
        if (log_density[d] <= top[kTop - 1].score) continue;
        int place = kTop - 1;
        while (place > 0 && log_density[d] > top[place - 1].score) {
          top[place] = top[place - 1];
          --place;
        }
        top[place] = {log_density[d], d};
      }
      best[stream] = std::max(best[stream], top[0].score);
    }
  }

  // 2. Mix them by each senone's weights; multiply the streams.
  workspace.likelihood.assign(count, 1.0F);
  float* const likelihood = workspace.likelihood.data();
  for (int stream = 0; stream < kStreams; ++stream) {
    for (int phone = 0; phone < kPhones; ++phone) {
      std::array<float, kTop> gain;
      std::array<const float*, kTop> weight;
      for (int k = 0; k < kTop; ++k) {
        const Top& top = tops[stream][phone][k];
        gain[k] = std::exp(std::max(top.score - best[stream], -kLowestDensity));
        weight[k] = weights_.data() + (static_cast<std::size_t>(stream) * n + top.density) * count;
      }
      static_assert(kTop == 4);
      for (int s = phone_begin_[phone]; s < phone_begin_[phone + 1]; ++s) {
        likelihood[s] *=
            gain[0] * weight[0][s] + gain[1] * weight[1][s] + gain[2] * weight[2][s] + gain[3] * weight[3][s];
      }
    }
  }
}

void SenoneScorer::log_likelihoods(const StreamFeatures& features, Workspace& workspace,
                                   std::span<float> out) const {
  score(features, workspace);
  for (std::size_t s = 0; s < order_.size(); ++s) out[order_[s]] = std::log(workspace.likelihood[s]);
}

void SenoneScorer::state_posteriors(const StreamFeatures& features, float acoustic_scale,
                                    Workspace& workspace, std::span<float, kPhoneStates> out) const {
  score(features, workspace);
  Eigen::Map<Eigen::ArrayXf> likelihood(workspace.likelihood.data(),
                                        static_cast<Eigen::Index>(order_.size()));
  // likelihood^scale relative to the best, so that nothing overflows.
  likelihood = likelihood.log();
  likelihood = ((likelihood - likelihood.maxCoeff()) * acoustic_scale).exp();
  float total = 0;
  for (int state = 0; state < kPhoneStates; ++state) {
    const int begin = state_begin_[state];
    out[state] = likelihood.segment(begin, state_begin_[state + 1] - begin).sum();
    total += out[state];
  }
  for (float& p : out) p /= total;
}

}  // namespace anima::audio
