// Pitch, envelope, aperiodicity and synthesis together: each is judged on sounds whose truth is known.
#include "audio/vocoder_synthesis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "audio/aperiodicity.h"
#include "audio/envelope_cepstrum.h"
#include "audio/spectral_envelope.h"
#include "audio/vocoder_pitch.h"

namespace anima::audio {
namespace {

// A pulse train through two resonances: a voice whose pitch and formants are known.
Sound vowel(double f0_from_hz, double f0_to_hz, double seconds, int rate_hz = kVocoderRateHz,
            double noise = 0) {
  Sound sound;
  sound.sample_rate_hz = rate_hz;
  double phase = 0;
  Random random(7);
  double y1[2] = {};
  double y2[2] = {};
  const double formant_hz[2] = {600, 1500};
  const int count = static_cast<int>(rate_hz * seconds);
  for (int i = 0; i < count; ++i) {
    const double f0 = f0_from_hz + (f0_to_hz - f0_from_hz) * i / count;
    phase += f0 / rate_hz;
    double x = noise * random.normal();
    if (phase >= 1) {
      phase -= 1;
      x += 1;
    }
    double sum = 0;
    for (int k = 0; k < 2; ++k) {
      const double r = std::exp(-std::numbers::pi * 80 / rate_hz);
      const double y =
          x + 2 * r * std::cos(2 * std::numbers::pi * formant_hz[k] / rate_hz) * y1[k] - r * r * y2[k];
      y2[k] = y1[k];
      y1[k] = y;
      sum += y;
    }
    sound.samples.push_back(static_cast<float>(0.05 * sum));
  }
  return sound;
}

TEST(VocoderPitch, FollowsAGlideWithinHalfAPercent) {
  const Sound sound = vowel(90, 180, 1.5);
  const VocoderPitch pitch = track_vocoder_pitch(sound);
  ASSERT_EQ(pitch.f0_hz.size(), 301U);
  int checked = 0;
  for (std::size_t t = 10; t < 290; ++t) {
    ASSERT_GT(pitch.f0_hz[t], 0) << t;
    const double expected = 90 + 90 * static_cast<double>(t) / 300;
    EXPECT_NEAR(pitch.f0_hz[t], expected, 0.005 * expected + 0.3) << t;
    ++checked;
  }
  EXPECT_EQ(checked, 280);
}

TEST(VocoderPitch, IsRightForLowAndHighVoicesAndFindsNoneInNoise) {
  EXPECT_NEAR(median_pitch_hz(track_vocoder_pitch(vowel(75, 75, 1)).f0_hz), 75, 0.5);
  EXPECT_NEAR(median_pitch_hz(track_vocoder_pitch(vowel(310, 310, 1, 16000)).f0_hz), 310, 1.5);
  Sound noise;
  noise.sample_rate_hz = 16000;
  Random random(3);
  for (int i = 0; i < 16000; ++i) noise.samples.push_back(static_cast<float>(0.1 * random.normal()));
  int voiced = 0;
  for (const float f0 : track_vocoder_pitch(noise).f0_hz) voiced += f0 > 0 ? 1 : 0;
  EXPECT_LT(voiced, 20);
  EXPECT_TRUE(track_vocoder_pitch(Sound{16000, {}}).f0_hz.empty());
  for (const float f0 : track_vocoder_pitch(Sound{16000, std::vector<float>(8000, 0.0F)}).f0_hz)
    EXPECT_EQ(f0, 0);
}

TEST(SpectralEnvelope, IsFlatAndAtTheRightLevelForWhiteNoise) {
  Random random(5);
  std::vector<float> samples(kVocoderRateHz);
  for (float& sample : samples) sample = static_cast<float>(0.1 * random.normal());
  SpectralEnvelope envelope;
  std::vector<float> log_power(kEnvelopeBins);
  double sum = 0;
  int frames = 0;
  for (double center = 2000; center < 22000; center += 240, ++frames) {
    envelope.compute(samples, center, 0, log_power);
    for (const float value : log_power) sum += value;
  }
  // The mean of a log of a smoothed power lies a little under the log of its mean.
  EXPECT_NEAR(sum / (frames * kEnvelopeBins), std::log(0.01), 0.35);
}

TEST(SpectralEnvelope, FindsTheFormantsWhateverThePitch) {
  SpectralEnvelope envelope;
  std::vector<float> low(kEnvelopeBins);
  std::vector<float> high(kEnvelopeBins);
  envelope.compute(vowel(100, 100, 0.5).samples, 6000, 100, low);
  envelope.compute(vowel(170, 170, 0.5).samples, 6000, 170, high);
  const auto peak_hz = [&](const std::vector<float>& log_power, double from_hz, double to_hz) {
    const double bin_hz = static_cast<double>(kVocoderRateHz) / kEnvelopeFourierSize;
    int best = static_cast<int>(from_hz / bin_hz);
    for (int k = best; k < static_cast<int>(to_hz / bin_hz); ++k)
      best = log_power[k] > log_power[best] ? k : best;
    return best * bin_hz;
  };
  EXPECT_NEAR(peak_hz(low, 300, 1000), 600, 50);
  EXPECT_NEAR(peak_hz(high, 300, 1000), 600, 90);
  EXPECT_NEAR(peak_hz(low, 1100, 2000), 1500, 60);
}

TEST(EnvelopeCepstrum, GivesASmoothEnvelopeBack) {
  const EnvelopeCepstrum cepstrum;
  SpectralEnvelope envelope;
  std::vector<float> log_power(kEnvelopeBins);
  envelope.compute(vowel(120, 120, 0.5).samples, 6000, 120, log_power);
  std::vector<float> cepstra(kEnvelopeCepstra);
  std::vector<float> back(kEnvelopeBins);
  cepstrum.analyse(log_power, cepstra);
  cepstrum.synthesise(cepstra, back);
  double square = 0;
  for (int k = 0; k < kEnvelopeBins; ++k) square += (back[k] - log_power[k]) * (back[k] - log_power[k]);
  EXPECT_LT(std::sqrt(square / kEnvelopeBins), 0.35);  // nats of power: 1.5 dB
}

TEST(Aperiodicity, TellsAPureVoiceFromABreathyOne) {
  Aperiodicity aperiodicity;
  const Sound pure = vowel(120, 120, 0.5);
  const Sound breathy = vowel(120, 120, 0.5, kVocoderRateHz, 0.08);
  const BandAperiodicity a = aperiodicity.compute(pure.samples, 6000, 120);
  const BandAperiodicity b = aperiodicity.compute(breathy.samples, 6000, 120);
  for (int band = 0; band < kAperiodicityBands; ++band) {
    EXPECT_LT(a[band], -15) << band;
    EXPECT_GT(b[band], a[band] + 8) << band;
    EXPECT_LE(b[band], 0) << band;
  }
  EXPECT_TRUE(aperiodicity.is_voiced(pure.samples, 6000, 120));
}

TEST(VocoderSynthesis, GivesPitchAndSpectrumBack) {
  const Sound original = vowel(100, 140, 1.0);
  const VocoderFrames frames = analyse_speech(original);
  const Sound again = synthesise(frames);
  EXPECT_EQ(again.samples.size(), frames.size() * kVocoderFrameHop);
  const VocoderFrames second = analyse_speech(again);
  double log_difference = 0;
  double pitch_difference = 0;
  int count = 0;
  for (std::size_t t = 20; t < 180; ++t) {
    ASSERT_GT(second.f0_hz[t], 0) << t;
    pitch_difference += std::abs(second.f0_hz[t] / frames.f0_hz[t] - 1);
    // Up to 4 kHz: above, this vowel has nothing but its skirts.
    for (int k = 4; k < kEnvelopeBins / 3; ++k, ++count) {
      log_difference +=
          std::abs(second.log_power[t * kEnvelopeBins + k] - frames.log_power[t * kEnvelopeBins + k]);
    }
  }
  EXPECT_LT(pitch_difference / 160, 0.005);
  EXPECT_LT(log_difference / count, 0.3);  // 1.3 dB
}

TEST(VocoderSynthesis, StreamsTheSameSamplesHoweverItIsFed) {
  const VocoderFrames frames = analyse_speech(vowel(100, 140, 0.6));
  const Sound whole = synthesise(frames, 11);
  VocoderSynthesis synthesis(11);
  std::vector<float> samples;
  for (std::size_t at = 0; at < frames.size(); at += 7) {
    synthesis.push(frames, at, std::min(at + 7, frames.size()));
    const std::size_t before = samples.size();
    synthesis.pull(samples);
    if (at > 20) {
      EXPECT_GT(samples.size(), before);
    }
  }
  synthesis.finish(samples);
  EXPECT_EQ(samples, whole.samples);
}

TEST(VocoderSynthesis, HasThePowerOfItsFrames) {
  // White noise of standard deviation 0.1, unvoiced.
  VocoderFrames frames;
  frames.f0_hz.assign(200, 0);
  frames.aperiodicity_db.assign(200, BandAperiodicity{});
  frames.log_power.assign(200 * kEnvelopeBins, std::log(0.01F));
  const Sound sound = synthesise(frames);
  double power = 0;
  for (const float sample : sound.samples) power += sample * sample;
  EXPECT_NEAR(std::sqrt(power / static_cast<double>(sound.samples.size())), 0.1, 0.01);
}

}  // namespace
}  // namespace anima::audio
