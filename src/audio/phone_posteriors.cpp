#include "audio/phone_posteriors.h"

namespace anima::audio {

PhonePosteriorStream::PhonePosteriorStream(std::shared_ptr<const SenoneScorer> scorer,
                                           const PhonePosteriorOptions& options)
    : scorer_(std::move(scorer)), options_(options), running_(options.running) {}

void PhonePosteriorStream::push(const Cepstra& cepstra) {
  // The first frame stands for those before it, as in sphinx.
  if (window_.empty()) window_.insert(window_.end(), kLookAheadFrames, cepstra);
  window_.push_back(cepstra);
  means_.push_back(options_.cepstral_mean ? *options_.cepstral_mean : running_.update(cepstra));
}

void PhonePosteriorStream::finish() {
  if (finished_) return;
  finished_ = true;
  if (!window_.empty()) window_.insert(window_.end(), kLookAheadFrames, Cepstra(window_.back()));
}

bool PhonePosteriorStream::pull(PhonePosteriors& posteriors, Cepstra& normalised) {
  if (window_.size() < 2 * kLookAheadFrames + 1) return false;
  // A running mean that has seen the look-ahead as well is a little better informed.
  const Cepstra& mean = means_.size() > kLookAheadFrames ? means_[kLookAheadFrames] : means_.back();
  const auto c = [&](int t, int i) { return window_[static_cast<std::size_t>(kLookAheadFrames + t)][i]; };
  StreamFeatures features;
  for (int i = 0; i < kCepstra; ++i) {
    features[0][i] = c(0, i) - mean[i];
    features[1][i] = c(2, i) - c(-2, i);
    features[2][i] = (c(3, i) - c(-1, i)) - (c(1, i) - c(-3, i));
  }
  scorer_->state_posteriors(features, options_.acoustic_scale, workspace_, posteriors);
  normalised = features[0];
  window_.pop_front();
  means_.pop_front();
  return true;
}

}  // namespace anima::audio
