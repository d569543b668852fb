#include "motion/sound_lag.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "audio/speech_features.h"
#include "core/error.h"
#include "core/random.h"
#include "face/lip_measures.h"
#include "motion/articulation.h"

namespace anima::motion {
namespace {

constexpr int kRate_hz = 100;
constexpr double kFrame_s = 0.04;
constexpr double kFrameSeen_s = 0.010;    // after its time stamp: see kLagError_ms
constexpr double kSoundFrame_s = 0.0128;  // middle of a speech frame's 25.6 ms
constexpr double kFast_s = 0.04;          // standard deviations of the band's two Gaussians
constexpr double kSlow_s = 0.6;
constexpr float kTouching = 0.012F;  // of the face's height: a gap from which lips hardly touch
constexpr float kRounding_of_opening = 0.3F;
constexpr float kBelowSpeech_db = 25;
constexpr float kQuietest_db = -60;
constexpr int kAround = 15;  // frames either way that must be speech, too
constexpr int kBlock = 2 * kRate_hz;
constexpr int kMostLag = static_cast<int>(kMostLag_ms) * kRate_hz / 1000;
constexpr int kLags = 2 * kMostLag + 1;
constexpr int kNear = 8;        // frames: resamples that agree
constexpr int kElsewhere = 25;  // frames: what counts as another peak
// Set with 1,112 pairs of lips and a foreign sound of 4 to 20 s: two of them are above both.
constexpr double kLeastAgreement = 0.95;
constexpr double kLeastMargin = 0.12;
constexpr double kMarginOfASecond = 0.6;  // divided by the root of the seconds compared: chance's share
constexpr double kLeastSpeech_s = 2;
constexpr double kWidestInterval_ms = 120;

// Positions in Articulation.
constexpr int kOpen = 0;
constexpr int kClosed = 1;
constexpr int kRound = 4;

std::vector<float> gaussian(double deviation_s) {
  const double deviation = deviation_s * kRate_hz;
  const int radius = static_cast<int>(4 * deviation) + 1;
  std::vector<float> kernel(static_cast<std::size_t>(2 * radius + 1));
  for (int i = -radius; i <= radius; ++i) {
    kernel[static_cast<std::size_t>(i + radius)] =
        static_cast<float>(std::exp(-0.5 * i * i / (deviation * deviation)));
  }
  return kernel;
}

// Normalised convolution (Knutsson and Westin, 1993): what is not known (0 in `known`) and what lies beyond
// the ends does not count.
std::vector<float> smooth(const std::vector<float>& values, const std::vector<float>& known,
                          const std::vector<float>& kernel) {
  const int length = static_cast<int>(values.size());
  const int radius = static_cast<int>(kernel.size()) / 2;
  std::vector<float> result(values.size(), 0.0F);
  for (int t = 0; t < length; ++t) {
    float sum = 0;
    float weight = 0;
    for (int u = std::max(0, t - radius); u <= std::min(length - 1, t + radius); ++u) {
      const float w = kernel[static_cast<std::size_t>(u - t + radius)] * known[u];
      sum += w * values[u];
      weight += w;
    }
    if (weight > 1e-6F) result[t] = sum / weight;
  }
  return result;
}

std::vector<float> band_of(const std::vector<float>& values, const std::vector<float>& known) {
  static const std::vector<float> kFast = gaussian(kFast_s);
  static const std::vector<float> kSlow = gaussian(kSlow_s);
  std::vector<float> result = smooth(values, known, kFast);
  const std::vector<float> slow = smooth(values, known, kSlow);
  for (std::size_t t = 0; t < result.size(); ++t) result[t] -= slow[t];
  return result;
}

// Opening, width and touch of one face, divided by its height; none where there is no measurable face.
std::optional<std::array<float, kLipChannels>> lips_of(const face::FaceObservation& face) {
  if (!face.found) return std::nullopt;
  const auto apart = [&](int a, int b) { return (face.points.row(a) - face.points.row(b)).head<2>().norm(); };
  const float height = apart(10, 152);
  if (!(height > 0) || !std::isfinite(height)) return std::nullopt;
  float inner = 0;
  for (const auto& [upper, lower] : face::kInnerLipPairs) inner += apart(upper, lower);
  inner /= face::kInnerLipPairs.size() * height;
  const float outer = apart(0, 17) / height;
  const float width = apart(61, 291) / height;
  if (!std::isfinite(inner + outer + width)) return std::nullopt;
  return std::array<float, kLipChannels>{inner + outer, width, -std::exp(-inner / kTouching)};
}

// Running speech: enough of the surroundings is nearly as loud as the speech gets.
std::vector<float> speech_weight(const std::vector<float>& energy_db) {
  std::vector<float> weight(energy_db.size(), 0.0F);
  if (energy_db.empty()) return weight;
  std::vector<float> sorted = energy_db;
  const auto loud =
      sorted.begin() + static_cast<std::ptrdiff_t>(0.9 * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), loud, sorted.end());
  const float threshold = std::max(*loud - kBelowSpeech_db, kQuietest_db);
  const int length = static_cast<int>(energy_db.size());
  for (int t = 0; t < length; ++t) {
    int speech = 0;
    for (int u = std::max(0, t - kAround); u <= std::min(length - 1, t + kAround); ++u)
      speech += energy_db[u] > threshold ? 1 : 0;
    const float share = static_cast<float>(speech) / (2 * kAround + 1);
    weight[t] = std::clamp((share - 0.5F) * 4, 0.0F, 1.0F);
  }
  return weight;
}

// Weighted sums from which a correlation comes: of weight, x, y, xx, yy, xy.
using Moments = std::array<double, 6>;
// Of one block at one lag.
using ChannelMoments = std::array<Moments, kLipChannels>;
using BlockMoments = std::vector<ChannelMoments>;  // per lag

BlockMoments moments_of(const LipSignal& seen, const LipSignal& heard, int first, int last) {
  BlockMoments result(kLags, ChannelMoments{});
  for (int lag = -kMostLag; lag <= kMostLag; ++lag) {
    ChannelMoments& sums = result[static_cast<std::size_t>(lag + kMostLag)];
    const int from = std::max(first, -lag);
    const int to = std::min(last, heard.length() - lag);
    for (int t = from; t < to; ++t) {
      const double w = static_cast<double>(seen.weight[t]) * heard.weight[t + lag];
      if (w <= 0) continue;
      for (int c = 0; c < kLipChannels; ++c) {
        const double x = seen.channels[c][t];
        const double y = heard.channels[c][t + lag];
        Moments& m = sums[c];
        m[0] += w;
        m[1] += w * x;
        m[2] += w * y;
        m[3] += w * x * x;
        m[4] += w * y * y;
        m[5] += w * x * y;
      }
    }
  }
  return result;
}

double correlation_of(const Moments& m) {
  if (!(m[0] > 0)) return 0;
  const double covariance = m[5] / m[0] - m[1] / m[0] * m[2] / m[0];
  const double xx = m[3] / m[0] - m[1] / m[0] * m[1] / m[0];
  const double yy = m[4] / m[0] - m[2] / m[0] * m[2] / m[0];
  constexpr double kNone = 1e-12;  // of a signal of about 0.01: rounding
  return xx > kNone && yy > kNone ? covariance / std::sqrt(xx * yy) : 0;
}

// Mean correlation of the channels at each lag, each block counted as often as `times` says.
std::vector<double> correlations(const std::vector<BlockMoments>& blocks, std::span<const int> times) {
  std::vector<double> result(kLags, 0.0);
  for (int lag = 0; lag < kLags; ++lag) {
    ChannelMoments sums{};
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      if (times[b] == 0) continue;
      for (int c = 0; c < kLipChannels; ++c) {
        for (std::size_t k = 0; k < sums[c].size(); ++k)
          sums[c][k] += times[b] * blocks[b][static_cast<std::size_t>(lag)][c][k];
      }
    }
    for (const Moments& m : sums) result[static_cast<std::size_t>(lag)] += correlation_of(m) / kLipChannels;
  }
  return result;
}

int highest(const std::vector<double>& curve) {
  return static_cast<int>(std::max_element(curve.begin(), curve.end()) - curve.begin());
}

// Where the parabola through the highest value and its neighbours is highest; in frames of lag.
double peak_of(const std::vector<double>& curve) {
  const int at = highest(curve);
  const double whole = at - kMostLag;
  if (at == 0 || at == kLags - 1) return whole;
  const double before = curve[static_cast<std::size_t>(at - 1)];
  const double here = curve[static_cast<std::size_t>(at)];
  const double after = curve[static_cast<std::size_t>(at + 1)];
  const double bend = before - 2 * here + after;
  return bend < 0 ? whole + 0.5 * (before - after) / bend : whole;
}

double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))];
}

}  // namespace

LipSignal seen_lips(std::span<const face::FaceObservation> faces) {
  LipSignal signal;
  const int frames = static_cast<int>(faces.size());
  const auto length = static_cast<std::size_t>(std::lround(frames * kFrame_s * kRate_hz));
  std::vector<std::optional<std::array<float, kLipChannels>>> lips;
  lips.reserve(faces.size());
  for (const face::FaceObservation& face : faces) lips.push_back(lips_of(face));

  std::array<std::vector<float>, kLipChannels> values;
  for (auto& channel : values) channel.assign(length, 0.0F);
  signal.weight.assign(length, 0.0F);
  for (std::size_t t = 0; t < length; ++t) {
    // The sound's grid, so that equal indices mean equal times.
    const double position = (static_cast<double>(t) / kRate_hz + kSoundFrame_s - kFrameSeen_s) / kFrame_s;
    const int a = std::clamp(static_cast<int>(std::floor(position)), 0, frames - 1);
    const int b = std::min(a + 1, frames - 1);
    if (!lips[a] || !lips[b]) continue;
    const auto blend = static_cast<float>(std::clamp(position - a, 0.0, 1.0));
    for (int c = 0; c < kLipChannels; ++c) values[c][t] = (1 - blend) * (*lips[a])[c] + blend * (*lips[b])[c];
    signal.weight[t] = 1;
  }
  for (int c = 0; c < kLipChannels; ++c) signal.channels[c] = band_of(values[c], signal.weight);
  return signal;
}

LipSignal heard_lips(const Sound& sound, const std::shared_ptr<const audio::SenoneScorer>& scorer,
                     const WorkContext& context) {
  if (sound.sample_rate_hz != audio::kSpeechRateHz) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("lips are not heard in a sound of {} Hz", sound.sample_rate_hz), "give 16 kHz");
  }
  audio::SpeechFeatureOptions options;
  options.pitch = false;
  options.posteriors.cepstral_mean = audio::cepstral_mean_of(sound);
  audio::SpeechFeatureStream stream(scorer, options);
  std::array<std::vector<float>, kLipChannels> values;
  std::vector<float> energy_db;
  audio::SpeechFrame frame;
  const auto take = [&] {
    while (stream.pull(frame)) {
      const Articulation lips = articulation_of(frame.posteriors);
      values[0].push_back(lips[kOpen] - lips[kClosed] - kRounding_of_opening * lips[kRound]);
      values[1].push_back(-lips[kRound]);
      values[2].push_back(-std::sqrt(lips[kClosed]));
      energy_db.push_back(frame.energy_db);
    }
  };
  const std::span<const float> samples(sound.samples);
  StageProgress progress(context, "comparing lips and sound");
  for (std::size_t at = 0; at < samples.size(); at += audio::kSpeechRateHz) {
    progress.update(static_cast<double>(at), static_cast<double>(samples.size()));
    stream.push(samples.subspan(at, std::min<std::size_t>(audio::kSpeechRateHz, samples.size() - at)));
    take();
  }
  stream.finish();
  take();

  LipSignal signal;
  signal.weight = speech_weight(energy_db);
  const std::vector<float> all(energy_db.size(), 1.0F);
  for (int c = 0; c < kLipChannels; ++c) signal.channels[c] = band_of(values[c], all);
  return signal;
}

SoundLag sound_lag(const LipSignal& seen, const LipSignal& heard, const SoundLagOptions& options) {
  SoundLag result;
  std::vector<BlockMoments> blocks;
  for (int first = 0; first < seen.length(); first += kBlock) {
    BlockMoments block = moments_of(seen, heard, first, std::min(first + kBlock, seen.length()));
    if (std::any_of(block.begin(), block.end(), [](const ChannelMoments& m) { return m[0][0] > 0; }))
      blocks.push_back(std::move(block));
  }
  if (blocks.size() < 2) return result;

  std::vector<int> times(blocks.size(), 1);
  const std::vector<double> curve = correlations(blocks, times);
  const int at = highest(curve);
  const double peak = peak_of(curve);
  constexpr double kMsPerFrame = 1000.0 / kRate_hz;
  result.lag_ms = peak * kMsPerFrame;
  result.correlation = curve[static_cast<std::size_t>(at)];
  double elsewhere = -1;
  for (int lag = 0; lag < kLags; ++lag) {
    if (std::abs(lag - at) > kElsewhere)
      elsewhere = std::max(elsewhere, curve[static_cast<std::size_t>(lag)]);
  }
  result.margin = result.correlation - elsewhere;
  for (const BlockMoments& block : blocks)
    result.speech_s += block[static_cast<std::size_t>(at)][0][0] / kRate_hz;

  Random random(options.seed);
  std::vector<double> peaks;
  for (int i = 0; i < options.resamples; ++i) {
    std::fill(times.begin(), times.end(), 0);
    for (std::size_t k = 0; k < blocks.size(); ++k)
      ++times[random.below(static_cast<std::uint32_t>(blocks.size()))];
    peaks.push_back(peak_of(correlations(blocks, times)));
  }
  std::sort(peaks.begin(), peaks.end());
  const auto near =
      std::count_if(peaks.begin(), peaks.end(), [&](double p) { return std::abs(p - peak) <= kNear; });
  result.agreement = static_cast<double>(near) / std::max<double>(1, static_cast<double>(peaks.size()));
  const double below = (peak - std::min(peak, quantile(peaks, 0.025))) * kMsPerFrame;
  const double above = (std::max(peak, quantile(peaks, 0.975)) - peak) * kMsPerFrame;
  result.low_ms = result.lag_ms - std::hypot(below, kLagError_ms);
  result.high_ms = result.lag_ms + std::hypot(above, kLagError_ms);

  if (result.speech_s < kLeastSpeech_s) {
    result.doubt = LagDoubt::kTooLittle;
  } else if (result.margin < std::max(kLeastMargin, kMarginOfASecond / std::sqrt(result.speech_s)) ||
             at == 0 || at == kLags - 1) {
    result.doubt = LagDoubt::kNoMatch;
  } else if (result.agreement < kLeastAgreement || result.high_ms - result.low_ms > kWidestInterval_ms) {
    result.doubt = LagDoubt::kNotUnique;
  } else {
    result.doubt = LagDoubt::kNone;
  }
  return result;
}

SoundLag measure_sound_lag(std::span<const face::FaceObservation> faces, const Sound& sound,
                           const WorkContext& context) {
  if (faces.empty() || sound.samples.empty()) return {};
  return sound_lag(seen_lips(faces), heard_lips(sound, audio::shared_senone_scorer(), context));
}

}  // namespace anima::motion
