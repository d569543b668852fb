#include <algorithm>
#include <cmath>

#include "audio/resampler.h"
#include "audio/spectral_envelope.h"
#include "audio/vocoder_pitch.h"
#include "core/error.h"
#include "text/normaliser.h"
#include "voice/conversion.h"

namespace anima::voice {
namespace {

constexpr const char* kNameKey = "source.name";
constexpr const char* kLanguageKey = "source.language";

}  // namespace

SourceStatistics measure_source(const SourceSpeaker& speaker, std::span<const std::string> sentences,
                                std::shared_ptr<const audio::SenoneScorer> scorer,
                                const WorkContext& context) {
  Sound all;
  for (const std::string& sentence : sentences) {
    const SourceSpeech speech = speaker.speak(text::normalise_text(sentence, {}), 1, context);
    if (all.sample_rate_hz == 0) all.sample_rate_hz = speech.sound.sample_rate_hz;
    all.samples.insert(all.samples.end(), speech.sound.samples.begin(), speech.sound.samples.end());
  }
  if (all.samples.empty()) {
    throw Error(ErrorCode::kInternal, "the source speaker " + speaker.name() + " said nothing");
  }
  SourceStatistics statistics;
  statistics.name = speaker.name();
  const Sound at_16k = audio::resample(all, audio::kSpeechRateHz);
  const std::vector<float> f0_hz = audio::track_vocoder_pitch(all).f0_hz;
  statistics.pitch = pitch_statistics(f0_hz, audio::kVocoderFramePeriod_s);

  const PhoneticFrames phonetic = phonetic_frames(at_16k, scorer, statistics.normalisation, context);
  const std::vector<bool> speech = speech_frames(phonetic);
  const Sound at_24k = audio::resample(all, audio::kVocoderRateHz);
  audio::SpectralEnvelope envelope;
  const audio::EnvelopeCepstrum cepstrum;
  std::vector<float> log_power(audio::kEnvelopeBins);
  std::vector<float> cepstra(audio::kEnvelopeCepstra);
  std::vector<double> times_s;
  double sum = 0;
  double square = 0;
  for (std::size_t t = 0; t < speech.size(); ++t) {
    if (!speech[t]) continue;
    const double time_s = static_cast<double>(t) * kPhoneticFramePeriod_s + kPhoneticFrameCenter_s;
    times_s.push_back(time_s);
    const auto frame =
        std::min(static_cast<std::size_t>(time_s / audio::kVocoderFramePeriod_s + 0.5), f0_hz.size() - 1);
    envelope.compute(at_24k.samples, time_s * audio::kVocoderRateHz, f0_hz[frame], log_power);
    cepstrum.analyse(log_power, cepstra);
    sum += cepstra[0];
    square += cepstra[0] * cepstra[0];
  }
  if (times_s.size() < 100) {
    throw Error(ErrorCode::kInternal,
                "the source speaker " + speaker.name() + " spoke too little to measure");
  }
  const auto count = static_cast<double>(times_s.size());
  statistics.level_mean = static_cast<float>(sum / count);
  statistics.level_deviation =
      static_cast<float>(std::sqrt(std::max(1e-6, square / count - (sum / count) * (sum / count))));
  statistics.sample = stack_phonetic_rows(phonetic.rows, times_s);
  return statistics;
}

void save_source_statistics(const SourceStatistics& statistics, const std::filesystem::path& path) {
  TensorFile file;
  file.metadata[kNameKey] = statistics.name;
  file.metadata[kLanguageKey] = statistics.language;
  file.put("source.cepstral_mean", {audio::kCepstra}, statistics.normalisation.cepstral_mean);
  file.put("source.cepstra_mean", {audio::kCepstra}, statistics.normalisation.mean);
  file.put("source.cepstra_deviation", {audio::kCepstra}, statistics.normalisation.deviation);
  const std::array<float, 5> figures = {statistics.pitch.log_f0_median, statistics.pitch.log_f0_deviation,
                                        statistics.pitch.voiced_s, statistics.level_mean,
                                        statistics.level_deviation};
  file.put("source.figures", {5}, figures);
  file.put(
      "source.sample", {static_cast<std::int64_t>(statistics.sample.rows()), kPhoneticStack},
      std::span<const float>(statistics.sample.data(), static_cast<std::size_t>(statistics.sample.size())),
      TensorType::kF16);
  write_tensor_file(path, file);
}

SourceStatistics load_source_statistics(const std::filesystem::path& path) {
  const TensorFile file = read_tensor_file(path);
  SourceStatistics statistics;
  const auto name = file.metadata.find(kNameKey);
  if (name == file.metadata.end()) {
    throw Error(ErrorCode::kCorruptData, path.string() + " holds no statistics of a source speaker",
                "delete it: it is made again when it is needed");
  }
  statistics.name = name->second;
  if (const auto language = file.metadata.find(kLanguageKey); language != file.metadata.end()) {
    statistics.language = language->second;
  }
  const auto read = [&](const std::string& tensor, std::span<float> out) {
    const std::int64_t shape[] = {static_cast<std::int64_t>(out.size())};
    const std::vector<float> values = file.floats(tensor, shape);
    std::copy(values.begin(), values.end(), out.begin());
  };
  read("source.cepstral_mean", statistics.normalisation.cepstral_mean);
  read("source.cepstra_mean", statistics.normalisation.mean);
  read("source.cepstra_deviation", statistics.normalisation.deviation);
  std::array<float, 5> figures{};
  read("source.figures", figures);
  statistics.pitch = {figures[0], figures[1], figures[2]};
  statistics.level_mean = figures[3];
  statistics.level_deviation = figures[4];
  const std::int64_t shape[] = {-1, kPhoneticStack};
  const std::vector<float> sample = file.floats("source.sample", shape);
  statistics.sample = Eigen::Map<const RowMatrix>(
      sample.data(), static_cast<Eigen::Index>(sample.size()) / kPhoneticStack, kPhoneticStack);
  return statistics;
}

}  // namespace anima::voice
