// Speech as the vocoder sees it: pitch, spectral envelope and noise share, frame by frame.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/sound.h"

namespace anima::audio {

inline constexpr int kVocoderRateHz = 24000;
inline constexpr double kVocoderFramePeriod_s = 0.005;
inline constexpr int kVocoderFrameHop = 120;       // samples
inline constexpr int kEnvelopeFourierSize = 1024;  // longest window: 3 periods of 71 Hz
inline constexpr int kEnvelopeBins = kEnvelopeFourierSize / 2 + 1;
inline constexpr int kAperiodicityBands = 3;  // centred at 3, 6 and 9 kHz; fixed ends at 0 and 12 kHz
inline constexpr double kAperiodicityBandWidth_hz = 3000;

// Share of noise in each band, as an amplitude ratio in dB: -60 all periodic, 0 all noise.
using BandAperiodicity = std::array<float, kAperiodicityBands>;

// Frame t is centred at sample t * kVocoderFrameHop.
struct VocoderFrames {
  std::vector<float> f0_hz;      // 0: unvoiced
  std::vector<float> log_power;  // [frame][kEnvelopeBins], natural log of the power spectral density
  std::vector<BandAperiodicity> aperiodicity_db;

  std::size_t size() const { return f0_hz.size(); }
};

// Pitch, envelope and aperiodicity of a whole sound of any rate (resampled to kVocoderRateHz).
// An empty sound gives no frame.
VocoderFrames analyse_speech(const Sound& sound);

// The same for frames [begin, end) of a voice whose pitch is known: `samples` are the whole sound
// at kVocoderRateHz, frames.f0_hz has a value for every frame and is set to 0 where the spectrum
// says that nothing is voiced. Resizes the other arrays to fit.
void analyse_frames(std::span<const float> samples, std::size_t begin, std::size_t end,
                    VocoderFrames& frames);

}  // namespace anima::audio
