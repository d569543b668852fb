#include "voice/conversion.h"

#include <algorithm>
#include <cmath>

#include "audio/loudness.h"
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
// Speech of a recording that is as good as none for retrieval, and of one that holds every sound often
// (measured on two recordings of 10 and 25 s: words lost).
constexpr float kPoorSpeech_s = 10;
constexpr float kRichSpeech_s = 20;
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
  // A recording of unknown language is taken for one in the language that is spoken.
  // "und" is a language that was heard not to be English, and no more is known of it.
  const bool named = !p.language.empty() && !source_.language.empty();
  const bool foreign =
      named && p.language != source_.language && (p.language != "und" || source_.language == "en");
  const auto speech_s = static_cast<float>(p.quality.speech_s);
  const float rich = std::clamp((speech_s - kPoorSpeech_s) / (kRichSpeech_s - kPoorSpeech_s), 0.0F, 1.0F);
  regression_share_ =
      options_.short_regression_share + rich * (options_.regression_share - options_.short_regression_share);
  if (foreign) regression_share_ = std::max(regression_share_, options_.foreign_regression_share);
  person_share_ = foreign ? 0 : rich * options_.person_share;
  // The clone is as loud as the recording was: the same gain brings both to the level of speech.
  gain_ = static_cast<float>(std::pow(10.0, (audio::kSpeechLufs - p.quality.loudness_lufs) / 20));
  gain_ = std::clamp(gain_, 0.05F, 50.0F);
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

// The mean envelope of the moments that are nearest to each row of `wanted` ([row][kIndexWidth]).
RowMatrix VoiceConversion::nearest_mean(const RowMatrix& wanted, int neighbours) const {
  const VoiceProfile& p = *profile_;
  RowMatrix result(wanted.rows(), kEnvelopeCepstra);
  const auto count = static_cast<std::size_t>(std::min<Eigen::Index>(neighbours, p.index.rows()));
  // |q - x|^2 without |q|^2, which is the same for all x. Blocks keep the scores in the cache.
  constexpr Eigen::Index kBlock = 64;
  RowMatrix scores;
  std::vector<std::pair<float, Eigen::Index>> best;
  for (Eigen::Index begin = 0; begin < wanted.rows(); begin += kBlock) {
    const Eigen::Index rows = std::min(kBlock, wanted.rows() - begin);
    scores.noalias() = wanted.middleRows(begin, rows) * p.index.transpose();
    for (Eigen::Index i = 0; i < rows; ++i) {
      best.clear();
      const float* row = &scores(i, 0);
      float worst = 0;
      for (Eigen::Index n = 0; n < p.index.rows(); ++n) {
        const float distance = index_norms_[n] - 2 * row[n];
        if (best.size() == count && distance >= worst) continue;
        auto at = best.end();
        while (at != best.begin() && (at - 1)->first > distance) --at;
        best.insert(at, {distance, n});
        if (best.size() > count) best.pop_back();
        worst = best.back().first;
      }
      RowVector mean = RowVector::Zero(kEnvelopeCepstra);
      for (const auto& [distance, n] : best) mean += p.envelopes.row(n);
      result.row(begin + i) = mean / static_cast<float>(best.size());
    }
  }
  return result;
}

// The mix before its variance is restored, one row for each row of stacked phonetic features.
RowMatrix VoiceConversion::predict(const RowMatrix& stacked) const {
  const VoiceProfile& p = *profile_;
  RowMatrix wanted = stacked * joint_projection_.topRows(kPhoneticStack);
  wanted.rowwise() += joint_projection_.row(kPhoneticStack);
  RowMatrix mix = wanted.rightCols(kEnvelopeCepstra);
  if (p.index.rows() == 0) return mix;
  if (regression_share_ < 1 && options_.neighbours > 0) {
    wanted.rightCols(kEnvelopeCepstra) *= p.envelope_scale;
    mix += (1 - regression_share_) * (nearest_mean(wanted, options_.neighbours) - mix);
  }
  if (person_share_ > 0 && options_.person_neighbours > 0) {
    wanted.rightCols(kEnvelopeCepstra) = p.envelope_scale * mix;
    mix += person_share_ * (nearest_mean(wanted, options_.person_neighbours) - mix);
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
    for (float& sample : samples) sample = audio::soft_limit(gain_ * sample);
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
