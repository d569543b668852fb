#include "voice/enrolment.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "audio/aperiodicity.h"
#include "audio/loudness.h"
#include "audio/resampler.h"
#include "audio/spectral_envelope.h"
#include "audio/vocoder_pitch.h"
#include "core/error.h"
#include "voice/recording_check.h"

namespace anima::voice {
namespace {

using audio::kEnvelopeCepstra;

constexpr double kMinimumSpeech_s = 3;
constexpr double kComfortableSpeech_s = 8;
constexpr double kMinimumVoicedShare = 0.2;
constexpr float kRidge = 20;  // lambda of the regression
constexpr Eigen::Index kMaximumMoments = 15000;
constexpr float kEnvelopeWeight = 1;  // of the envelopes' variance in the index, to that of the features

std::string rounded(double value, int digits = 1) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

void judge(VoiceQuality& quality, const RecordingCheck& check) {
  const auto warn = [&](const std::string& text) { quality.warnings.push_back(text); };
  if (quality.speech_s < kComfortableSpeech_s) {
    warn("only " + rounded(quality.speech_s) + " s of speech: 25 s or more sound much more like the person");
  }
  if (quality.clipped_share > 1e-4) {
    warn("the recording is clipped (" + rounded(100 * quality.clipped_share, 2) +
         " % of the samples): record it at a lower level");
  }
  if (quality.noise_db > -25) {
    warn("the pauses are only " + rounded(-quality.noise_db, 0) +
         " dB below the speech: room and noise are cloned too");
  }
  if (quality.voiced_share < 0.4) {
    warn("a pitch is found in only " + rounded(100 * quality.voiced_share, 0) +
         " % of the speech: is there music or a second voice?");
  }
  if (check.bandwidth_hz < kNarrowBandwidth_hz) {
    warn("the recording holds nothing above " + rounded(check.bandwidth_hz / 1000) +
         " kHz, like a telephone: record it at 24000 Hz or more");
  }
  if (check.turns.gain > kTwoVoices) {
    warn("two people speak, one after the other, or the microphone changes: first after about " +
         rounded(check.turns.first_change_s, 0) + " s of speech, " + rounded(100 * check.turns.second_share, 0) +
         " % of it is the other voice; only one person may speak");
  }
  quality.verdict = quality.warnings.empty() ? "good" : (quality.warnings.size() == 1 ? "usable" : "poor");
}

// Solves (X'X + lambda I) W = X'Y for centred X and Y; returns W with the constant as its last row.
RowMatrix ridge_regression(const RowMatrix& x, const RowMatrix& y, const RowVector& x_mean,
                           const Eigen::MatrixXf& covariance) {
  const RowVector y_mean = y.colwise().mean();
  Eigen::MatrixXf normal = covariance;
  normal.diagonal().array() += kRidge;
  const RowMatrix centred = x.rowwise() - x_mean;
  const Eigen::MatrixXf right = centred.transpose() * (y.rowwise() - y_mean);
  const Eigen::MatrixXf weights = normal.llt().solve(right);
  RowMatrix result(x.cols() + 1, y.cols());
  result.topRows(x.cols()) = weights;
  result.row(x.cols()) = y_mean - x_mean * weights;
  return result;
}

}  // namespace

VoiceProfile enrol_voice(const EnrolmentRequest& request, const WorkContext& context) {
  Sound recording = request.recording;
  if (recording.sample_rate_hz < 8000) {
    throw Error(ErrorCode::kUnusableInput,
                "the recording has a sample rate of " + std::to_string(recording.sample_rate_hz) + " Hz",
                "record at 16000 Hz or more");
  }
  for (float& sample : recording.samples) {
    if (!std::isfinite(sample)) sample = 0;
  }
  VoiceProfile profile;
  profile.name = request.name;
  profile.language = request.language;
  profile.transcript = request.transcript;
  profile.consent = request.consent;
  VoiceQuality& quality = profile.quality;
  quality.recording_s = recording.duration_s();
  if (quality.recording_s > request.limit_s) {
    recording.samples.resize(static_cast<std::size_t>(request.limit_s * recording.sample_rate_hz));
  }
  long long clipped = 0;
  for (const float sample : recording.samples) clipped += std::abs(sample) >= 0.98F ? 1 : 0;
  quality.clipped_share = recording.samples.empty()
                              ? 0
                              : static_cast<double>(clipped) / static_cast<double>(recording.samples.size());

  quality.loudness_lufs = audio::integrated_loudness_lufs(recording);

  // 1. What is said, frame by frame, and where there is speech at all.
  const auto scorer = audio::shared_senone_scorer();
  const Sound at_16k = audio::resample(recording, audio::kSpeechRateHz);
  const PhoneticFrames phonetic = phonetic_frames(at_16k, scorer, profile.normalisation, context);
  const std::vector<bool> speech = speech_frames(phonetic);
  quality.speech_s =
      static_cast<double>(std::count(speech.begin(), speech.end(), true)) * kPhoneticFramePeriod_s;
  if (quality.speech_s < kMinimumSpeech_s) {
    throw Error(ErrorCode::kUnusableInput,
                "the recording of " + rounded(quality.recording_s) + " s holds only " +
                    rounded(quality.speech_s) + " s of speech",
                "record at least 10 s, better 30 s, of one person speaking in a quiet room");
  }
  const RecordingCheck check = check_recording(recording);
  if (check.dips < kMusicDips) {
    throw Error(ErrorCode::kUnusableInput,
                "the recording sounds like music or steady noise: only " + rounded(100 * check.dips, 0) +
                    " % of it is quieter than what surrounds it, in speech it is over 35 %",
                "record one person speaking, without music or noise");
  }
  if (check.bandwidth_hz < kUselessBandwidth_hz) {
    throw Error(ErrorCode::kUnusableInput,
                "the recording holds nothing above " + rounded(check.bandwidth_hz / 1000) + " kHz",
                "record at 24000 Hz, at least at 8000 Hz");
  }
  // 2. Pitch, envelopes and breath.
  StageProgress progress(context, "analysing the voice");
  const std::vector<float> f0_hz = audio::track_vocoder_pitch(recording).f0_hz;
  profile.pitch = pitch_statistics(f0_hz, audio::kVocoderFramePeriod_s);
  const Sound at_24k = audio::resample(recording, audio::kVocoderRateHz);
  audio::SpectralEnvelope envelope;
  audio::Aperiodicity aperiodicity;
  const audio::EnvelopeCepstrum cepstrum;
  RowMatrix envelopes(static_cast<Eigen::Index>(speech.size()), kEnvelopeCepstra);
  std::vector<float> log_power(audio::kEnvelopeBins);
  std::array<double, audio::kAperiodicityBands> band_sum{};
  int band_count = 0;
  int voiced_speech = 0;
  for (std::size_t t = 0; t < speech.size(); ++t) {
    const double time_s = static_cast<double>(t) * kPhoneticFramePeriod_s + kPhoneticFrameCenter_s;
    const auto frame =
        std::min(static_cast<std::size_t>(time_s / audio::kVocoderFramePeriod_s + 0.5), f0_hz.size() - 1);
    const double center = time_s * audio::kVocoderRateHz;
    const float f0 = f0_hz[frame];
    envelope.compute(at_24k.samples, center, f0, log_power);
    cepstrum.analyse(log_power, {&envelopes(static_cast<Eigen::Index>(t), 0), kEnvelopeCepstra});
    if (f0 > 0 && speech[t]) {
      ++voiced_speech;
      if (t % 4 == 0) {
        const audio::BandAperiodicity bands = aperiodicity.compute(at_24k.samples, center, f0);
        for (int b = 0; b < audio::kAperiodicityBands; ++b) band_sum[b] += bands[b];
        ++band_count;
      }
    }
    if (t % 100 == 0) progress.update(static_cast<double>(t), static_cast<double>(speech.size()));
  }
  quality.voiced_share = voiced_speech * kPhoneticFramePeriod_s / quality.speech_s;
  quality.median_pitch_hz = std::exp(profile.pitch.log_f0_median);
  if (quality.voiced_share < kMinimumVoicedShare || profile.pitch.voiced_s < 1) {
    throw Error(ErrorCode::kUnusableInput,
                "a pitch was found in only " + rounded(100 * quality.voiced_share, 0) + " % of the sound",
                "record one person speaking, without music or noise");
  }
  for (int b = 0; b < audio::kAperiodicityBands; ++b) {
    profile.voiced_aperiodicity_db[b] = static_cast<float>(band_count > 0 ? band_sum[b] / band_count : -3);
  }

  // 3. Moments of speech, their spread, and the pauses.
  std::vector<double> times_s;
  std::vector<std::size_t> moments;
  for (std::size_t t = 0; t < speech.size(); ++t) {
    if (speech[t]) moments.push_back(t);
  }
  const std::size_t stride = moments.size() / kMaximumMoments + 1;
  RowMatrix targets(static_cast<Eigen::Index>((moments.size() + stride - 1) / stride), kEnvelopeCepstra);
  for (std::size_t i = 0; i < moments.size(); i += stride) {
    targets.row(static_cast<Eigen::Index>(times_s.size())) =
        envelopes.row(static_cast<Eigen::Index>(moments[i]));
    times_s.push_back(static_cast<double>(moments[i]) * kPhoneticFramePeriod_s + kPhoneticFrameCenter_s);
  }
  profile.envelope_mean = targets.colwise().mean();
  profile.envelope_deviation =
      (targets.rowwise() - profile.envelope_mean).array().square().colwise().mean().sqrt();
  std::vector<std::size_t> quiet(speech.size());
  for (std::size_t t = 0; t < quiet.size(); ++t) quiet[t] = t;
  const std::size_t quiet_count = std::max<std::size_t>(5, quiet.size() / 20);
  std::partial_sort(quiet.begin(), quiet.begin() + static_cast<std::ptrdiff_t>(quiet_count), quiet.end(),
                    [&](std::size_t a, std::size_t b) {
                      return envelopes(static_cast<Eigen::Index>(a), 0) <
                             envelopes(static_cast<Eigen::Index>(b), 0);
                    });
  profile.floor = RowVector::Zero(kEnvelopeCepstra);
  for (std::size_t i = 0; i < quiet_count; ++i)
    profile.floor += envelopes.row(static_cast<Eigen::Index>(quiet[i]));
  profile.floor /= static_cast<float>(quiet_count);
  quality.noise_db = (profile.floor[0] - profile.envelope_mean[0]) / std::sqrt(80.0) * 10 / std::log(10.0);
  judge(quality, check);
  if (quality.recording_s > request.limit_s) {
    quality.warnings.push_back("only the first " + rounded(request.limit_s, 0) +
                               " s of the recording are used");
  }

  // 4. The regression, and the index of moments: both stand on one covariance.
  const RowMatrix stacked = stack_phonetic_rows(phonetic.rows, times_s);
  profile.projection_mean = stacked.colwise().mean();
  const RowMatrix centred = stacked.rowwise() - profile.projection_mean;
  Eigen::MatrixXf covariance = Eigen::MatrixXf::Zero(kPhoneticStack, kPhoneticStack);
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(centred.transpose());
  covariance.triangularView<Eigen::StrictlyUpper>() = covariance.transpose();
  context.cancellation.throw_if_requested("enrolment");
  profile.regression = ridge_regression(stacked, targets, profile.projection_mean, covariance);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> axes(covariance);  // eigenvalues in rising order
  profile.projection = axes.eigenvectors().rightCols(kIndexProjection);
  context.cancellation.throw_if_requested("enrolment");
  profile.index.resize(stacked.rows(), kIndexWidth);
  profile.index.leftCols(kIndexProjection) = centred * profile.projection;
  const float feature_variance =
      profile.index.leftCols(kIndexProjection).squaredNorm() / static_cast<float>(stacked.rows());
  const float envelope_variance = profile.envelope_deviation.squaredNorm();
  profile.envelope_scale = std::sqrt(kEnvelopeWeight * feature_variance / std::max(envelope_variance, 1e-6F));
  profile.index.rightCols(kEnvelopeCepstra) = profile.envelope_scale * targets;
  profile.envelopes = std::move(targets);
  return profile;
}

}  // namespace anima::voice
