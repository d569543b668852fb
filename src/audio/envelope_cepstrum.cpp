#include "audio/envelope_cepstrum.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"

namespace anima::audio {
namespace {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

double mel_of(double hz) {
  return 1127 * std::log1p(hz / 700);
}
double hz_of(double mel) {
  return 700 * std::expm1(mel / 1127);
}

void require_sizes(std::size_t log_power, std::size_t cepstra) {
  if (log_power % kEnvelopeBins != 0 || log_power / kEnvelopeBins * kEnvelopeCepstra != cepstra) {
    throw Error(ErrorCode::kInternal, "envelope of " + std::to_string(log_power) + " values with " +
                                          std::to_string(cepstra) + " cepstra");
  }
}

}  // namespace

EnvelopeCepstrum::EnvelopeCepstrum() {
  constexpr double kNyquistHz = kVocoderRateHz / 2.0;
  constexpr double kBinHz = kNyquistHz / (kEnvelopeBins - 1);
  const double mel_step = mel_of(kNyquistHz) / (kEnvelopeMelPoints - 1);
  RowMatrix points = RowMatrix::Zero(kEnvelopeMelPoints, kEnvelopeBins);
  for (int m = 0; m < kEnvelopeMelPoints; ++m) {
    // A triangle as wide as the neighbours' distance, but never narrower than two bins: an
    // interpolation at low frequencies, a mean at high ones.
    const double center = hz_of(m * mel_step) / kBinHz;
    const double left = std::max(1.0, center - hz_of((m - 1) * mel_step) / kBinHz);
    const double right = std::max(1.0, hz_of((m + 1) * mel_step) / kBinHz - center);
    for (int k = 0; k < kEnvelopeBins; ++k) {
      const double distance = k - center;
      const double weight = distance < 0 ? 1 + distance / left : 1 - distance / right;
      if (weight > 0) points(m, k) = static_cast<float>(weight);
    }
    points.row(m) /= points.row(m).sum();
  }
  RowMatrix cosine(kEnvelopeCepstra, kEnvelopeMelPoints);  // orthonormal DCT-II
  for (int c = 0; c < kEnvelopeCepstra; ++c) {
    const double scale = std::sqrt((c == 0 ? 1.0 : 2.0) / kEnvelopeMelPoints);
    for (int m = 0; m < kEnvelopeMelPoints; ++m) {
      cosine(c, m) =
          static_cast<float>(scale * std::cos(std::numbers::pi * c * (m + 0.5) / kEnvelopeMelPoints));
    }
  }
  RowMatrix between = RowMatrix::Zero(kEnvelopeBins, kEnvelopeMelPoints);
  for (int k = 0; k < kEnvelopeBins; ++k) {
    const double position = mel_of(k * kBinHz) / mel_step;
    const int m = std::min(static_cast<int>(position), kEnvelopeMelPoints - 2);
    const auto fraction = static_cast<float>(position - m);
    between(k, m) = 1 - fraction;
    between(k, m + 1) = fraction;
  }
  const RowMatrix analysis = cosine * points;
  const RowMatrix synthesis = between * cosine.transpose();
  analysis_.assign(analysis.data(), analysis.data() + analysis.size());
  synthesis_.assign(synthesis.data(), synthesis.data() + synthesis.size());
}

void EnvelopeCepstrum::analyse(std::span<const float> log_power, std::span<float> cepstra) const {
  require_sizes(log_power.size(), cepstra.size());
  const auto frames = static_cast<Eigen::Index>(log_power.size() / kEnvelopeBins);
  const Eigen::Map<const RowMatrix> in(log_power.data(), frames, kEnvelopeBins);
  const Eigen::Map<const RowMatrix> matrix(analysis_.data(), kEnvelopeCepstra, kEnvelopeBins);
  Eigen::Map<RowMatrix>(cepstra.data(), frames, kEnvelopeCepstra).noalias() = in * matrix.transpose();
}

void EnvelopeCepstrum::synthesise(std::span<const float> cepstra, std::span<float> log_power) const {
  require_sizes(log_power.size(), cepstra.size());
  const auto frames = static_cast<Eigen::Index>(log_power.size() / kEnvelopeBins);
  const Eigen::Map<const RowMatrix> in(cepstra.data(), frames, kEnvelopeCepstra);
  const Eigen::Map<const RowMatrix> matrix(synthesis_.data(), kEnvelopeBins, kEnvelopeCepstra);
  Eigen::Map<RowMatrix>(log_power.data(), frames, kEnvelopeBins).noalias() = in * matrix.transpose();
}

}  // namespace anima::audio
