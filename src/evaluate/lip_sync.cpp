#include "evaluate/lip_sync.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace anima::evaluate {

double pearson_correlation(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size() || a.size() < 2) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("curves of {} and {} values cannot be correlated", a.size(), b.size()),
                "give two curves of equal length, at least 2 values");
  }
  const double n = static_cast<double>(a.size());
  double mean_a = 0;
  double mean_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  double aa = 0;
  double bb = 0;
  double ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  // Rounding leaves a constant curve a variance of about 1e-30: that is none.
  const double floor_a = 1e-20 * (1 + mean_a * mean_a) * n;
  const double floor_b = 1e-20 * (1 + mean_b * mean_b) * n;
  if (aa <= floor_a || bb <= floor_b) return 0;
  return ab / std::sqrt(aa * bb);
}

LipSync lip_sync(std::span<const double> predicted, std::span<const double> truth, int max_lag_frames) {
  if (predicted.size() != truth.size() || predicted.size() < 3) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("lip openings of {} and {} frames cannot be compared", predicted.size(), truth.size()),
        "give two curves of equal length, at least 3 frames");
  }
  const int frames = static_cast<int>(truth.size());
  // A short overlap correlates by chance: at least half of the curve, and 3 frames, must remain.
  const int limit = std::min({max_lag_frames, frames / 2, frames - 3});
  LipSync result;
  result.correlation = pearson_correlation(predicted, truth);
  result.best_correlation = result.correlation;
  for (int lag = -limit; lag <= limit; ++lag) {
    const auto length = static_cast<std::size_t>(frames - std::abs(lag));
    // A late prediction shows at frame t what the truth showed at t - lag.
    const auto p = predicted.subspan(static_cast<std::size_t>(std::max(lag, 0)), length);
    const auto t = truth.subspan(static_cast<std::size_t>(std::max(-lag, 0)), length);
    const double correlation = pearson_correlation(p, t);
    if (correlation > result.best_correlation + 1e-12) {
      result.best_correlation = correlation;
      result.lag_frames = lag;
    }
  }
  return result;
}

}  // namespace anima::evaluate
