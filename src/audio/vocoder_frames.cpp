#include "audio/vocoder_frames.h"

#include "audio/aperiodicity.h"
#include "audio/resampler.h"
#include "audio/spectral_envelope.h"
#include "audio/vocoder_pitch.h"

namespace anima::audio {

VocoderFrames analyse_speech(const Sound& sound) {
  VocoderPitchOptions options;
  options.frame_period_s = kVocoderFramePeriod_s;
  VocoderFrames frames;
  frames.f0_hz = track_vocoder_pitch(sound, options).f0_hz;
  analyse_frames(resample(sound, kVocoderRateHz).samples, 0, frames.size(), frames);
  return frames;
}

void analyse_frames(std::span<const float> samples, std::size_t begin, std::size_t end,
                    VocoderFrames& frames) {
  SpectralEnvelope envelope;
  Aperiodicity aperiodicity;
  frames.log_power.resize(frames.size() * kEnvelopeBins);
  frames.aperiodicity_db.resize(frames.size());
  for (std::size_t t = begin; t < end; ++t) {
    const double center = static_cast<double>(t) * kVocoderFrameHop;
    float& f0 = frames.f0_hz[t];
    if (f0 > 0 && !aperiodicity.is_voiced(samples, center, f0)) f0 = 0;
    envelope.compute(samples, center, f0, {&frames.log_power[t * kEnvelopeBins], kEnvelopeBins});
    BandAperiodicity& bands = frames.aperiodicity_db[t];
    if (f0 <= 0) {
      bands.fill(0);
    } else if (t % 2 == 0 || t == begin || frames.f0_hz[t - 1] <= 0) {
      bands = aperiodicity.compute(samples, center, f0);
    } else {
      // Noise changes slowly: every second frame is as its neighbour, at half the cost.
      bands = frames.aperiodicity_db[t - 1];
    }
  }
}

}  // namespace anima::audio
