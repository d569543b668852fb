#include "motion/mouth_input.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace anima::motion {
namespace {

void add(MouthInput& input, const audio::SpeechFrame& frame) {
  float* out = input.data();
  for (const float p : frame.posteriors) *out++ += 0.5F * std::sqrt(std::max(0.0F, p));
  for (const float c : frame.cepstra) *out++ += 0.5F * c;
  const Articulation articulation = articulation_of(frame.posteriors);
  for (const float a : articulation) *out++ += 0.5F * a;
  for (const float a : articulation) *out++ += 0.5F * std::log(a + 1e-3F);
}

}  // namespace

MouthInput mouth_input(const audio::SpeechFrame& first, const audio::SpeechFrame& second) {
  MouthInput input{};
  add(input, first);
  add(input, second);
  return input;
}

InputNormaliser InputNormaliser::learn(std::span<const MouthInput> inputs) {
  InputNormaliser normaliser;
  for (int k = 0; k < kMouthInputs; ++k) {
    double sum = 0, squares = 0;
    for (const MouthInput& input : inputs) {
      sum += input[k];
      squares += static_cast<double>(input[k]) * input[k];
    }
    const double count = std::max<double>(1, static_cast<double>(inputs.size()));
    const double mean = sum / count;
    const double deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
    if (k < kPosteriorInputs) {
      normaliser.mean[k] = 0;
      normaliser.scale[k] = 2;
    } else {
      // Cepstra come mean-normalised: their zero is meant.
      const bool cepstrum = k < kFirstArticulation;
      normaliser.mean[k] = cepstrum ? 0 : static_cast<float>(mean);
      normaliser.scale[k] = static_cast<float>(1 / std::max(deviation, cepstrum ? 1.0 : 0.02));
    }
  }
  return normaliser;
}

MouthInput InputNormaliser::apply(const MouthInput& input) const {
  MouthInput result;
  // Far outside of anything heard in training (clicks, digital silence) the size says nothing.
  for (int k = 0; k < kMouthInputs; ++k) result[k] = std::clamp((input[k] - mean[k]) * scale[k], -5.0F, 5.0F);
  return result;
}

void InputNormaliser::save(TensorFile& file) const {
  file.put("motion.input.mean", {kMouthInputs}, std::span<const float>(mean));
  file.put("motion.input.scale", {kMouthInputs}, std::span<const float>(scale));
}

InputNormaliser InputNormaliser::load(const TensorFile& file) {
  const std::array<std::int64_t, 1> shape = {kMouthInputs};
  InputNormaliser normaliser;
  std::ranges::copy(file.floats("motion.input.mean", shape), normaliser.mean.begin());
  std::ranges::copy(file.floats("motion.input.scale", shape), normaliser.scale.begin());
  return normaliser;
}

InputWindow window_at(const InputMatrix& rows, int film_frame) {
  InputWindow window;
  const int last = static_cast<int>(rows.rows()) - 1;
  for (int r = 0; r < kWindowRows; ++r)
    window.row(r) = rows.row(std::clamp(2 * film_frame - kRowsBefore + r, 0, last));
  return window;
}

std::vector<MouthInput> mouth_inputs(std::span<const audio::SpeechFrame> frames, int film_frames) {
  if (frames.empty()) throw Error(ErrorCode::kUnusableInput, "there is no sound to learn the mouth from", "");
  std::vector<MouthInput> rows;
  rows.reserve(static_cast<std::size_t>(film_frames) * 2);
  const std::size_t last = frames.size() - 1;
  for (std::size_t u = 0; u < static_cast<std::size_t>(film_frames) * 2; ++u) {
    rows.push_back(mouth_input(frames[std::min(2 * u, last)], frames[std::min(2 * u + 1, last)]));
  }
  return rows;
}

}  // namespace anima::motion
