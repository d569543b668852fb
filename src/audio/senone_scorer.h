// How well each senone of the acoustic model explains one frame of sound.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "audio/acoustic_model.h"

namespace anima::audio {

// The three streams of feature type 1s_c_d_dd: cepstra less their mean, c[t+2] - c[t-2], and
// (c[t+3] - c[t-1]) - (c[t+1] - c[t-3]).
using StreamFeatures = std::array<std::array<float, kCepstra>, kStreams>;

// Semi-continuous scoring as pocketsphinx does it (ptm_mgau): of each codebook and stream the
// four best Gaussians, relative to the best of all codebooks and at most 9.83 nats below it,
// mixed by each senone's weights; the streams' logarithms add up. Here in floating point, where
// pocketsphinx rounds to integers of 0.1 nat.
//
// Immutable after construction (11 MB for en-us): one scorer serves any number of threads, each
// with its own Workspace.
class SenoneScorer {
 public:
  explicit SenoneScorer(const AcousticModel& model);

  struct Workspace {
    std::vector<float> likelihood;  // per senone, sorted by state: the product of three mixtures
  };

  int senones() const { return static_cast<int>(order_.size()); }
  // Log likelihood (natural, up to a constant per frame) of every senone, in the model's order.
  void log_likelihoods(const StreamFeatures& features, Workspace& workspace, std::span<float> out) const;
  // softmax(acoustic_scale * log likelihood) over all senones, summed onto the
  // context-independent states. The scale makes up for frames and streams not being
  // independent; 0.3 is what the facts page used.
  void state_posteriors(const StreamFeatures& features, float acoustic_scale, Workspace& workspace,
                        std::span<float, kPhoneStates> out) const;

 private:
  static constexpr int kTop = 4;
  void score(const StreamFeatures& features, Workspace& workspace) const;

  int densities_;
  std::vector<float> means_;         // [phone][stream][cepstrum][density]
  std::vector<float> half_inverse_;  // the same: 1 / (2 variance)
  std::vector<float> constants_;     // [phone][stream][density]: log of the Gaussian's peak
  std::vector<float> weights_;       // [stream][density][senone in scoring order], scaled by kWeightScale
  std::vector<int> order_;           // scoring position -> senone; sorted by phone and state
  std::array<int, kPhones + 1> phone_begin_{};       // scoring positions of each phone's senones
  std::array<int, kPhoneStates + 1> state_begin_{};  // and of each state's
};

}  // namespace anima::audio
