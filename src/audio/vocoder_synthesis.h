// Speech from vocoder frames, as they come.
//
// One response per pitch period (Morise, Yokomori and Ozawa, "WORLD: a vocoder-based high-quality
// speech synthesis system for real-time applications", 2016): a minimum-phase pulse of the
// periodic share of the envelope plus noise, shaped by the minimum phase of the noise share, that
// lasts until the next pulse. Unvoiced speech is a row of such noises.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "audio/fourier.h"
#include "audio/vocoder_frames.h"
#include "core/random.h"

namespace anima::audio {

// Push frames, pull samples at kVocoderRateHz. How the frames are cut into pushes does not change
// a sample. Not safe for concurrent use.
class VocoderSynthesis {
 public:
  explicit VocoderSynthesis(std::uint64_t seed = 1);

  void push(const VocoderFrames& frames) { push(frames, 0, frames.size()); }
  void push(const VocoderFrames& frames, std::size_t begin, std::size_t end);
  // Appends every sample that no later frame can change (about 5 ms less than was pushed).
  void pull(std::vector<float>& samples);
  // Appends the rest: in all, frames * kVocoderFrameHop samples. Ready for another sentence
  // afterwards, with the noise going on as it was.
  void finish(std::vector<float>& samples);

 private:
  struct Pulse {
    long long sample;  // last sample at or before the pulse
    double fraction;   // of a sample, after it
    bool voiced;
  };
  void advance(long long limit);
  void add_response(const Pulse& pulse, long long next_sample);
  void minimum_phase(std::span<const float> log_power, std::vector<std::complex<float>>& response);
  void emit(long long until, std::vector<float>& samples);

  RealFourier fourier_;
  Random random_;
  VocoderFrames frames_;
  long long first_frame_ = 0;  // index of frames_[0] in the sentence
  long long frame_count_ = 0;
  long long position_ = 0;  // next sample whose phase is to be found
  double phase_ = 0;        // in periods
  bool have_pulse_ = false;
  Pulse pending_{};
  std::vector<float> output_;  // from sample output_begin_ - kLead on
  long long output_begin_ = 0;
  std::vector<float> dc_remover_;

  std::vector<float> envelope_;
  std::vector<float> periodic_;
  std::vector<float> noise_;
  std::vector<float> time_;
  std::vector<std::complex<float>> cepstrum_;
  std::vector<std::complex<float>> periodic_response_;
  std::vector<std::complex<float>> noise_response_;
  std::vector<std::complex<float>> noise_spectrum_;
};

// All at once.
Sound synthesise(const VocoderFrames& frames, std::uint64_t seed = 1);

}  // namespace anima::audio
