#include "voice/conversion.h"

#include <algorithm>
#include <cmath>

#include "audio/resampler.h"
#include "audio/vocoder_pitch.h"
#include "audio/vocoder_synthesis.h"
#include "core/error.h"

namespace anima::voice {
namespace {

using audio::kEnvelopeBins;
using audio::kEnvelopeCepstra;
using audio::kVocoderFrameHop;
using audio::kVocoderFramePeriod_s;
using audio::kVocoderRateHz;

constexpr int kBlockFrames = static_cast<int>(VoiceConversion::kPiece_s / kVocoderFramePeriod_s);
constexpr int kSmoothing = 2;  // frames on each side: 25 ms in all
// Measured on two 18-25 s recordings; with 0.3 a 10 s recording loses words.
constexpr double kRichSpeech_s = 15;
constexpr float kRichRegressionShare = 0.3F;
constexpr float kPoorRegressionShare = 0.5F;
constexpr float kPitchLimit = 3;      // deviations from the median
constexpr float kPauseFrom_db = -22;  // below the mean of speech: a pause begins to fade in
constexpr float kPauseWhole_db = -32;
constexpr float kQuietestPause_db = -50;  // pauses are no louder than this below speech
const float kLevelPerDecibel =
    std::sqrt(static_cast<float>(audio::kEnvelopeMelPoints)) * std::log(10.0F) / 10;

}  // namespace

VoiceConversion::VoiceConversion(std::shared_ptr<const VoiceProfile> profile, SourceStatistics source,
                                 std::shared_ptr<const audio::SenoneScorer> scorer,
                                 const ConversionOptions& options)
    : profile_(std::move(profile)),
      source_(std::move(source)),
      scorer_(std::move(scorer)),
      options_(options) {
  const VoiceProfile& p = *profile_;
  if (options_.regression_share < 0) {
    options_.regression_share =
        p.quality.speech_s >= kRichSpeech_s ? kRichRegressionShare : kPoorRegressionShare;
  }
  index_norms_ = p.index.rowwise().squaredNorm();
  joint_projection_.resize(kPhoneticStack + 1, kIndexWidth);
  joint_projection_.topLeftCorner(kPhoneticStack, kIndexProjection) = p.projection;
  joint_projection_.row(kPhoneticStack).head(kIndexProjection) = -p.projection_mean * p.projection;
  joint_projection_.rightCols(kEnvelopeCepstra) = p.regression;

  // What the mix of this source speaker looks like on average, against the person's own speech.
  mix_mean_ = RowVector::Zero(kEnvelopeCepstra);
  mix_target_ = RowVector::Zero(kEnvelopeCepstra);
  mix_gain_ = RowVector::Ones(kEnvelopeCepstra);
  if (source_.sample.rows() < 100) return;
  const RowMatrix mix = predict(source_.sample);
  mix_mean_ = mix.colwise().mean();
  const RowVector deviation = ((mix.rowwise() - mix_mean_).array().square().colwise().mean()).sqrt();
  for (int c = 0; c < kEnvelopeCepstra; ++c) {
    const float ratio = std::clamp(p.envelope_deviation[c] / std::max(deviation[c], 1e-4F), 0.5F, 4.0F);
    mix_gain_[c] = std::pow(ratio, options_.variance_power);
    mix_target_[c] = mix_mean_[c] + options_.mean_share * (p.envelope_mean[c] - mix_mean_[c]);
  }
}

// The mix before its variance is restored, one row for each row of stacked phonetic features.
RowMatrix VoiceConversion::predict(const RowMatrix& stacked) const {
  const VoiceProfile& p = *profile_;
  RowMatrix joint = stacked * joint_projection_.topRows(kPhoneticStack);
  joint.rowwise() += joint_projection_.row(kPhoneticStack);
  RowMatrix mix = joint.rightCols(kEnvelopeCepstra);
  const int neighbours = std::min<int>(options_.neighbours, static_cast<int>(p.index.rows()));
  if (options_.regression_share >= 1 || neighbours < 1) return mix;
  joint.rightCols(kEnvelopeCepstra) *= p.envelope_scale;

  // |q - x|^2 without |q|^2, which is the same for all x. Blocks keep the scores in the cache.
  constexpr Eigen::Index kBlock = 64;
  RowMatrix scores;
  std::vector<std::pair<float, Eigen::Index>> best;
  for (Eigen::Index begin = 0; begin < joint.rows(); begin += kBlock) {
    const Eigen::Index count = std::min(kBlock, joint.rows() - begin);
    scores.noalias() = joint.middleRows(begin, count) * p.index.transpose();
    for (Eigen::Index i = 0; i < count; ++i) {
      best.clear();
      const float* row = &scores(i, 0);
      float worst = 0;
      for (Eigen::Index n = 0; n < p.index.rows(); ++n) {
        const float distance = index_norms_[n] - 2 * row[n];
        if (static_cast<int>(best.size()) == neighbours && distance >= worst) continue;
        auto at = best.end();
        while (at != best.begin() && (at - 1)->first > distance) --at;
        best.insert(at, {distance, n});
        if (static_cast<int>(best.size()) > neighbours) best.pop_back();
        worst = best.back().first;
      }
      RowVector mean = RowVector::Zero(kEnvelopeCepstra);
      for (const auto& [distance, n] : best) mean += p.envelopes.row(n);
      mix.row(begin + i) = options_.regression_share * mix.row(begin + i) +
                           ((1 - options_.regression_share) / static_cast<float>(best.size())) * mean;
    }
  }
  return mix;
}

void VoiceConversion::convert(const Sound& speech, double begin_s, double end_s, const Sink& sink,
                              const WorkContext& context) const {
  if (speech.samples.empty()) return;
  const VoiceProfile& p = *profile_;
  const Sound at_16k = audio::resample(speech, audio::kSpeechRateHz);
  const Sound at_24k = audio::resample(speech, kVocoderRateHz);
  audio::VocoderFrames source;
  source.f0_hz = audio::track_vocoder_pitch(speech).f0_hz;
  const auto total = static_cast<long long>(source.f0_hz.size());
  const long long begin = std::clamp(std::llround(begin_s / kVocoderFramePeriod_s), 0LL, total);
  const long long end = std::clamp(std::llround(end_s / kVocoderFramePeriod_s), begin, total);
  const long long first = std::max(0LL, begin - kSmoothing);

  // Phonetic frames come as a stream, so that the first piece does not wait for the last.
  audio::SpeechFeatureOptions feature_options;
  feature_options.pitch = false;
  feature_options.posteriors.cepstral_mean = source_.normalisation.cepstral_mean;
  audio::SpeechFeatureStream features(scorer_, feature_options);
  features.push(at_16k.samples);
  features.finish();
  RowMatrix phonetic(static_cast<Eigen::Index>(at_16k.samples.size() / audio::kFrameHop + 2),
                     kPhoneticFeatures);
  Eigen::Index phonetic_count = 0;
  const auto listen_until = [&](double time_s) {
    const auto wanted = static_cast<Eigen::Index>(time_s / kPhoneticFramePeriod_s) + 6;
    audio::SpeechFrame frame;
    while (phonetic_count < std::min(wanted, phonetic.rows()) && features.pull(frame)) {
      fill_phonetic_row(frame, source_.normalisation, {&phonetic(phonetic_count, 0), kPhoneticFeatures});
      ++phonetic_count;
    }
  };

  const float pitch_ratio =
      source_.pitch.log_f0_deviation > 0
          ? std::clamp(p.pitch.log_f0_deviation / source_.pitch.log_f0_deviation, 0.7F, 1.8F)
          : 1.0F;
  audio::VocoderSynthesis synthesis(options_.seed);
  std::vector<float> samples;
  RowMatrix predicted(0, kEnvelopeCepstra);  // frames [first, predicted_end) of the source
  long long predicted_end = first;
  audio::VocoderFrames block;
  for (long long at = begin; at < end; at += kBlockFrames) {
    context.cancellation.throw_if_requested("speaking");
    const long long block_end = std::min(at + kBlockFrames, end);
    const long long needed = std::min(block_end + kSmoothing, total);
    // 1. What is said, and how loud.
    listen_until(static_cast<double>(needed) * kVocoderFramePeriod_s);
    if (phonetic_count == 0) return;
    std::vector<double> times_s;
    for (long long t = predicted_end; t < needed; ++t)
      times_s.push_back(static_cast<double>(t) * kVocoderFramePeriod_s);
    audio::analyse_frames(at_24k.samples, static_cast<std::size_t>(predicted_end),
                          static_cast<std::size_t>(needed), source);
    RowMatrix own(static_cast<Eigen::Index>(times_s.size()), kEnvelopeCepstra);
    cepstrum_.analyse({&source.log_power[static_cast<std::size_t>(predicted_end) * kEnvelopeBins],
                       times_s.size() * kEnvelopeBins},
                      {own.data(), static_cast<std::size_t>(own.size())});
    // 2. The person's envelope for it.
    RowMatrix rows = predict(stack_phonetic_rows(phonetic.topRows(phonetic_count), times_s));
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
      const float z = (own(i, 0) - source_.level_mean) / std::max(source_.level_deviation, 1e-3F);
      rows.row(i) = mix_target_ + (rows.row(i) - mix_mean_).cwiseProduct(mix_gain_);
      const float level = p.envelope_mean[0] + std::clamp(z, -6.0F, 3.0F) * p.envelope_deviation[0];
      rows(i, 0) = options_.level_share * rows(i, 0) + (1 - options_.level_share) * level;
      const float below_db = (own(i, 0) - source_.level_mean) / kLevelPerDecibel;
      const float pause =
          std::clamp((kPauseFrom_db - below_db) / (kPauseFrom_db - kPauseWhole_db), 0.0F, 1.0F);
      if (pause > 0) {
        RowVector floor = p.floor;
        floor[0] = std::min(floor[0], p.envelope_mean[0] + kQuietestPause_db * kLevelPerDecibel);
        rows.row(i) += pause * (floor - rows.row(i));
      }
    }
    predicted.conservativeResize(predicted.rows() + rows.rows(), kEnvelopeCepstra);
    predicted.bottomRows(rows.rows()) = rows;
    predicted_end = needed;
    // 3. Smoothed over 25 ms, with the person's pitch and breath.
    const auto count = static_cast<std::size_t>(block_end - at);
    RowMatrix smooth(static_cast<Eigen::Index>(count), kEnvelopeCepstra);
    block.f0_hz.resize(count);
    block.aperiodicity_db.resize(count);
    block.log_power.resize(count * kEnvelopeBins);
    for (long long t = at; t < block_end; ++t) {
      const long long low = std::max(t - kSmoothing, first) - first;
      const long long high = std::min(t + kSmoothing, total - 1) - first;
      smooth.row(static_cast<Eigen::Index>(t - at)) =
          predicted.middleRows(static_cast<Eigen::Index>(low), static_cast<Eigen::Index>(high - low + 1))
              .colwise()
              .mean();
      const auto i = static_cast<std::size_t>(t - at);
      const float f0 = source.f0_hz[static_cast<std::size_t>(t)];
      block.f0_hz[i] = 0;
      block.aperiodicity_db[i].fill(0);
      if (f0 <= 0) continue;
      const float deviation = std::clamp(std::log(f0) - source_.pitch.log_f0_median,
                                         -kPitchLimit * source_.pitch.log_f0_deviation,
                                         kPitchLimit * source_.pitch.log_f0_deviation);
      block.f0_hz[i] = std::exp(p.pitch.log_f0_median + pitch_ratio * deviation);
      // Speakers of 16 kHz have nothing over 8 kHz: the highest band is the person's mean.
      block.aperiodicity_db[i] = source.aperiodicity_db[static_cast<std::size_t>(t)];
      block.aperiodicity_db[i][audio::kAperiodicityBands - 1] =
          p.voiced_aperiodicity_db[audio::kAperiodicityBands - 1];
    }
    cepstrum_.synthesise({smooth.data(), static_cast<std::size_t>(smooth.size())}, block.log_power);
    // 4. Sound.
    synthesis.push(block);
    samples.clear();
    if (block_end < end) {
      synthesis.pull(samples);
    } else {
      synthesis.finish(samples);
    }
    if (!samples.empty()) sink(samples);
  }
}

Sound VoiceConversion::convert(const Sound& speech, const WorkContext& context) const {
  Sound result;
  result.sample_rate_hz = kVocoderRateHz;
  convert(
      speech, 0, speech.duration_s() + 1,
      [&](std::span<const float> samples) {
        result.samples.insert(result.samples.end(), samples.begin(), samples.end());
      },
      context);
  return result;
}

}  // namespace anima::voice
