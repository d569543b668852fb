#include "voice/phonetic_frames.h"

#include <algorithm>
#include <cmath>

namespace anima::voice {
namespace {

constexpr double kStackOffset_s = 0.030;
constexpr float kSpeechRange_db = 30;

}  // namespace

float silence_share(const audio::SpeechFrame& frame) {
  float sum = 0;
  // +NSN+, +SPN+ (noises) and SIL, in the alphabetical order that every en-us model has.
  for (const int phone : {0, 1, 32}) {
    for (int state = 0; state < audio::kStatesPerPhone; ++state) {
      sum += frame.posteriors[phone * audio::kStatesPerPhone + state];
    }
  }
  return sum;
}

void fill_phonetic_row(const audio::SpeechFrame& frame, const PhoneticNormalisation& normalisation,
                       std::span<float> row) {
  for (int i = 0; i < audio::kPhoneStates; ++i) row[i] = std::sqrt(frame.posteriors[i]);
  for (int i = 0; i < audio::kCepstra; ++i) {
    const float z = (frame.cepstra[i] - normalisation.mean[i]) / std::max(normalisation.deviation[i], 1e-3F);
    row[audio::kPhoneStates + i] = kCepstraWeight * std::clamp(z, -4.0F, 4.0F);
  }
}

PhoneticFrames phonetic_frames(const Sound& sound, std::shared_ptr<const audio::SenoneScorer> scorer,
                               PhoneticNormalisation& normalisation, const WorkContext& context) {
  normalisation.cepstral_mean = audio::cepstral_mean_of(sound);
  audio::SpeechFeatureOptions options;
  options.pitch = false;
  options.posteriors.cepstral_mean = normalisation.cepstral_mean;
  const std::vector<audio::SpeechFrame> frames =
      audio::speech_features(sound, std::move(scorer), options, context);
  PhoneticFrames result;
  for (const audio::SpeechFrame& frame : frames) {
    result.energy_db.push_back(frame.energy_db);
    result.silence.push_back(silence_share(frame));
  }
  // The cepstra's spread over speech; the posteriors need none.
  const std::vector<bool> speech = speech_frames(result);
  std::array<double, audio::kCepstra> sum{};
  std::array<double, audio::kCepstra> square{};
  double count = 0;
  for (std::size_t t = 0; t < frames.size(); ++t) {
    if (!speech[t]) continue;
    ++count;
    for (int i = 0; i < audio::kCepstra; ++i) {
      sum[i] += frames[t].cepstra[i];
      square[i] += static_cast<double>(frames[t].cepstra[i]) * frames[t].cepstra[i];
    }
  }
  for (int i = 0; i < audio::kCepstra; ++i) {
    const double mean = count > 0 ? sum[i] / count : 0;
    const double variance = count > 0 ? square[i] / count - mean * mean : 1;
    normalisation.mean[i] = static_cast<float>(mean);
    normalisation.deviation[i] = static_cast<float>(std::sqrt(std::max(variance, 1e-4)));
  }
  result.rows.resize(static_cast<Eigen::Index>(frames.size()), kPhoneticFeatures);
  for (std::size_t t = 0; t < frames.size(); ++t) {
    fill_phonetic_row(frames[t], normalisation,
                      {&result.rows(static_cast<Eigen::Index>(t), 0), kPhoneticFeatures});
  }
  return result;
}

std::vector<bool> speech_frames(const PhoneticFrames& frames) {
  std::vector<bool> speech(frames.energy_db.size(), false);
  if (speech.empty()) return speech;
  std::vector<float> sorted = frames.energy_db;
  const auto rank = static_cast<std::size_t>(0.95 * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(rank), sorted.end());
  const float loud_db = sorted[rank];
  for (std::size_t t = 0; t < speech.size(); ++t) {
    speech[t] = frames.energy_db[t] > std::max(loud_db - kSpeechRange_db, -75.0F) && frames.silence[t] < 0.5F;
  }
  return speech;
}

RowMatrix stack_phonetic_rows(const RowMatrix& rows, std::span<const double> times_s) {
  RowMatrix stacked(static_cast<Eigen::Index>(times_s.size()), kPhoneticStack);
  const auto last = static_cast<double>(rows.rows() - 1);
  for (std::size_t i = 0; i < times_s.size(); ++i) {
    for (int part = 0; part < 3; ++part) {
      const double at =
          (times_s[i] + (part - 1) * kStackOffset_s - kPhoneticFrameCenter_s) / kPhoneticFramePeriod_s;
      const double position = std::clamp(at, 0.0, last);
      const auto left = static_cast<Eigen::Index>(position);
      const Eigen::Index right = std::min<Eigen::Index>(left + 1, rows.rows() - 1);
      const auto fraction = static_cast<float>(position - static_cast<double>(left));
      stacked.row(static_cast<Eigen::Index>(i)).segment(part * kPhoneticFeatures, kPhoneticFeatures) =
          (1 - fraction) * rows.row(left) + fraction * rows.row(right);
    }
  }
  return stacked;
}

}  // namespace anima::voice
