// How well a predicted lip opening follows the true one.
#pragma once

#include <span>

namespace anima::evaluate {

struct LipSync {
  double correlation = 0;       // Pearson, at lag 0
  double best_correlation = 0;  // the highest over all lags tried
  int lag_frames = 0;           // where it is; > 0: the prediction comes late
};

// Compares two curves of equal length. Lags of up to `max_lag_frames` either way are tried on the
// part where both exist. A curve without variance has correlation 0. Throws
// Error(kInvalidArgument) for unequal lengths or fewer than 3 frames.
LipSync lip_sync(std::span<const double> predicted, std::span<const double> truth, int max_lag_frames = 10);

// Pearson's correlation coefficient; 0 where one side does not vary.
double pearson_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace anima::evaluate
