// What is said, 100 times a second, in numbers that depend little on who says it: the space in
// which speech of a source speaker finds the matching moments of the enrolled voice.
#pragma once

#include <Eigen/Core>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audio/speech_features.h"

namespace anima::voice {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using RowVector = Eigen::Matrix<float, 1, Eigen::Dynamic, Eigen::RowMajor>;

// Square roots of the 126 phone-state posteriors (so that a scalar product is the Bhattacharyya
// overlap), then 13 cepstra normalised to the speaker and scaled by kCepstraWeight: the posteriors
// know English phonemes only, the cepstra carry the rest.
inline constexpr int kPhoneticFeatures = audio::kPhoneStates + audio::kCepstra;
inline constexpr int kPhoneticStack = 3 * kPhoneticFeatures;  // at -30, 0 and +30 ms
inline constexpr float kCepstraWeight = 0.2F;
inline constexpr double kPhoneticFramePeriod_s = 0.010;
inline constexpr double kPhoneticFrameCenter_s = 0.0128;  // middle of frame 0's window

// A speaker's microphone and throat: taken off each frame.
struct PhoneticNormalisation {
  audio::Cepstra cepstral_mean{};  // for the acoustic model
  audio::Cepstra mean{};           // of the cepstra less that mean, over speech
  audio::Cepstra deviation{};
};

struct PhoneticFrames {
  RowMatrix rows;                // [frame][kPhoneticFeatures]
  std::vector<float> energy_db;  // of full scale
  std::vector<float> silence;    // posterior of "silence" and "noise", 0 to 1
};

// Of a whole sound at 16 kHz. Its own normalisation is found, used and handed out.
PhoneticFrames phonetic_frames(const Sound& sound, std::shared_ptr<const audio::SenoneScorer> scorer,
                               PhoneticNormalisation& normalisation, const WorkContext& context);

// One row from a frame; `row` has kPhoneticFeatures values.
void fill_phonetic_row(const audio::SpeechFrame& frame, const PhoneticNormalisation& normalisation,
                       std::span<float> row);
float silence_share(const audio::SpeechFrame& frame);

// Which frames are speech: within 30 dB of the loud ones (95th percentile) and not mostly silence.
std::vector<bool> speech_frames(const PhoneticFrames& frames);

// Rows at the given times (seconds from the start of the sound), interpolated between frames and
// stacked: [times][kPhoneticStack]. Beyond the ends the last frame repeats.
RowMatrix stack_phonetic_rows(const RowMatrix& rows, std::span<const double> times_s);

}  // namespace anima::voice
