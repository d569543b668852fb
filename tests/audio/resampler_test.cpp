#include "audio/resampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.h"

namespace anima::audio {
namespace {

Sound tone(int rate_hz, double frequency_hz, double seconds) {
  Sound sound;
  sound.sample_rate_hz = rate_hz;
  for (int i = 0; i < static_cast<int>(rate_hz * seconds); ++i) {
    sound.samples.push_back(
        static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * frequency_hz * i / rate_hz)));
  }
  return sound;
}

TEST(Resampler, KeepsAToneInPlaceAtAnyPairOfRates) {
  for (const auto& [from, to] :
       {std::pair{44100, 16000}, {22050, 24000}, {8000, 48000}, {24000, 24000}, {48000, 22050}}) {
    const Sound out = resample(tone(from, 440, 0.5), to);
    ASSERT_EQ(out.samples.size(),
              static_cast<std::size_t>(std::ceil(from / 2 * static_cast<double>(to) / from)));
    double error = 0;
    // The edges ring where the tone begins out of nothing.
    for (std::size_t i = out.samples.size() / 4; i < out.samples.size() * 3 / 4; ++i) {
      const double expected = 0.5 * std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / to);
      error = std::max(error, std::abs(out.samples[i] - expected));
    }
    EXPECT_LT(error, 1e-3) << from << " -> " << to;
  }
}

TEST(Resampler, RemovesWhatTheLowerRateCannotHold) {
  const Sound out = resample(tone(48000, 9500, 0.3), 16000);
  float peak = 0;
  for (std::size_t i = 400; i + 400 < out.samples.size(); ++i)
    peak = std::max(peak, std::abs(out.samples[i]));
  EXPECT_LT(peak, 1e-4F);
}

TEST(Resampler, DoesNotDependOnHowTheStreamIsCut) {
  const Sound in = tone(22050, 333, 0.3);
  const Sound whole = resample(in, 24000);
  Resampler resampler(22050, 24000);
  std::vector<float> pieces;
  const std::span<const float> samples(in.samples);
  for (std::size_t at = 0; at < samples.size(); at += 97) {
    resampler.process(samples.subspan(at, std::min<std::size_t>(97, samples.size() - at)), pieces);
  }
  resampler.finish(pieces);
  EXPECT_EQ(pieces, whole.samples);
}

TEST(Resampler, RefusesRatesThatAreNone) {
  EXPECT_THROW(Resampler(0, 16000), Error);
  EXPECT_THROW(Resampler(16000, -1), Error);
  EXPECT_THROW(Resampler(16000, 1000000), Error);
}

}  // namespace
}  // namespace anima::audio
