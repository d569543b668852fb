// An enrolled voice: everything that conversion needs of a person's recording, computed once.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "audio/envelope_cepstrum.h"
#include "audio/vocoder_frames.h"
#include "core/tensor_file.h"
#include "voice/phonetic_frames.h"

namespace anima::voice {

inline constexpr int kIndexProjection = 48;  // principal components of the phonetic features
inline constexpr int kIndexWidth = kIndexProjection + audio::kEnvelopeCepstra;

// Pitch of a speaker: median and spread (half the distance of the 16th and the 84th percentile,
// which is the standard deviation of a normal distribution) of ln F0 over voiced frames.
struct PitchStatistics {
  float log_f0_median = 0;
  float log_f0_deviation = 0;
  float voiced_s = 0;
};

// What the recording is worth, for a person to read.
struct VoiceQuality {
  double recording_s = 0;
  double speech_s = 0;       // frames of speech
  double voiced_share = 0;   // of the frames of speech
  double clipped_share = 0;  // of all samples, at or over 0.98
  double noise_db = 0;       // level of the pauses relative to speech
  double median_pitch_hz = 0;
  double loudness_lufs = -18;  // EBU R 128, integrated
  std::string verdict;         // "good", "usable" or "poor"
  std::vector<std::string> warnings;
};

struct VoiceProfile {
  std::string name;
  std::string language;    // of the recording, primary tag of BCP 47; may be empty
  std::string transcript;  // may be empty
  std::string consent;     // who agreed, how and when; empty: not recorded
  VoiceQuality quality;
  // Source speakers that ARE this person, by language ("en" -> "flite-slt"): they speak for them
  // as they are, where conversion to oneself could only lose. Empty for everyone who was recorded.
  std::map<std::string, std::string> native;

  PhoneticNormalisation normalisation;
  PitchStatistics pitch;
  audio::BandAperiodicity voiced_aperiodicity_db{};  // mean over voiced frames
  RowVector envelope_mean;                           // [kEnvelopeCepstra], over speech
  RowVector envelope_deviation;
  RowVector floor;  // mean envelope of the pauses

  // Ridge regression from phonetic features to envelopes: [kPhoneticStack + 1][kEnvelopeCepstra],
  // the last row being the constant.
  RowMatrix regression;
  // Principal components: rows of the index are ((x - projection_mean) * projection, scaled
  // envelopes), see `VoiceConversion`.
  RowVector projection_mean;  // [kPhoneticStack]
  RowMatrix projection;       // [kPhoneticStack][kIndexProjection]
  RowMatrix index;            // [moment][kIndexWidth]
  float envelope_scale = 1;   // of the envelopes in the index
  RowMatrix envelopes;        // [moment][kEnvelopeCepstra]

  std::string consent_or_note() const { return consent.empty() ? "consent: not recorded" : consent; }
};

// Into tensors and metadata named "voice.*" of a file that may hold other things too (an avatar).
void put_voice_profile(const VoiceProfile& profile, TensorFile& file);
bool has_voice_profile(const TensorFile& file);
// Throws Error(kCorruptData) for shapes that do not fit together, kUnsupported for a newer version.
VoiceProfile get_voice_profile(const TensorFile& file);

void save_voice_profile(const VoiceProfile& profile, const std::filesystem::path& path);
VoiceProfile load_voice_profile(const std::filesystem::path& path);

// Median and spread of ln F0, octave errors (more than 0.7 from the median) left out.
PitchStatistics pitch_statistics(std::span<const float> f0_hz, double frame_period_s);

}  // namespace anima::voice
