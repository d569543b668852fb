#include "voice/voice_profile.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace anima::voice {
namespace {

constexpr int kVersion = 1;
constexpr const char* kMetadata = "voice.profile";

std::int64_t wide(Eigen::Index value) {
  return static_cast<std::int64_t>(value);
}

template <typename M>
std::span<const float> values_of(const M& matrix) {
  return {matrix.data(), static_cast<std::size_t>(matrix.size())};
}

RowMatrix matrix_of(const TensorFile& file, const std::string& name, std::int64_t rows,
                    std::int64_t columns) {
  const std::int64_t expected[] = {rows, columns};
  const std::vector<float> values = file.floats(name, expected);
  const auto found_rows = static_cast<Eigen::Index>(values.size()) / columns;
  return Eigen::Map<const RowMatrix>(values.data(), found_rows, static_cast<Eigen::Index>(columns));
}

RowVector vector_of(const TensorFile& file, const std::string& name, std::int64_t size) {
  const std::int64_t expected[] = {size};
  const std::vector<float> values = file.floats(name, expected);
  return Eigen::Map<const RowVector>(values.data(), static_cast<Eigen::Index>(values.size()));
}

}  // namespace

PitchStatistics pitch_statistics(std::span<const float> f0_hz, double frame_period_s) {
  std::vector<float> logs;
  for (const float f0 : f0_hz) {
    if (f0 > 0) logs.push_back(std::log(f0));
  }
  PitchStatistics statistics;
  if (logs.empty()) return statistics;
  std::sort(logs.begin(), logs.end());
  const float first = logs[logs.size() / 2];
  std::erase_if(logs, [&](float value) { return std::abs(value - first) > 0.7F; });
  const auto at = [&](double share) {
    return logs[static_cast<std::size_t>(share * static_cast<double>(logs.size() - 1))];
  };
  statistics.log_f0_median = at(0.5);
  statistics.log_f0_deviation = 0.5F * (at(0.84) - at(0.16));
  statistics.voiced_s = static_cast<float>(static_cast<double>(logs.size()) * frame_period_s);
  return statistics;
}

void put_voice_profile(const VoiceProfile& profile, TensorFile& file) {
  const VoiceQuality& quality = profile.quality;
  nlohmann::json json = {{"version", kVersion},
                         {"name", profile.name},
                         {"language", profile.language},
                         {"transcript", profile.transcript},
                         {"consent", profile.consent},
                         {"quality",
                          {{"recording_s", quality.recording_s},
                           {"speech_s", quality.speech_s},
                           {"voiced_share", quality.voiced_share},
                           {"clipped_share", quality.clipped_share},
                           {"noise_db", quality.noise_db},
                           {"median_pitch_hz", quality.median_pitch_hz},
                           {"loudness_lufs", quality.loudness_lufs},
                           {"verdict", quality.verdict},
                           {"warnings", quality.warnings}}}};
  if (!profile.native.empty()) json["native"] = profile.native;
  file.metadata[kMetadata] = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const auto put_vector = [&](const std::string& name, const RowVector& v) {
    file.put(name, {wide(v.size())}, values_of(v));
  };
  const auto put_matrix = [&](const std::string& name, const RowMatrix& m, TensorType type) {
    file.put(name, {wide(m.rows()), wide(m.cols())}, values_of(m), type);
  };
  file.put("voice.cepstral_mean", {audio::kCepstra}, profile.normalisation.cepstral_mean);
  file.put("voice.cepstra_mean", {audio::kCepstra}, profile.normalisation.mean);
  file.put("voice.cepstra_deviation", {audio::kCepstra}, profile.normalisation.deviation);
  const std::array<float, 3> pitch = {profile.pitch.log_f0_median, profile.pitch.log_f0_deviation,
                                      profile.pitch.voiced_s};
  file.put("voice.pitch", {3}, pitch);
  file.put("voice.aperiodicity", {audio::kAperiodicityBands}, profile.voiced_aperiodicity_db);
  put_vector("voice.envelope_mean", profile.envelope_mean);
  put_vector("voice.envelope_deviation", profile.envelope_deviation);
  put_vector("voice.floor", profile.floor);
  put_matrix("voice.regression", profile.regression, TensorType::kF32);
  const std::array<float, 1> scale = {profile.envelope_scale};
  file.put("voice.envelope_scale", {1}, scale);
  put_vector("voice.projection_mean", profile.projection_mean);
  put_matrix("voice.projection", profile.projection, TensorType::kF32);
  put_matrix("voice.index", profile.index, TensorType::kF16);
  put_matrix("voice.envelopes", profile.envelopes, TensorType::kF16);
}

bool has_voice_profile(const TensorFile& file) {
  return file.metadata.contains(kMetadata);
}

VoiceProfile get_voice_profile(const TensorFile& file) {
  const auto entry = file.metadata.find(kMetadata);
  if (entry == file.metadata.end()) {
    throw Error(ErrorCode::kCorruptData, "the file holds no voice", "enrol the voice again: ./run voice add");
  }
  VoiceProfile profile;
  try {
    const nlohmann::json json = nlohmann::json::parse(entry->second);
    if (json.at("version").get<int>() != kVersion) {
      throw Error(
          ErrorCode::kUnsupported,
          "the voice was enrolled by another version (" + std::to_string(json.at("version").get<int>()) + ")",
          "enrol it again: ./run voice add");
    }
    profile.name = json.at("name").get<std::string>();
    profile.language = json.at("language").get<std::string>();
    profile.transcript = json.at("transcript").get<std::string>();
    profile.consent = json.at("consent").get<std::string>();
    if (json.contains("native")) profile.native = json.at("native").get<std::map<std::string, std::string>>();
    const nlohmann::json& quality = json.at("quality");
    profile.quality.recording_s = quality.at("recording_s").get<double>();
    profile.quality.speech_s = quality.at("speech_s").get<double>();
    profile.quality.voiced_share = quality.at("voiced_share").get<double>();
    profile.quality.clipped_share = quality.at("clipped_share").get<double>();
    profile.quality.noise_db = quality.at("noise_db").get<double>();
    profile.quality.median_pitch_hz = quality.at("median_pitch_hz").get<double>();
    profile.quality.loudness_lufs = quality.at("loudness_lufs").get<double>();
    profile.quality.verdict = quality.at("verdict").get<std::string>();
    profile.quality.warnings = quality.at("warnings").get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception& e) {
    throw Error(ErrorCode::kCorruptData, "the description of the voice is damaged",
                "enrol the voice again: ./run voice add", e.what());
  }
  const auto cepstra = [&](const std::string& name) {
    const std::int64_t shape[] = {audio::kCepstra};
    const std::vector<float> values = file.floats(name, shape);
    audio::Cepstra result{};
    std::copy(values.begin(), values.end(), result.begin());
    return result;
  };
  profile.normalisation.cepstral_mean = cepstra("voice.cepstral_mean");
  profile.normalisation.mean = cepstra("voice.cepstra_mean");
  profile.normalisation.deviation = cepstra("voice.cepstra_deviation");
  const RowVector pitch = vector_of(file, "voice.pitch", 3);
  profile.pitch = {pitch[0], pitch[1], pitch[2]};
  const RowVector bands = vector_of(file, "voice.aperiodicity", audio::kAperiodicityBands);
  std::copy(bands.data(), bands.data() + audio::kAperiodicityBands, profile.voiced_aperiodicity_db.begin());
  profile.envelope_mean = vector_of(file, "voice.envelope_mean", audio::kEnvelopeCepstra);
  profile.envelope_deviation = vector_of(file, "voice.envelope_deviation", audio::kEnvelopeCepstra);
  profile.floor = vector_of(file, "voice.floor", audio::kEnvelopeCepstra);
  profile.regression = matrix_of(file, "voice.regression", kPhoneticStack + 1, audio::kEnvelopeCepstra);
  profile.envelope_scale = vector_of(file, "voice.envelope_scale", 1)[0];
  profile.projection_mean = vector_of(file, "voice.projection_mean", kPhoneticStack);
  profile.projection = matrix_of(file, "voice.projection", kPhoneticStack, kIndexProjection);
  profile.index = matrix_of(file, "voice.index", -1, kIndexWidth);
  profile.envelopes = matrix_of(file, "voice.envelopes", profile.index.rows(), audio::kEnvelopeCepstra);
  if (profile.index.rows() < 1) {
    throw Error(ErrorCode::kCorruptData, "the voice has no moments to retrieve",
                "enrol the voice again: ./run voice add");
  }
  return profile;
}

void save_voice_profile(const VoiceProfile& profile, const std::filesystem::path& path) {
  TensorFile file;
  put_voice_profile(profile, file);
  write_tensor_file(path, file);
}

VoiceProfile load_voice_profile(const std::filesystem::path& path) {
  return get_voice_profile(read_tensor_file(path));
}

}  // namespace anima::voice
