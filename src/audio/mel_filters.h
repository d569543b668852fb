// Triangular filters over a power spectrum, equally spaced on the mel scale.
#pragma once

#include <span>
#include <vector>

#include "audio/frame_spectrum.h"

namespace anima::audio {

struct MelFilterOptions {
  int filters = 25;
  double low_hz = 130;
  double high_hz = 6800;
  bool round_to_bins = true;  // each edge to the nearest Fourier bin, as the sphinx front end does
};

// mel = 2595 log10(1 + f / 700); each filter has unit area (peak 2 / (upper - lower edge), Hz).
class MelFilters {
 public:
  explicit MelFilters(const MelFilterOptions& options);
  int count() const { return static_cast<int>(filters_.size()); }
  // out[i] = sum over bins of weight * power; out has count() values.
  void apply(const FrameSpectrum& frame, std::span<float> out) const;

 private:
  struct Filter {
    int first_bin;
    std::vector<float> weights;
  };
  std::vector<Filter> filters_;
};

}  // namespace anima::audio
