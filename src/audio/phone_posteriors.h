// Phone-state posteriors of a sound, frame by frame ("phonetic posteriorgram", PPG): what is
// said, with who says it mostly taken away.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>

#include "audio/cepstral_mean.h"
#include "audio/senone_scorer.h"

namespace anima::audio {

using PhonePosteriors = std::array<float, kPhoneStates>;  // sums to 1; state = phone * 3 + position

struct PhonePosteriorOptions {
  float acoustic_scale = 0.3F;
  std::optional<Cepstra> cepstral_mean;  // of the whole sound, where it is known; none: a running mean
  CepstralMeanOptions running;
};

// Streams: push plain cepstra, pull posteriors in order. Looks three frames ahead.
class PhonePosteriorStream {
 public:
  static constexpr int kLookAheadFrames = 3;

  PhonePosteriorStream(std::shared_ptr<const SenoneScorer> scorer, const PhonePosteriorOptions& options = {});
  void push(const Cepstra& cepstra);
  void finish();
  // `normalised` receives the frame's cepstra less the mean.
  bool pull(PhonePosteriors& posteriors, Cepstra& normalised);

 private:
  std::shared_ptr<const SenoneScorer> scorer_;
  PhonePosteriorOptions options_;
  RunningCepstralMean running_;
  SenoneScorer::Workspace workspace_;
  std::deque<Cepstra> window_;  // from 3 frames before the next one on
  std::deque<Cepstra> means_;   // that belong to the frames from the next one on
  bool finished_ = false;
};

}  // namespace anima::audio
