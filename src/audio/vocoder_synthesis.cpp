#include "audio/vocoder_synthesis.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anima::audio {
namespace {

constexpr int kSize = kEnvelopeFourierSize;
constexpr int kLead = 64;                // samples before a pulse that its fractional shift rings into
constexpr double kUnvoicedRateHz = 250;  // noises per second where nothing is voiced
constexpr float kLogFloor = -32.0F;      // natural log of a share of power that is nothing

// Amplitude ratio of noise in dB at each bin, linear between the band centres (0 Hz: -60, 12 kHz: 0).
float aperiodicity_at(const BandAperiodicity& bands, int bin) {
  constexpr float kBinsPerBand =
      static_cast<float>(kAperiodicityBandWidth_hz / kVocoderRateHz * kEnvelopeFourierSize);
  const float position = static_cast<float>(bin) / kBinsPerBand;
  const int band = std::min(static_cast<int>(position), kAperiodicityBands);
  const float fraction = position - static_cast<float>(band);
  const float low = band == 0 ? -60.0F : bands[band - 1];
  const float high = band == kAperiodicityBands ? 0.0F : bands[band];
  return low + fraction * (high - low);
}

}  // namespace

VocoderSynthesis::VocoderSynthesis(std::uint64_t seed)
    : fourier_(kSize),
      random_(seed),
      dc_remover_(kSize),
      envelope_(kEnvelopeBins),
      periodic_(kEnvelopeBins),
      noise_(kEnvelopeBins),
      time_(kSize),
      cepstrum_(kEnvelopeBins),
      periodic_response_(kEnvelopeBins),
      noise_response_(kEnvelopeBins),
      noise_spectrum_(kEnvelopeBins) {
  double sum = 0;
  for (int i = 0; i < kSize; ++i) {
    dc_remover_[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * (i + 1) / (kSize + 1)));
    sum += dc_remover_[i];
  }
  for (float& value : dc_remover_) value /= static_cast<float>(sum);
}

void VocoderSynthesis::push(const VocoderFrames& frames, std::size_t begin, std::size_t end) {
  frames_.f0_hz.insert(frames_.f0_hz.end(), frames.f0_hz.begin() + static_cast<std::ptrdiff_t>(begin),
                       frames.f0_hz.begin() + static_cast<std::ptrdiff_t>(end));
  frames_.log_power.insert(frames_.log_power.end(),
                           frames.log_power.begin() + static_cast<std::ptrdiff_t>(begin * kEnvelopeBins),
                           frames.log_power.begin() + static_cast<std::ptrdiff_t>(end * kEnvelopeBins));
  frames_.aperiodicity_db.insert(frames_.aperiodicity_db.end(),
                                 frames.aperiodicity_db.begin() + static_cast<std::ptrdiff_t>(begin),
                                 frames.aperiodicity_db.begin() + static_cast<std::ptrdiff_t>(end));
  frame_count_ += static_cast<long long>(end - begin);
}

// Goes through the samples before `limit`, sample by sample: where the phase passes a whole period
// there is a pulse, and the response of the one before it, whose noise ends here, is added.
void VocoderSynthesis::advance(long long limit) {
  const auto last = static_cast<long long>(frames_.size()) - 1;
  for (; position_ < limit; ++position_) {
    const long long frame = position_ / kVocoderFrameHop - first_frame_;
    const auto fraction = static_cast<float>(position_ % kVocoderFrameHop) / kVocoderFrameHop;
    const float a = frames_.f0_hz[std::clamp(frame, 0LL, last)];
    const float b = frames_.f0_hz[std::clamp(frame + 1, 0LL, last)];
    // At the edge of voicing the pitch is the voiced side's: a mean with "none" would be a glide.
    const float nearest = fraction < 0.5F ? a : b;
    const bool voiced = nearest > 0;
    const double f0 = !voiced ? kUnvoicedRateHz : (a > 0 && b > 0 ? a + fraction * (b - a) : nearest);
    const double step = f0 / kVocoderRateHz;
    if (phase_ + step >= 1 || !have_pulse_) {
      const double ahead = have_pulse_ ? (1 - phase_) / step : 0;
      const Pulse pulse{position_, std::clamp(ahead, 0.0, 1.0), voiced};
      if (have_pulse_) {
        add_response(pending_, pulse.sample);
        phase_ -= 1;
      }
      pending_ = pulse;
      have_pulse_ = true;
    }
    phase_ += step;
  }
}

// H with |H|^2 = exp(log_power) and minimum phase: the cepstrum folded onto positive quefrencies.
void VocoderSynthesis::minimum_phase(std::span<const float> log_power,
                                     std::vector<std::complex<float>>& response) {
  for (int k = 0; k < kEnvelopeBins; ++k) cepstrum_[k] = 0.5F * log_power[k];
  fourier_.inverse(cepstrum_, time_);
  for (int n = 1; n < kSize / 2; ++n) time_[n] *= 2;
  std::fill(time_.begin() + kSize / 2 + 1, time_.end(), 0.0F);
  fourier_.forward(time_, response);
  for (int k = 0; k < kEnvelopeBins; ++k) {
    response[k] = std::polar(std::exp(response[k].real()), response[k].imag());
  }
}

void VocoderSynthesis::add_response(const Pulse& pulse, long long next_sample) {
  const auto last = static_cast<long long>(frames_.size()) - 1;
  const double at = static_cast<double>(pulse.sample) / kVocoderFrameHop - static_cast<double>(first_frame_);
  const long long left = std::clamp(static_cast<long long>(at), 0LL, last);
  const long long right = std::min(left + 1, last);
  const auto fraction = static_cast<float>(std::clamp(at - static_cast<double>(left), 0.0, 1.0));
  const float* a = &frames_.log_power[static_cast<std::size_t>(left) * kEnvelopeBins];
  const float* b = &frames_.log_power[static_cast<std::size_t>(right) * kEnvelopeBins];
  for (int k = 0; k < kEnvelopeBins; ++k) envelope_[k] = a[k] + fraction * (b[k] - a[k]);

  const int noise_length =
      static_cast<int>(std::clamp(next_sample - pulse.sample, 1LL, static_cast<long long>(kSize) / 2));
  if (pulse.voiced) {
    BandAperiodicity bands = frames_.aperiodicity_db[static_cast<std::size_t>(left)];
    const BandAperiodicity& other = frames_.aperiodicity_db[static_cast<std::size_t>(right)];
    const bool left_voiced = frames_.f0_hz[static_cast<std::size_t>(left)] > 0;
    const bool right_voiced = frames_.f0_hz[static_cast<std::size_t>(right)] > 0;
    for (int i = 0; i < kAperiodicityBands; ++i) {
      if (!left_voiced) {
        bands[i] = other[i];
      } else if (right_voiced) {
        bands[i] += fraction * (other[i] - bands[i]);
      }
    }
    constexpr float kLogPerDecibel = std::numbers::ln10_v<float> / 10;
    for (int k = 0; k < kEnvelopeBins; ++k) {
      const float log_share = kLogPerDecibel * aperiodicity_at(bands, k);  // of power
      noise_[k] = envelope_[k] + log_share;
      periodic_[k] =
          envelope_[k] + std::max(kLogFloor, std::log1p(-std::min(std::exp(log_share), 0.999999F)));
    }
    minimum_phase(periodic_, periodic_response_);
    minimum_phase(noise_, noise_response_);
  } else {
    minimum_phase(envelope_, noise_response_);
  }

  double mean = 0;
  for (int i = 0; i < noise_length; ++i) {
    time_[i] = static_cast<float>(random_.normal());
    mean += time_[i];
  }
  mean /= noise_length;
  for (int i = 0; i < noise_length; ++i) time_[i] -= static_cast<float>(mean);
  std::fill(time_.begin() + noise_length, time_.end(), 0.0F);
  fourier_.forward(time_, noise_spectrum_);

  // A pulse of this gain at this rate has the power that the envelope says.
  const auto gain = static_cast<float>(std::sqrt(static_cast<double>(noise_length)));
  float direct = 0;
  if (pulse.voiced) {
    direct = gain * periodic_response_[0].real();
    const double shift = -2 * std::numbers::pi * pulse.fraction / kSize;
    const std::complex<float> turn(static_cast<float>(std::cos(shift)), static_cast<float>(std::sin(shift)));
    std::complex<float> phase(gain, 0.0F);
    for (int k = 0; k < kEnvelopeBins; ++k) {
      const std::complex<float> p = periodic_response_[k];
      const std::complex<float> h = noise_response_[k];
      const std::complex<float> n = noise_spectrum_[k];
      noise_spectrum_[k] = {
          p.real() * phase.real() - p.imag() * phase.imag() + h.real() * n.real() - h.imag() * n.imag(),
          p.real() * phase.imag() + p.imag() * phase.real() + h.real() * n.imag() + h.imag() * n.real()};
      phase = {phase.real() * turn.real() - phase.imag() * turn.imag(),
               phase.real() * turn.imag() + phase.imag() * turn.real()};
    }
  } else {
    for (int k = 0; k < kEnvelopeBins; ++k) {
      const std::complex<float> h = noise_response_[k];
      const std::complex<float> n = noise_spectrum_[k];
      noise_spectrum_[k] = {h.real() * n.real() - h.imag() * n.imag(),
                            h.real() * n.imag() + h.imag() * n.real()};
    }
  }
  noise_spectrum_[0] = noise_spectrum_[0].real();
  noise_spectrum_[kSize / 2] = noise_spectrum_[kSize / 2].real();
  fourier_.inverse(noise_spectrum_, time_);

  // The last kLead samples of the circular response lie before the pulse.
  const long long begin = pulse.sample - kLead - (output_begin_ - kLead);
  const auto needed = static_cast<std::size_t>(begin + kSize);
  if (output_.size() < needed) output_.resize(needed, 0.0F);
  float* out = output_.data() + begin;
  for (int i = 0; i < kSize; ++i) out[i] += time_[(i + kSize - kLead) % kSize] - direct * dc_remover_[i];
}

// Moves samples [output_begin_, until) out.
void VocoderSynthesis::emit(long long until, std::vector<float>& samples) {
  if (until <= output_begin_) return;
  const auto count = static_cast<std::size_t>(until - output_begin_);
  if (output_.size() < kLead + count) output_.resize(kLead + count, 0.0F);
  samples.insert(samples.end(), output_.begin() + kLead,
                 output_.begin() + kLead + static_cast<std::ptrdiff_t>(count));
  output_.erase(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(count));
  output_begin_ = until;
}

void VocoderSynthesis::pull(std::vector<float>& samples) {
  if (frame_count_ < 2) return;
  // The response of a pulse needs the frame after it.
  advance((frame_count_ - 1) * kVocoderFrameHop);
  if (!have_pulse_) return;
  emit(pending_.sample - kLead, samples);
  const long long needed = pending_.sample / kVocoderFrameHop;
  if (needed > first_frame_) {
    const auto drop = static_cast<std::ptrdiff_t>(needed - first_frame_);
    frames_.f0_hz.erase(frames_.f0_hz.begin(), frames_.f0_hz.begin() + drop);
    frames_.log_power.erase(frames_.log_power.begin(), frames_.log_power.begin() + drop * kEnvelopeBins);
    frames_.aperiodicity_db.erase(frames_.aperiodicity_db.begin(), frames_.aperiodicity_db.begin() + drop);
    first_frame_ = needed;
  }
}

void VocoderSynthesis::finish(std::vector<float>& samples) {
  if (frame_count_ > 0) {
    const long long total = frame_count_ * kVocoderFrameHop;
    advance(total);
    if (have_pulse_) add_response(pending_, total);
    emit(total, samples);
  }
  frames_ = {};
  first_frame_ = frame_count_ = position_ = output_begin_ = 0;
  phase_ = 0;
  have_pulse_ = false;
  output_.clear();
}

Sound synthesise(const VocoderFrames& frames, std::uint64_t seed) {
  Sound sound;
  sound.sample_rate_hz = kVocoderRateHz;
  VocoderSynthesis synthesis(seed);
  synthesis.push(frames);
  synthesis.finish(sound.samples);
  return sound;
}

}  // namespace anima::audio
