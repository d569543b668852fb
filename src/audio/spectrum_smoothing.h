// Smoothing of power spectra along frequency: steps that the spectral envelope and the
// aperiodicity have in common.
#pragma once

#include <span>
#include <vector>

namespace anima::audio {

// Adds to each bin below f0 the power mirrored at f0 / 2: P(f) + P(f0 - f). The band below the
// first harmonic would else be a hole (Morise, "CheapTrick", 2015, section 3.2).
// `bin_hz` is the distance of two bins.
void fill_below_fundamental(std::span<float> power, double bin_hz, double f0_hz, std::vector<float>& scratch);

// out(f) = 1/width * integral of in from f - width/2 to f + width/2, the spectrum mirrored at both
// ends. `in` and `out` may be the same.
void smooth_rectangular(std::span<const float> in, double bin_hz, double width_hz, std::span<float> out,
                        std::vector<double>& scratch);

}  // namespace anima::audio
