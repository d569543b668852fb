#include "audio/speech_features.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string>

#include "core/error.h"

namespace anima::audio {
namespace {

void require_speech_rate(const Sound& sound) {
  if (sound.sample_rate_hz == kSpeechRateHz) return;
  throw Error(ErrorCode::kInvalidArgument,
              "speech features are made at 16000 Hz, not at " + std::to_string(sound.sample_rate_hz) + " Hz",
              "resample the sound first");
}

}  // namespace

std::array<float, kSpeechFeatures> feature_row(const SpeechFrame& frame) {
  std::array<float, kSpeechFeatures> row;
  float* out = row.data();
  for (const float p : frame.posteriors) *out++ = std::sqrt(std::max(0.0F, p));
  out = std::ranges::copy(frame.cepstra, out).out;
  out = std::ranges::copy(frame.mel, out).out;
  *out++ = frame.pitch.f0_hz > 0 ? std::log(frame.pitch.f0_hz) : 0.0F;
  *out++ = frame.pitch.voicing;
  *out = frame.energy_db;
  return row;
}

SpeechFeatureStream::SpeechFeatureStream(std::shared_ptr<const SenoneScorer> scorer,
                                         const SpeechFeatureOptions& options)
    : posteriors_(std::move(scorer), options.posteriors) {
  if (options.pitch) pitch_.emplace(options.pitch_range);
}

void SpeechFeatureStream::push(std::span<const float> samples) {
  spectrum_.push(samples);
  if (pitch_) pitch_->push(samples);
}

void SpeechFeatureStream::finish() {
  spectrum_.finish();
  analyse();
  posteriors_.finish();
  if (pitch_) pitch_->finish();
}

void SpeechFeatureStream::analyse() {
  FrameSpectrum spectrum;
  while (spectrum_.pull(spectrum)) {
    posteriors_.push(mfcc_.compute(spectrum));
    plain_.push_back({log_mel_.compute(spectrum), spectrum.energy_db});
  }
}

bool SpeechFeatureStream::pull(SpeechFrame& frame) {
  if (!complete_) {
    analyse();
    // One frame at a time: who needs the first ones does not wait for the scores of the rest.
    SpeechFrame next;
    if (!posteriors_.pull(next.posteriors, next.cepstra)) return false;
    next.mel = plain_.front().mel;
    next.energy_db = plain_.front().energy_db;
    plain_.pop_front();
    complete_ = next;
  }
  if (pitch_ && !pitch_->pull(complete_->pitch)) return false;
  frame = *complete_;
  complete_.reset();
  return true;
}

std::vector<SpeechFrame> speech_features(const Sound& sound, std::shared_ptr<const SenoneScorer> scorer,
                                         const SpeechFeatureOptions& options, const WorkContext& context) {
  require_speech_rate(sound);
  SpeechFeatureOptions whole = options;
  if (!whole.posteriors.cepstral_mean) whole.posteriors.cepstral_mean = cepstral_mean_of(sound);
  SpeechFeatureStream stream(std::move(scorer), whole);
  StageProgress progress(context, "listening to the sound");
  std::vector<SpeechFrame> frames;
  frames.reserve(sound.samples.size() / kFrameHop + 1);
  SpeechFrame frame;
  const std::span<const float> samples(sound.samples);
  constexpr std::size_t kPiece = kSpeechRateHz;
  for (std::size_t at = 0; at < samples.size(); at += kPiece) {
    stream.push(samples.subspan(at, std::min(kPiece, samples.size() - at)));
    while (stream.pull(frame)) frames.push_back(frame);
    progress.update(static_cast<double>(at), static_cast<double>(samples.size()));
  }
  stream.finish();
  while (stream.pull(frame)) frames.push_back(frame);
  return frames;
}

Cepstra cepstral_mean_of(const Sound& sound) {
  require_speech_rate(sound);
  FrameSpectrumStream spectra;
  const Mfcc mfcc;
  std::vector<Cepstra> cepstra;
  FrameSpectrum spectrum;
  const std::span<const float> samples(sound.samples);
  constexpr std::size_t kPiece = kSpeechRateHz;
  for (std::size_t at = 0; at < samples.size(); at += kPiece) {
    spectra.push(samples.subspan(at, std::min(kPiece, samples.size() - at)));
    while (spectra.pull(spectrum)) cepstra.push_back(mfcc.compute(spectrum));
  }
  spectra.finish();
  while (spectra.pull(spectrum)) cepstra.push_back(mfcc.compute(spectrum));
  return whole_cepstral_mean(cepstra);
}

std::shared_ptr<const SenoneScorer> shared_senone_scorer() {
  static std::mutex mutex;
  static std::weak_ptr<const SenoneScorer> kept;
  const std::lock_guard lock(mutex);
  auto scorer = kept.lock();
  if (!scorer) kept = scorer = std::make_shared<const SenoneScorer>(load_acoustic_model());
  return scorer;
}

}  // namespace anima::audio
