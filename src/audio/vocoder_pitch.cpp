#include "audio/vocoder_pitch.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "audio/fourier.h"
#include "audio/resampler.h"
#include "core/error.h"

namespace anima::audio {
namespace {

constexpr int kAnalysisRateHz = 8000;
constexpr int kMaximumCandidates = 8;
// Costs of Boersma's section 4.2, for frames of 10 ms.
constexpr double kOctaveCost = 0.01;
constexpr double kOctaveJumpCost = 0.35;
constexpr double kVoicingChangeCost = 0.14;
constexpr double kCostFramePeriod_s = 0.01;

struct Candidate {
  float f0_hz;     // 0: unvoiced
  float strength;  // 0 to about 1
};
using Candidates = std::vector<Candidate>;

// Candidates of each frame, the unvoiced one first.
std::vector<Candidates> find_candidates(std::span<const float> samples, int frame_count,
                                        const VocoderPitchOptions& options) {
  const int window_length = static_cast<int>(std::lround(3 * kAnalysisRateHz / options.floor_hz)) | 1;
  int size = 64;
  while (size < window_length * 3 / 2) size *= 2;
  RealFourier fourier(size);
  // The doubled inverse interpolates the autocorrelation: lags in half samples.
  RealFourier wide_fourier(2 * size);
  const int lag_rate_hz = 2 * kAnalysisRateHz;
  const int shortest_lag = std::max(2, static_cast<int>(lag_rate_hz / options.ceiling_hz));
  const int longest_lag = static_cast<int>(std::ceil(lag_rate_hz / options.floor_hz));

  std::vector<float> window(window_length);
  for (int i = 0; i < window_length; ++i) {
    window[i] =
        static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * (i + 1) / (window_length + 1)));
  }
  std::vector<float> padded(size);
  std::vector<std::complex<float>> spectrum(fourier.bin_count());
  std::vector<std::complex<float>> wide_spectrum(wide_fourier.bin_count());
  std::vector<float> correlation(2 * size);
  const auto correlate = [&] {
    fourier.forward(padded, spectrum);
    std::fill(wide_spectrum.begin(), wide_spectrum.end(), 0.0F);
    for (int k = 0; k < fourier.bin_count(); ++k) wide_spectrum[k] = std::norm(spectrum[k]);
    wide_fourier.inverse(wide_spectrum, correlation);
  };
  std::copy(window.begin(), window.end(), padded.begin());
  correlate();
  std::vector<float> window_correlation(longest_lag + 2);
  for (int lag = 0; lag < longest_lag + 2; ++lag) window_correlation[lag] = correlation[lag] / correlation[0];

  // One loud click must not make all speech count as silence: the 99.5th percentile of the frames' peaks.
  const int half_peak = static_cast<int>(kAnalysisRateHz / options.floor_hz / 2) + 1;
  std::vector<float> peaks(frame_count, 0.0F);
  const auto count = static_cast<long long>(samples.size());
  const auto center_of = [&](int t) {
    return static_cast<long long>(std::lround(t * options.frame_period_s * kAnalysisRateHz));
  };
  for (int t = 0; t < frame_count; ++t) {
    const long long center = center_of(t);
    double sum = 0;
    int used = 0;
    for (long long i = std::max(0LL, center - half_peak); i < std::min(count, center + half_peak); ++i) {
      sum += samples[i];
      ++used;
    }
    const double mean = used > 0 ? sum / used : 0;
    for (long long i = std::max(0LL, center - half_peak); i < std::min(count, center + half_peak); ++i) {
      peaks[t] = std::max(peaks[t], static_cast<float>(std::abs(samples[i] - mean)));
    }
  }
  std::vector<float> sorted = peaks;
  const auto rank = static_cast<std::size_t>(0.995 * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(rank), sorted.end());
  const double global_peak = sorted[rank];

  std::vector<Candidates> all(frame_count);
  for (int t = 0; t < frame_count; ++t) {
    Candidates& candidates = all[t];
    const double loudness = global_peak > 0 ? std::min(1.0, peaks[t] / global_peak) : 0;
    const double silence =
        std::max(0.0, 2 - loudness / (options.silence_threshold / (1 + options.voicing_threshold)));
    candidates.push_back({0.0F, static_cast<float>(options.voicing_threshold + silence)});
    if (peaks[t] < 1e-5F) continue;

    const long long begin = center_of(t) - window_length / 2;
    double mean = 0;
    for (int i = 0; i < window_length; ++i) {
      const long long index = begin + i;
      const float x = index >= 0 && index < count ? samples[index] : 0.0F;
      padded[i] = x;
      mean += x;
    }
    mean /= window_length;
    for (int i = 0; i < window_length; ++i) padded[i] = (padded[i] - static_cast<float>(mean)) * window[i];
    std::fill(padded.begin() + window_length, padded.end(), 0.0F);
    correlate();
    if (!(correlation[0] > 0)) continue;
    const float scale = 1 / correlation[0];
    const auto r = [&](int lag) { return correlation[lag] * scale / window_correlation[lag]; };
    float before = r(shortest_lag - 1);
    float here = r(shortest_lag);
    for (int lag = shortest_lag; lag <= longest_lag; ++lag) {
      const float after = r(lag + 1);
      if (here > before && here >= after && here > 0.5 * options.voicing_threshold) {
        const double curvature = before - 2 * here + after;
        const double shift = curvature < 0 ? 0.5 * (before - after) / curvature : 0;
        const double peak = here - 0.25 * (before - after) * shift;
        const double f0_hz = lag_rate_hz / (lag + shift);
        // Above 1 (short lags of noise): reflected, as Boersma does.
        const double height = peak > 1 ? 1 / peak : peak;
        candidates.push_back({static_cast<float>(f0_hz), static_cast<float>(height)});
      }
      before = here;
      here = after;
    }
    if (candidates.size() > kMaximumCandidates) {
      std::partial_sort(candidates.begin() + 1, candidates.begin() + kMaximumCandidates, candidates.end(),
                        [](const Candidate& a, const Candidate& b) { return a.strength > b.strength; });
      candidates.resize(kMaximumCandidates);
    }
  }
  return all;
}

// The path of least cost (Viterbi), among candidates between the two limits.
std::vector<float> best_path(const std::vector<Candidates>& all, double low_hz, double high_hz,
                             const VocoderPitchOptions& options) {
  const double scale = kCostFramePeriod_s / options.frame_period_s;
  const double jump_cost = kOctaveJumpCost * scale;
  const double voicing_cost = kVoicingChangeCost * scale;
  const auto frames = all.size();
  std::vector<std::vector<double>> score(frames);
  std::vector<std::vector<int>> from(frames);
  const auto local = [&](const Candidate& candidate) {
    if (candidate.f0_hz == 0) return static_cast<double>(candidate.strength);
    if (candidate.f0_hz < low_hz || candidate.f0_hz > high_hz) return -1e9;
    return candidate.strength - kOctaveCost * std::log2(options.ceiling_hz / candidate.f0_hz);
  };
  for (std::size_t t = 0; t < frames; ++t) {
    score[t].resize(all[t].size());
    from[t].assign(all[t].size(), 0);
    for (std::size_t j = 0; j < all[t].size(); ++j) {
      double best = 0;
      if (t > 0) {
        best = -1e18;
        for (std::size_t i = 0; i < all[t - 1].size(); ++i) {
          const float a = all[t - 1][i].f0_hz;
          const float b = all[t][j].f0_hz;
          double cost = 0;
          if ((a == 0) != (b == 0)) {
            cost = voicing_cost;
          } else if (a != 0) {
            cost = jump_cost * std::abs(std::log2(a / b));
          }
          if (score[t - 1][i] - cost > best) {
            best = score[t - 1][i] - cost;
            from[t][j] = static_cast<int>(i);
          }
        }
      }
      score[t][j] = best + local(all[t][j]);
    }
  }
  std::vector<float> path(frames);
  int j = static_cast<int>(std::max_element(score.back().begin(), score.back().end()) - score.back().begin());
  for (std::size_t t = frames; t-- > 0;) {
    path[t] = all[t][j].f0_hz;
    j = from[t][j];
  }
  return path;
}

// Mean of the instantaneous frequencies of harmonics 1 .. count, each divided by its number and
// weighted by number * amplitude (StoneMask). The instantaneous frequency of a component near w is
// w - Im(D conj(X)) / |X|^2, X and D being the transforms under a window and under its derivative.
double harmonic_frequency(std::span<const float> samples, double time_s, double f0_hz, int count) {
  const double fs = kAnalysisRateHz;
  const double center = time_s * fs;
  const double half = 1.5 * fs / f0_hz;
  const auto first = static_cast<long long>(std::ceil(center - half));
  const auto last = static_cast<long long>(std::floor(center + half));
  std::complex<double> main[6] = {};
  std::complex<double> derivative[6] = {};
  const double step = std::numbers::pi / half;
  for (long long i = std::max(0LL, first); i <= std::min(last, static_cast<long long>(samples.size()) - 1);
       ++i) {
    const double u = (static_cast<double>(i) - center) * step;
    const double window = 0.42 + 0.5 * std::cos(u) + 0.08 * std::cos(2 * u);
    const double slope = -step * (0.5 * std::sin(u) + 0.16 * std::sin(2 * u));
    const double w = 2 * std::numbers::pi * f0_hz / fs * (static_cast<double>(i) - center);
    const std::complex<double> turn(std::cos(w), -std::sin(w));
    std::complex<double> phase = turn;
    for (int k = 0; k < count; ++k) {
      main[k] += samples[i] * window * phase;
      derivative[k] += samples[i] * slope * phase;
      phase = {phase.real() * turn.real() - phase.imag() * turn.imag(),
               phase.real() * turn.imag() + phase.imag() * turn.real()};
    }
  }
  double sum = 0;
  double weights = 0;
  for (int k = 0; k < count; ++k) {
    const double power = std::norm(main[k]);
    if (!(power > 0)) continue;
    const double deviation = -(derivative[k] * std::conj(main[k])).imag() / power;
    const double frequency_hz = (k + 1) * f0_hz + deviation * fs / (2 * std::numbers::pi);
    const double amplitude = std::sqrt(power);
    sum += amplitude * frequency_hz;
    weights += amplitude * (k + 1);
  }
  return weights > 0 ? sum / weights : 0;
}

double refine(std::span<const float> samples, double time_s, double f0_hz) {
  const double first = harmonic_frequency(samples, time_s, f0_hz, 2);
  if (!(std::abs(first - f0_hz) < 0.1 * f0_hz)) return f0_hz;
  const int harmonics = std::clamp(static_cast<int>(0.45 * kAnalysisRateHz / first), 1, 6);
  const double second = harmonic_frequency(samples, time_s, first, harmonics);
  return std::abs(second - f0_hz) < 0.1 * f0_hz ? second : f0_hz;
}

}  // namespace

VocoderPitch track_vocoder_pitch(const Sound& sound, const VocoderPitchOptions& options) {
  if (!(options.frame_period_s >= 0.001) || !(options.floor_hz >= 20) || !(options.ceiling_hz <= 2000) ||
      !(options.floor_hz * 1.2 < options.ceiling_hz)) {
    throw Error(ErrorCode::kInvalidArgument,
                "pitch between " + std::to_string(options.floor_hz) + " and " +
                    std::to_string(options.ceiling_hz) + " Hz in frames of " +
                    std::to_string(options.frame_period_s) + " s",
                "use 20 <= floor < ceiling <= 2000 Hz and frames of at least 1 ms");
  }
  VocoderPitch track;
  track.frame_period_s = options.frame_period_s;
  if (sound.samples.empty()) return track;
  const Sound low = resample(sound, kAnalysisRateHz);
  const int frame_count = static_cast<int>(sound.duration_s() / options.frame_period_s + 1e-9) + 1;
  const std::vector<Candidates> candidates = find_candidates(low.samples, frame_count, options);
  std::vector<float> path = best_path(candidates, options.floor_hz, options.ceiling_hz, options);
  if (options.narrow_to_speaker) {
    std::vector<float> voiced;
    for (const float f0 : path) {
      if (f0 > 0) voiced.push_back(f0);
    }
    const auto enough = static_cast<std::size_t>(0.3 / options.frame_period_s);
    if (voiced.size() >= enough) {
      std::sort(voiced.begin(), voiced.end());
      const double low_hz = 0.62 * voiced[voiced.size() / 4];
      const double high_hz = 1.9 * voiced[voiced.size() * 3 / 4];
      path = best_path(candidates, low_hz, high_hz, options);
    }
  }
  for (int t = 0; t < frame_count; ++t) {
    if (path[t] > 0) path[t] = static_cast<float>(refine(low.samples, t * options.frame_period_s, path[t]));
  }
  track.f0_hz = std::move(path);
  return track;
}

double median_pitch_hz(std::span<const float> f0_hz, int minimum_frames) {
  std::vector<float> voiced;
  for (const float f0 : f0_hz) {
    if (f0 > 0) voiced.push_back(f0);
  }
  const auto median = [&] {
    const auto middle = voiced.begin() + static_cast<std::ptrdiff_t>(voiced.size() / 2);
    std::nth_element(voiced.begin(), middle, voiced.end());
    return *middle;
  };
  if (static_cast<int>(voiced.size()) < std::max(1, minimum_frames)) return 0;
  const float first = median();
  std::erase_if(voiced, [&](float f0) { return f0 > 2 * first || f0 < first / 2; });
  return median();
}

}  // namespace anima::audio
