#include "audio/frame_spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "test_speech.h"

namespace anima::audio {
namespace {

std::vector<FrameSpectrum> spectra_of(const Sound& sound, std::size_t piece) {
  FrameSpectrumStream stream;
  std::vector<FrameSpectrum> result;
  FrameSpectrum frame;
  const std::span<const float> samples(sound.samples);
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    stream.push(samples.subspan(at, std::min(piece, samples.size() - at)));
    while (stream.pull(frame)) result.push_back(frame);
  }
  stream.finish();
  while (stream.pull(frame)) result.push_back(frame);
  return result;
}

TEST(FrameSpectrum, EqualsThePlainTransform) {
  const Sound sound = voice_by_formula();
  const auto frames = spectra_of(sound, 16000);
  const int t = 37;
  for (const int k : {0, 1, 20, 100, 256}) {
    std::complex<double> sum = 0;
    for (int i = 0; i < kFrameLength; ++i) {
      const int n = t * kFrameHop + i;
      const double x = 32768 * (sound.samples[n] - 0.97 * sound.samples[n - 1]);
      const double window = 0.54 - 0.46 * std::cos(2 * std::numbers::pi * i / 409);
      sum += x * window * std::polar(1.0, -2 * std::numbers::pi * k * i / 512);
    }
    EXPECT_NEAR(frames[t].power[k], std::norm(sum), 1e-4 * std::norm(sum) + 100) << "bin " << k;
  }
}

TEST(FrameSpectrum, CountsFramesAndPadsTheEnd) {
  for (const std::size_t samples : {0U, 1U, 160U, 161U, 1000U, 16000U}) {
    const Sound sound{16000, std::vector<float>(samples, 0.1F)};
    EXPECT_EQ(spectra_of(sound, 333).size(), (samples + 159) / 160) << samples;
  }
}

TEST(FrameSpectrum, PiecesDoNotMatter) {
  const Sound sound = voice_by_formula();
  const auto whole = spectra_of(sound, 16000);
  for (const std::size_t piece : {1U, 97U, 640U, 4096U}) {
    const auto parts = spectra_of(sound, piece);
    ASSERT_EQ(parts.size(), whole.size());
    for (std::size_t t = 0; t < whole.size(); ++t) {
      ASSERT_EQ(parts[t].power, whole[t].power) << "piece " << piece << " frame " << t;
      ASSERT_EQ(parts[t].energy_db, whole[t].energy_db);
    }
  }
}

TEST(FrameSpectrum, EnergyIsInDecibels) {
  const Sound half{16000, std::vector<float>(1600, 0.5F)};
  EXPECT_NEAR(spectra_of(half, 1600)[0].energy_db, -6.02, 0.01);
  const Sound silence{16000, std::vector<float>(1600, 0.0F)};
  EXPECT_NEAR(spectra_of(silence, 1600)[0].energy_db, -100, 0.01);
}

TEST(FrameSpectrum, NoNumberIsNoSound) {
  Sound sound{16000, std::vector<float>(1600, std::numeric_limits<float>::quiet_NaN())};
  for (const auto& frame : spectra_of(sound, 1600)) {
    EXPECT_TRUE(std::isfinite(frame.energy_db));
    EXPECT_TRUE(std::isfinite(frame.power[10]));
  }
}

}  // namespace
}  // namespace anima::audio
