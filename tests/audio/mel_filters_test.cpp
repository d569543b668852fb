#include "audio/mel_filters.h"

#include <gtest/gtest.h>

#include <cmath>

#include "audio/log_mel.h"
#include "test_speech.h"

namespace anima::audio {
namespace {

TEST(MelFilters, HaveUnitArea) {
  const MelFilters filters({.filters = 40, .low_hz = 20, .high_hz = 7600, .round_to_bins = false});
  FrameSpectrum flat{};
  flat.power.fill(1);
  std::vector<float> out(filters.count());
  filters.apply(flat, out);
  for (int i = 0; i < filters.count(); ++i) EXPECT_NEAR(out[i] * kBinWidth_hz, 1, 0.15) << "filter " << i;
}

TEST(MelFilters, EveryFilterHearsItsOwnBand) {
  const MelFilters filters(MelFilterOptions{});
  std::vector<float> out(filters.count());
  int last = -1;
  for (double hz = 250; hz < 6500; hz *= 1.3) {
    FrameSpectrum line{};
    line.power[static_cast<std::size_t>(hz / kBinWidth_hz + 0.5)] = 1;
    filters.apply(line, out);
    const int loudest = static_cast<int>(std::max_element(out.begin(), out.end()) - out.begin());
    EXPECT_GT(loudest, last);
    last = loudest;
  }
}

TEST(LogMel, RisesWithLevelByTheSameAmountEverywhere) {
  const LogMel log_mel;
  const auto bands_of = [&](double level) {
    FrameSpectrumStream stream;
    stream.push(tone(125, 0.1, level).samples);
    FrameSpectrum frame;
    EXPECT_TRUE(stream.pull(frame) && stream.pull(frame));
    return log_mel.compute(frame);
  };
  const MelBands quiet = bands_of(0.01), loud = bands_of(0.1);
  for (int b = 0; b < kMelBands; ++b) EXPECT_NEAR(loud[b] - quiet[b], std::log(100), 0.02) << "band " << b;
}

}  // namespace
}  // namespace anima::audio
