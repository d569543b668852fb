// Sound as a plain value: one channel, samples in [-1, 1].
#pragma once

#include <vector>

namespace anima {

struct Sound {
  int sample_rate_hz = 0;
  std::vector<float> samples;

  double duration_s() const { return sample_rate_hz > 0 ? static_cast<double>(samples.size()) / sample_rate_hz : 0; }
};

}  // namespace anima
