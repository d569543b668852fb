// Everything Anima knows of a moment of speech, 100 times a second.
//
//   auto scorer = std::make_shared<const SenoneScorer>(load_acoustic_model());
//   SpeechFeatureStream stream(scorer);
//   stream.push(samples_at_16_khz);   // any number, any time
//   SpeechFrame frame;
//   while (stream.pull(frame)) use(frame);
//   stream.finish();                  // at the end of the sound; then pull the rest
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audio/log_mel.h"
#include "audio/phone_posteriors.h"
#include "audio/pitch_tracker.h"
#include "core/progress.h"
#include "core/sound.h"

namespace anima::audio {

struct SpeechFrame {
  PhonePosteriors posteriors{};  // sums to 1
  Cepstra cepstra{};             // MFCC less the mean
  MelBands mel{};
  PitchFrame pitch;        // all zero when the pitch was not asked for
  float energy_db = -100;  // of full scale
};

// As one row of numbers: square root of the posteriors (126), cepstra (13), mel (40), natural
// logarithm of F0 in Hz (0 where unvoiced) and voicing (2), energy in dB (1).
inline constexpr int kSpeechFeatures = kPhoneStates + kCepstra + kMelBands + 3;
std::array<float, kSpeechFeatures> feature_row(const SpeechFrame& frame);

struct SpeechFeatureOptions {
  PhonePosteriorOptions posteriors;
  bool pitch = true;  // costs 150 ms more look-ahead
  PitchOptions pitch_range;
};

// Frame t describes the 25.6 ms from sample 160 t on. n samples give ceil(n / 160) frames. How
// the sound is cut into pushes changes nothing. Looks ahead: without pitch 25.6 + 30 ms, with it
// 200 ms. Memory: what was pushed and not yet pulled, and half a second.
class SpeechFeatureStream {
 public:
  SpeechFeatureStream(std::shared_ptr<const SenoneScorer> scorer, const SpeechFeatureOptions& options = {});
  void push(std::span<const float> samples);
  void finish();
  bool pull(SpeechFrame& frame);

 private:
  void analyse();

  FrameSpectrumStream spectrum_;
  Mfcc mfcc_;
  LogMel log_mel_;
  PhonePosteriorStream posteriors_;
  std::optional<PitchTracker> pitch_;
  struct Plain {
    MelBands mel;
    float energy_db;
  };
  std::deque<Plain> plain_;           // of the frames whose posteriors are still to come
  std::optional<SpeechFrame> complete_;  // but for the pitch
};

// The features of a whole sound at 16 kHz, with one cepstral mean for all of it unless the
// options give one. Throws Error(kInvalidArgument) for another rate, kCancelled when stopped.
std::vector<SpeechFrame> speech_features(const Sound& sound, std::shared_ptr<const SenoneScorer> scorer,
                                         const SpeechFeatureOptions& options, const WorkContext& context);

// The cepstral mean of a whole sound at 16 kHz, for a stream that is to hear it again: about a
// thousandth of real time.
Cepstra cepstral_mean_of(const Sound& sound);

// The scorer of the default acoustic model, loaded once per process and shared. Thread-safe.
std::shared_ptr<const SenoneScorer> shared_senone_scorer();

}  // namespace anima::audio
