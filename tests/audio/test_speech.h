// Sounds made by formula, for the tests of speech analysis.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "audio/acoustic_model.h"
#include "core/random.h"
#include "core/sound.h"

namespace anima::audio {

// One second of a voice-like sound: 24 harmonics of a pitch rising from 120 to 150 Hz through
// two moving resonances, rounded to 16 bits. Its MFCC and senone scores by pocketsphinx_batch
// are the expected values of the tests.
inline Sound voice_by_formula() {
  Sound sound{16000, std::vector<float>(16000)};
  for (int n = 0; n < 16000; ++n) {
    const double t = n / 16000.0;
    const double phase = 2 * std::numbers::pi * (120 * t + 15 * t * t);
    double x = 0;
    for (int h = 1; h < 25; ++h) {
      const double f = h * (120 + 30 * t);
      const double first = (f - (700 - 350 * t)) / 90, second = (f - (1200 + 900 * t)) / 120;
      x += (1 / (1 + first * first) + 0.5 / (1 + second * second) + 0.02 / h) * std::sin(h * phase);
    }
    sound.samples[n] = static_cast<float>(std::floor(4000 * x + 0.5) / 32768);
  }
  return sound;
}

// A harmonic-rich tone of constant pitch with a little noise.
inline Sound tone(double f0_hz, double duration_s, double level = 0.1, double noise = 0.0) {
  Sound sound{16000, std::vector<float>(static_cast<std::size_t>(16000 * duration_s))};
  Random random(7);
  for (std::size_t n = 0; n < sound.samples.size(); ++n) {
    double x = 0;
    for (int h = 1; h * f0_hz < 4000; ++h)
      x += std::sin(2 * std::numbers::pi * h * f0_hz * n / 16000.0 + h * h) / h;
    sound.samples[n] = static_cast<float>(level * x + noise * random.normal());
  }
  return sound;
}

}  // namespace anima::audio

#define ANIMA_NEEDS_ACOUSTIC_MODEL()                                                    \
  if (!std::filesystem::exists(anima::audio::default_acoustic_model_folder() / "mdef")) \
  GTEST_SKIP() << "the Debian package pocketsphinx-en-us is not installed"
