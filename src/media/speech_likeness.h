// How much a sound is like speech: syllables make its loudness rise and fall two to eight times a second.
//
// After the "4 Hz modulation energy" of E. Scheirer and M. Slaney, "Construction and evaluation of a robust
// multifeature speech/music discriminator", ICASSP 1997. It chooses between channels and tracks; it does not
// recognise speech.
#pragma once

#include <span>
#include <vector>

namespace anima::media {

class SpeechLikeness {
 public:
  explicit SpeechLikeness(int sample_rate_hz);
  void push(std::span<const float> samples, std::size_t stride = 1);  // every stride-th one
  // Modulation between 2 and 8 Hz against the mean loudness: below 0.1 for hum, noise, held notes and
  // silence, 0.45 to 0.85 for speech; music with a beat reaches that too.
  double value() const;
  double rms() const;  // of the samples, 1 is full scale

 private:
  int frame_samples_;
  int in_frame_ = 0;
  double frame_energy_ = 0;
  float before_ = 0;
  double energy_ = 0;
  long long count_ = 0;
  std::vector<float> loudness_;  // of each 10 ms, with the treble raised as speech needs it
};

inline constexpr double kSpeech = 0.35;
inline constexpr double kSilence_rms = 1e-3;  // -60 dB: what a recorder without a microphone has

}  // namespace anima::media
