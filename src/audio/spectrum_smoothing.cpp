#include "audio/spectrum_smoothing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace anima::audio {

void fill_below_fundamental(std::span<float> power, double bin_hz, double f0_hz,
                            std::vector<float>& scratch) {
  const double f0_bins = f0_hz / bin_hz;
  const int below = std::min(static_cast<int>(f0_bins), static_cast<int>(power.size()) - 2);
  scratch.resize(below + 1);
  for (int k = 0; k <= below; ++k) {
    const double position = f0_bins - k;
    const int whole = std::clamp(static_cast<int>(position), 0, static_cast<int>(power.size()) - 2);
    const auto fraction = static_cast<float>(position - whole);
    scratch[k] = power[whole] + fraction * (power[whole + 1] - power[whole]);
  }
  for (int k = 0; k <= below; ++k) power[k] += scratch[k];
}

void smooth_rectangular(std::span<const float> in, double bin_hz, double width_hz, std::span<float> out,
                        std::vector<double>& scratch) {
  const int bins = static_cast<int>(in.size());
  const double half_bins = 0.5 * width_hz / bin_hz;
  const int margin = std::min(static_cast<int>(half_bins) + 2, bins - 1);
  // integral[i]: from the left end of the mirrored spectrum to the upper edge of bin i - margin.
  scratch.resize(static_cast<std::size_t>(bins) + 2 * margin + 1);
  double* integral = scratch.data();
  integral[0] = 0;
  int n = 0;
  for (int k = margin; k >= 1; --k, ++n) integral[n + 1] = integral[n] + in[k];
  for (int k = 0; k < bins; ++k, ++n) integral[n + 1] = integral[n] + in[k];
  for (int k = 1; k <= margin; ++k, ++n) integral[n + 1] = integral[n] + in[bins - 1 - k];
  // The edge f - width/2 of bin k lies at k + margin + 0.5 - half_bins in `integral`: the same
  // fraction for every bin.
  const double low = std::max(0.0, margin + 0.5 - half_bins);
  const double high = margin + 0.5 + half_bins;
  const int low_whole = static_cast<int>(low);
  const int high_whole = std::min(static_cast<int>(high), 2 * margin);
  const double low_fraction = low - low_whole;
  const double high_fraction = std::min(1.0, high - high_whole);
  const double scale = 1 / (2 * half_bins);
  for (int k = 0; k < bins; ++k) {
    const double* l = integral + k + low_whole;
    const double* h = integral + k + high_whole;
    out[k] = static_cast<float>(
        scale * ((h[0] + high_fraction * (h[1] - h[0])) - (l[0] + low_fraction * (l[1] - l[0]))));
  }
}

}  // namespace anima::audio
