// What the mouth's predictors see of the sound: 50 rows a second.
#pragma once

#include <Eigen/Core>
#include <array>
#include <span>
#include <vector>

#include "audio/speech_features.h"
#include "core/tensor_file.h"
#include "motion/articulation.h"

namespace anima::motion {

// Square roots of the phone-state posteriors, cepstra, articulation and its logarithm.
inline constexpr int kPosteriorInputs = audio::kPhoneStates;
inline constexpr int kFirstArticulation = kPosteriorInputs + audio::kCepstra;
inline constexpr int kMouthInputs = kFirstArticulation + 2 * kArticulators;  // 153
inline constexpr int kMouthInputRateHz = 50;
using MouthInput = std::array<float, kMouthInputs>;

// The mean of two successive speech frames' inputs (row u: frames 2u and 2u + 1).
MouthInput mouth_input(const audio::SpeechFrame& first, const audio::SpeechFrame& second);

// Rows around film frame i: 2 i - kRowsBefore to 2 i + kRowsAfter. Sound that is needed ends
// 386 ms after the start of the frame (or 346 ms after its end).
inline constexpr int kRowsBefore = 20;
inline constexpr int kRowsAfter = 16;
inline constexpr int kWindowRows = kRowsBefore + 1 + kRowsAfter;
using InputWindow = Eigen::Matrix<float, kWindowRows, kMouthInputs, Eigen::RowMajor>;
using InputMatrix = Eigen::Matrix<float, Eigen::Dynamic, kMouthInputs, Eigen::RowMajor>;

// Brings every input to about the same size. Posteriors keep their zero: it means "not said".
struct InputNormaliser {
  MouthInput mean{};
  MouthInput scale{};

  static InputNormaliser learn(std::span<const MouthInput> inputs);
  MouthInput apply(const MouthInput& input) const;
  void save(TensorFile& file) const;  // "motion.input.*"
  static InputNormaliser load(const TensorFile& file);
};

// The window of film frame i of a whole sound; the first and last rows stand for what lies
// beyond the ends.
InputWindow window_at(const InputMatrix& rows, int film_frame);

// Rows of a whole sound: two per 25 Hz film frame, `film_frames` of them.
std::vector<MouthInput> mouth_inputs(std::span<const audio::SpeechFrame> frames, int film_frames);

}  // namespace anima::motion
